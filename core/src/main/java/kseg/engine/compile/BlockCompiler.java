package kseg.engine.compile;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import kseg.cpu.Cpu;
import kseg.isa.Insn;
import kseg.isa.Semantics;
import kseg.isa.Shape;
import kseg.isa.Trait;

/**
 * Translates one block to a hidden class. What an instruction computes is a call of its {@link
 * Semantics} method, which HotSpot inlines; this class knows only where operands come from and
 * results go.
 *
 * <p>A slow condition jumps to a side exit behind the block's code, which never comes back.
 */
final class BlockCompiler {
    static {
        // JDK 25.0.3 initialises java.lang.constant wrongly unless this is touched first
        // (DESIGN.md 8); BlockCompilerTest has a JVM that touches nothing before.
        Objects.requireNonNull(ConstantDescs.CD_int);
    }

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final Insn[] INSNS = Insn.values();

    private static final ClassDesc CD_SEMANTICS = describe(Semantics.class);
    private static final ClassDesc CD_CPU = describe(Cpu.class);
    private static final ClassDesc CD_BLOCK = describe(Block.class);
    private static final ClassDesc CD_BYTES = describe(GuestBytes.class);
    private static final ClassDesc CD_THIS =
            ClassDesc.of(BlockCompiler.class.getPackageName(), "CompiledBlock");

    private static final MethodTypeDesc RUN =
            MethodTypeDesc.ofDescriptor("(Lkseg/cpu/Cpu;[I[B[I[II)I");
    private static final MethodTypeDesc LEAVE = MethodTypeDesc.ofDescriptor("(Lkseg/cpu/Cpu;II)I");
    private static final MethodTypeDesc LEAVE_IN_SLOT =
            MethodTypeDesc.ofDescriptor("(Lkseg/cpu/Cpu;III)I");
    private static final MethodTypeDesc GET = MethodTypeDesc.ofDescriptor("([BI)I");
    private static final MethodTypeDesc PUT = MethodTypeDesc.ofDescriptor("([BII)V");
    private static final MethodTypeDesc MERGE = MethodTypeDesc.ofDescriptor("(III)I");

    /** Local variables of the generated method; the first are its parameters. */
    private static final int L_CPU = 1;

    private static final int L_REGISTERS = 2;
    private static final int L_MEMORY = 3;
    private static final int L_READ_MAP = 4;
    private static final int L_WRITE_MAP = 5;
    private static final int L_OUTSIDE = 6;
    private static final int L_PC = 7;
    private static final int L_TARGET = 8;
    private static final int L_VADDR = 9;
    private static final int L_POOL_ADDRESS = 10;
    private static final int L_HI_LO = 11;

    private static final int RA = 31;

    /** A side exit before instruction {@code index} of the block. */
    private record SideExit(Label label, int index, boolean inSlot) {}

    private final CodeBuilder code;
    private final List<SideExit> exits = new ArrayList<>();

    /** Index in the block, and in its page, of the instruction being translated. */
    private int index;

    private int wordInPage;
    private boolean inSlot;

    private BlockCompiler(CodeBuilder code) {
        this.code = code;
    }

    /** Compiles {@code length} instructions of a decoded page. */
    static Block compile(long[] page, int start, int length) {
        try {
            var lookup = LOOKUP.defineHiddenClass(translate(page, start, length), true);
            return (Block)
                    lookup.findConstructor(lookup.lookupClass(), MethodType.methodType(void.class))
                            .invoke();
        } catch (Throwable e) { // MethodHandle.invoke declares nothing narrower
            throw new IllegalStateException("cannot define a compiled block", e);
        }
    }

    /** The class file of a block. */
    static byte[] translate(long[] page, int start, int length) {
        return ClassFile.of()
                .build(
                        CD_THIS,
                        type ->
                                type.withFlags(ClassFile.ACC_FINAL)
                                        .withSuperclass(CD_BLOCK)
                                        .withMethodBody(
                                                ConstantDescs.INIT_NAME,
                                                ConstantDescs.MTD_void,
                                                0,
                                                BlockCompiler::constructor)
                                        .withMethodBody(
                                                "run",
                                                RUN,
                                                0,
                                                code ->
                                                        new BlockCompiler(code)
                                                                .block(page, start, length)));
    }

