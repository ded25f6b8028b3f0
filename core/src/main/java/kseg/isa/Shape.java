package kseg.isa;

/**
 * The operand roles of an instruction: which fields it reads, what its {@link Semantics} method
 * takes and where the result goes.
 *
 * <p>{@link #descriptor()} is the JVM type of the method in {@link Semantics} that has the
 * mnemonic's name. Shapes that only move values, transfer control unconditionally or talk to the
 * coprocessors compute nothing, have no such method, and are the engine's alone.
 */
public enum Shape {
    /** rd = f(rs, rt). */
    R3("(II)I"),
    /** rd = f(rt, sa). */
    SHIFT("(II)I"),
    /** rd = f(rt, rs): a shift by the low five bits of rs. */
    SHIFTV("(II)I"),
    /** rt = f(rs, sign-extended immediate). */
    IMM_SIGNED("(II)I"),
    /** rt = f(rs, zero-extended immediate). */
    IMM_ZERO("(II)I"),
    /** rt = f(immediate). */
    LUI("(I)I"),
    /** HI and LO, as one long, = f(rs, rt). */
    MUL_DIV("(II)J"),
    /** rd = HI or LO. */
    FROM_HILO,
    /** HI or LO = rs. */
    TO_HILO,
    /** Branches if f(rs, rt). */
    BRANCH2("(II)Z"),
    /** Branches if f(rs). */
    BRANCH1("(I)Z"),
    /** Jumps within the 256 MB of the delay slot. */
    JUMP,
    /** Jumps to rs. */
    JUMP_REG,
    /** rt = f(byte, halfword or word at base + offset). */
    LOAD("(I)I"),
    /** rt = f(rt, aligned word, vaddr); two methods, one per byte order. */
    LOAD_MERGE("(III)I"),
    /** Memory at base + offset = low bits of rt. */
    STORE,
    /** Aligned word = f(rt, aligned word, vaddr); two methods, one per byte order. */
    STORE_MERGE("(III)I"),
    /** Load linked. */
    LL,
    /** Store conditional. */
    SC,
    /** System call or breakpoint. */
    TRAP,
    /** Memory barrier. */
    SYNC,
    /** Moves between rt and coprocessor register rd. */
    COP_MOVE,
    /** Branches on a coprocessor's condition line. */
    COP_BRANCH,
    /** An operation inside a coprocessor. */
    COP_OP,
    /** Moves a word between memory and a coprocessor register. */
    COP_LOAD_STORE,
    /** Cache operation on base + offset. */
    CACHE,
    /** No instruction. */
    RESERVED;

    private final String descriptor;

    Shape() {
        this("");
    }

    Shape(String descriptor) {
        this.descriptor = descriptor;
    }

    /** JVM type of the method in {@link Semantics}; empty if there is none. */
    public String descriptor() {
        return descriptor;
    }

    /** Whether there is one method per byte order, named mnemonicBig and mnemonicLittle. */
    public boolean dependsOnByteOrder() {
        return this == LOAD_MERGE || this == STORE_MERGE;
    }
}