    private static void constructor(CodeBuilder code) {
        code.aload(0)
                .invokespecial(CD_BLOCK, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                .return_();
    }

    private void block(long[] page, int start, int length) {
        code.aload(L_CPU).getfield(CD_CPU, "pc", ConstantDescs.CD_int).istore(L_PC);
        for (index = 0; index < length; index++) {
            wordInPage = start + index;
            boolean branched = instruction(page[wordInPage]);
            inSlot = branched;
        }
        boolean endsInBranch = length >= 2 && isBranch(page[start + length - 2]);
        code.aload(L_CPU);
        if (endsInBranch) {
            code.iload(L_TARGET);
        } else {
            vaddr(length);
        }
        code.loadConstant(length).invokestatic(CD_BLOCK, "leave", LEAVE).ireturn();
        exits.forEach(this::sideExit);
    }

    private static boolean isBranch(long w) {
        return INSNS[Decoded.op(w)].has(Trait.DELAY_SLOT);
    }

    private void sideExit(SideExit exit) {
        code.labelBinding(exit.label).aload(L_CPU);
        vaddr(exit.index);
        if (exit.inSlot) {
            code.iload(L_TARGET)
                    .loadConstant(exit.index)
                    .invokestatic(CD_BLOCK, "leaveInSlot", LEAVE_IN_SLOT);
        } else {
            code.loadConstant(exit.index).invokestatic(CD_BLOCK, "leave", LEAVE);
        }
        code.ireturn();
    }

    private Label exitHere() {
        var exit = new SideExit(code.newLabel(), index, inSlot);
        exits.add(exit);
        return exit.label;
    }

    /** Translates one instruction; says whether it is a branch, so that a delay slot follows. */
    private boolean instruction(long w) {
        Insn insn = INSNS[Decoded.op(w)];
        switch (insn.shape()) {
            case R3 -> alu(insn, w, () -> pushRegister(Decoded.b(w)));
            case IMM_SIGNED, IMM_ZERO -> alu(insn, w, () -> pushImmediate(w));
            case SHIFT ->
                    set(
                            Decoded.d(w),
                            () -> {
                                pushRegister(Decoded.b(w));
                                pushImmediate(w);
                                semantics(insn);
                            });
            case SHIFTV ->
                    set(
                            Decoded.d(w),
                            () -> {
                                pushRegister(Decoded.b(w));
                                pushRegister(Decoded.a(w));
                                semantics(insn);
                            });
            case LUI ->
                    set(
                            Decoded.d(w),
                            () -> {
                                pushImmediate(w);
                                semantics(insn);
                            });
            case MUL_DIV -> multiply(insn, w);
            case FROM_HILO -> set(Decoded.d(w), () -> pushRegister(hiLo(insn)));
            case TO_HILO -> set(hiLo(insn), () -> pushRegister(Decoded.a(w)));
            case LOAD, LOAD_MERGE -> load(insn, w);
            case STORE, STORE_MERGE -> store(insn, w);
            case BRANCH1, BRANCH2 -> branch(insn, w);
            case JUMP -> jump(insn, w);
            case JUMP_REG -> jumpRegister(insn, w);
            default -> throw new IllegalArgumentException(insn + " is not ordinary");
        }
        return isBranch(w);
    }

    // Arithmetic

    private void alu(Insn insn, long w, Runnable pushRight) {
        if (insn.has(Trait.MAY_OVERFLOW)) {
            pushRegister(Decoded.a(w));
            pushRight.run();
            code.invokestatic(
                    CD_SEMANTICS,
                    insn.mnemonic() + "Overflows",
                    MethodTypeDesc.ofDescriptor("(II)Z"));
            code.ifne(exitHere());
        }
        set(
                Decoded.d(w),
                () -> {
                    pushRegister(Decoded.a(w));
                    pushRight.run();
                    semantics(insn);
                });
    }

    private void multiply(Insn insn, long w) {
        pushRegister(Decoded.a(w));
        pushRegister(Decoded.b(w));
        semantics(insn);
        code.lstore(L_HI_LO);
        set(Cpu.HI, () -> code.lload(L_HI_LO).loadConstant(32).lushr().l2i());
        set(Cpu.LO, () -> code.lload(L_HI_LO).l2i());
    }

    private static int hiLo(Insn insn) {
        return insn == Insn.MFHI || insn == Insn.MTHI ? Cpu.HI : Cpu.LO;
    }

    // Memory

    private void load(Insn insn, long w) {
        String order = Decoded.variant(w) ? "Little" : "Big";
        address(insn, w, L_READ_MAP);
        if (insn.shape().dependsOnByteOrder()) {
            set(
                    Decoded.d(w),
                    () -> {
                        pushRegister(Decoded.b(w));
                        pushAlignedWord(order);
                        code.iload(L_VADDR);
                        code.invokestatic(CD_SEMANTICS, insn.mnemonic() + order, MERGE);
                    });
        } else {
            set(
                    Decoded.d(w),
                    () -> {
                        code.aload(L_MEMORY).iload(L_POOL_ADDRESS);
                        code.invokestatic(CD_BYTES, unit(insn, order), GET);
                        semantics(insn);
                    });
        }
    }

    private void store(Insn insn, long w) {
        String order = Decoded.variant(w) ? "Little" : "Big";
        address(insn, w, L_WRITE_MAP);
        code.aload(L_MEMORY);
        if (insn.shape().dependsOnByteOrder()) {
            pushAlignedAddress();
            pushRegister(Decoded.b(w));
            pushAlignedWord(order);
            code.iload(L_VADDR);
            code.invokestatic(CD_SEMANTICS, insn.mnemonic() + order, MERGE);
            code.invokestatic(CD_BYTES, "putWord" + order, PUT);
        } else {
            code.iload(L_POOL_ADDRESS);
            pushRegister(Decoded.b(w));
            String unit = unit(insn, order);
            String put = "put" + Character.toUpperCase(unit.charAt(0)) + unit.substring(1);
            code.invokestatic(CD_BYTES, put, PUT);
        }
    }

    /** Computes virtual and pool address; leaves if the page is absent or the alignment wrong. */
    private void address(Insn insn, long w, int map) {
        pushRegister(Decoded.a(w));
        pushImmediate(w);
        code.iadd().dup().istore(L_VADDR);
        code.aload(map).iload(L_VADDR).loadConstant(12).iushr().iaload();
        code.iadd().dup().istore(L_POOL_ADDRESS);
        code.iload(L_OUTSIDE);
        int alignment = alignment(insn);
        if (alignment != 0) {
            code.loadConstant(alignment).ior();
        }
        code.iand().ifne(exitHere());
    }

    private static int alignment(Insn insn) {
        if (insn.has(Trait.BYTE) || insn.shape().dependsOnByteOrder()) {
            return 0;
        }
        return insn.has(Trait.HALF) ? 1 : 3;
    }

    private static String unit(Insn insn, String order) {
        if (insn.has(Trait.BYTE)) {
            return "byteAt";
        }
        return (insn.has(Trait.HALF) ? "half" : "word") + order;
    }

    private void pushAlignedAddress() {
        code.iload(L_POOL_ADDRESS).loadConstant(~3).iand();
    }

    private void pushAlignedWord(String order) {
        code.aload(L_MEMORY);
        pushAlignedAddress();
        code.invokestatic(CD_BYTES, "word" + order, GET);
    }

    // Control

    private void branch(Insn insn, long w) {
        pushRegister(Decoded.a(w));
        if (insn.shape() == Shape.BRANCH2) {
            pushRegister(Decoded.b(w));
        }
        semantics(insn);
        Label taken = code.newLabel();
        Label decided = code.newLabel();
        code.ifne(taken);
        vaddr(index + 2);
        code.goto_(decided).labelBinding(taken);
        vaddr(Decoded.immediate(w) - wordInPage + index);
        code.labelBinding(decided).istore(L_TARGET);
        link(insn, RA);
    }

    /** The decoded target has only the bits below 28; the others are the delay slot's. */
    private void jump(Insn insn, long w) {
        vaddr(index + 1);
        code.loadConstant(0xf0000000).iand();
        pushImmediate(w);
        code.ior().istore(L_TARGET);
        link(insn, RA);
    }

    private void jumpRegister(Insn insn, long w) {
        pushRegister(Decoded.a(w));
        code.istore(L_TARGET);
        link(insn, Decoded.d(w));
    }

    private void link(Insn insn, int register) {
        if (insn.has(Trait.LINK)) {
            set(register, () -> vaddr(index + 2));
        }
    }

    // Operands

    /** Pushes the virtual address {@code words} words behind the block's start. */
    private void vaddr(int words) {
        code.iload(L_PC).loadConstant(4 * words).iadd();
    }

    private void pushRegister(int register) {
        code.aload(L_REGISTERS).loadConstant(register).iaload();
    }

    private void pushImmediate(long w) {
        code.loadConstant(Decoded.immediate(w));
    }

    private void set(int register, Runnable pushValue) {
        code.aload(L_REGISTERS).loadConstant(register);
        pushValue.run();
        code.iastore();
    }

    private void semantics(Insn insn) {
        code.invokestatic(
                CD_SEMANTICS,
                insn.mnemonic(),
                MethodTypeDesc.ofDescriptor(insn.shape().descriptor()));
    }

    private static ClassDesc describe(Class<?> type) {
        return ClassDesc.of(type.getName());
    }
}
