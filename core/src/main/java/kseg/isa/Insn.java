package kseg.isa;

import static kseg.isa.Trait.BYTE;
import static kseg.isa.Trait.DELAY_SLOT;
import static kseg.isa.Trait.HALF;
import static kseg.isa.Trait.LINK;
import static kseg.isa.Trait.LOADS;
import static kseg.isa.Trait.MAY_OVERFLOW;
import static kseg.isa.Trait.MIPS161_ONLY;
import static kseg.isa.Trait.PRIVILEGED;
import static kseg.isa.Trait.R3000A_ONLY;
import static kseg.isa.Trait.STORES;
import static kseg.isa.Trait.WORD;

import java.util.Locale;

/**
 * The instructions: encoding, operand roles and traits of each, one row per instruction. What a row
 * computes is the method of {@link Semantics} with the mnemonic's name.
 *
 * <p>A pattern names the fields of {@link Fields} by letter: s rs (b where it is a base register),
 * t rt, d rd, a sa, i immediate, j jump index, c code, e select, f coprocessor operation, o cache
 * operation. A dash is a bit that the processor ignores; manuals require zero there. Two patterns
 * are disjoint, or one contains the other and the more specific one wins: the rows COP0..COP3 and
 * RESERVED catch what is left over.
 *
 * <p>MIPS I instructions are described, each under its name, in appendix A of "MIPS RISC
 * Architecture" (Kane and Heinrich, the R3000 manual), cited here as R3000; floating point is its
 * appendix B, opcode tables are at the end of each. "MIPS-161" is the processor chapter of the
 * System/161 manual.
 */
public enum Insn {
    // spotless:off

    // Arithmetic and logic

    /** rd = rs + rt; overflow traps. R3000 A, ADD. */
    ADD    ("000000 sssss ttttt ddddd ----- 100000", Shape.R3, MAY_OVERFLOW),
    /** rd = rs + rt. R3000 A, ADDU. */
    ADDU   ("000000 sssss ttttt ddddd ----- 100001", Shape.R3),
    /** rd = rs - rt; overflow traps. R3000 A, SUB. */
    SUB    ("000000 sssss ttttt ddddd ----- 100010", Shape.R3, MAY_OVERFLOW),
    /** rd = rs - rt. R3000 A, SUBU. */
    SUBU   ("000000 sssss ttttt ddddd ----- 100011", Shape.R3),
    /** rd = rs AND rt. R3000 A, AND. */
    AND    ("000000 sssss ttttt ddddd ----- 100100", Shape.R3),
    /** rd = rs OR rt. R3000 A, OR. */
    OR     ("000000 sssss ttttt ddddd ----- 100101", Shape.R3),
    /** rd = rs XOR rt. R3000 A, XOR. */
    XOR    ("000000 sssss ttttt ddddd ----- 100110", Shape.R3),
    /** rd = NOT (rs OR rt). R3000 A, NOR. */
    NOR    ("000000 sssss ttttt ddddd ----- 100111", Shape.R3),
    /** rd = rs &lt; rt, signed. R3000 A, SLT. */
    SLT    ("000000 sssss ttttt ddddd ----- 101010", Shape.R3),
    /** rd = rs &lt; rt, unsigned. R3000 A, SLTU. */
    SLTU   ("000000 sssss ttttt ddddd ----- 101011", Shape.R3),

    /** rd = rt shifted left by sa. R3000 A, SLL. */
    SLL    ("000000 ----- ttttt ddddd aaaaa 000000", Shape.SHIFT),
    /** rd = rt shifted right by sa, filling with zeros. R3000 A, SRL. */
    SRL    ("000000 ----- ttttt ddddd aaaaa 000010", Shape.SHIFT),
    /** rd = rt shifted right by sa, filling with the sign. R3000 A, SRA. */
    SRA    ("000000 ----- ttttt ddddd aaaaa 000011", Shape.SHIFT),
    /** rd = rt shifted left by the low five bits of rs. R3000 A, SLLV. */
    SLLV   ("000000 sssss ttttt ddddd ----- 000100", Shape.SHIFTV),
    /** rd = rt shifted right by the low five bits of rs, filling with zeros. R3000 A, SRLV. */
    SRLV   ("000000 sssss ttttt ddddd ----- 000110", Shape.SHIFTV),
    /** rd = rt shifted right by the low five bits of rs, filling with the sign. R3000 A, SRAV. */
    SRAV   ("000000 sssss ttttt ddddd ----- 000111", Shape.SHIFTV),

    /** rt = rs + immediate; overflow traps. R3000 A, ADDI. */
    ADDI   ("001000 sssss ttttt iiiiiiiiiiiiiiii", Shape.IMM_SIGNED, MAY_OVERFLOW),
    /** rt = rs + immediate. R3000 A, ADDIU. */
    ADDIU  ("001001 sssss ttttt iiiiiiiiiiiiiiii", Shape.IMM_SIGNED),
    /** rt = rs &lt; immediate, signed. R3000 A, SLTI. */
    SLTI   ("001010 sssss ttttt iiiiiiiiiiiiiiii", Shape.IMM_SIGNED),
    /** rt = rs &lt; sign-extended immediate, unsigned. R3000 A, SLTIU. */
    SLTIU  ("001011 sssss ttttt iiiiiiiiiiiiiiii", Shape.IMM_SIGNED),
    /** rt = rs AND immediate. R3000 A, ANDI. */
    ANDI   ("001100 sssss ttttt iiiiiiiiiiiiiiii", Shape.IMM_ZERO),
    /** rt = rs OR immediate. R3000 A, ORI. */
    ORI    ("001101 sssss ttttt iiiiiiiiiiiiiiii", Shape.IMM_ZERO),
    /** rt = rs XOR immediate. R3000 A, XORI. */
    XORI   ("001110 sssss ttttt iiiiiiiiiiiiiiii", Shape.IMM_ZERO),
    /** rt = immediate in the upper half, zeros below. R3000 A, LUI. */
    LUI    ("001111 ----- ttttt iiiiiiiiiiiiiiii", Shape.LUI),

    /** HI, LO = rs * rt, signed. R3000 A, MULT. */
    MULT   ("000000 sssss ttttt ----- ----- 011000", Shape.MUL_DIV),
    /** HI, LO = rs * rt, unsigned. R3000 A, MULTU. */
    MULTU  ("000000 sssss ttttt ----- ----- 011001", Shape.MUL_DIV),
    /** LO = rs / rt, HI = remainder, signed; never traps. R3000 A, DIV. */
    DIV    ("000000 sssss ttttt ----- ----- 011010", Shape.MUL_DIV),
    /** LO = rs / rt, HI = remainder, unsigned; never traps. R3000 A, DIVU. */
    DIVU   ("000000 sssss ttttt ----- ----- 011011", Shape.MUL_DIV),
    /** rd = HI. R3000 A, MFHI. */
    MFHI   ("000000 ----- ----- ddddd ----- 010000", Shape.FROM_HILO),
    /** HI = rs. R3000 A, MTHI. */
    MTHI   ("000000 sssss ----- ----- ----- 010001", Shape.TO_HILO),
    /** rd = LO. R3000 A, MFLO. */
    MFLO   ("000000 ----- ----- ddddd ----- 010010", Shape.FROM_HILO),
    /** LO = rs. R3000 A, MTLO. */
    MTLO   ("000000 sssss ----- ----- ----- 010011", Shape.TO_HILO),

    // Transfer of control

    /** Jumps. R3000 A, J. */
    J      ("000010 jjjjjjjjjjjjjjjjjjjjjjjjjj", Shape.JUMP, DELAY_SLOT),
    /** Jumps and links. R3000 A, JAL. */
    JAL    ("000011 jjjjjjjjjjjjjjjjjjjjjjjjjj", Shape.JUMP, DELAY_SLOT, LINK),
    /** Jumps to rs. R3000 A, JR. */
    JR     ("000000 sssss ----- ----- ----- 001000", Shape.JUMP_REG, DELAY_SLOT),
    /** Jumps to rs and links in rd. R3000 A, JALR. */
    JALR   ("000000 sssss ----- ddddd ----- 001001", Shape.JUMP_REG, DELAY_SLOT, LINK),
    /** Branches if rs = rt. R3000 A, BEQ. */
    BEQ    ("000100 sssss ttttt iiiiiiiiiiiiiiii", Shape.BRANCH2, DELAY_SLOT),
    /** Branches if rs and rt differ. R3000 A, BNE. */
    BNE    ("000101 sssss ttttt iiiiiiiiiiiiiiii", Shape.BRANCH2, DELAY_SLOT),
    /** Branches if rs &lt;= 0. R3000 A, BLEZ. */
    BLEZ   ("000110 sssss ----- iiiiiiiiiiiiiiii", Shape.BRANCH1, DELAY_SLOT),
    /** Branches if rs &gt; 0. R3000 A, BGTZ. */
    BGTZ   ("000111 sssss ----- iiiiiiiiiiiiiiii", Shape.BRANCH1, DELAY_SLOT),
    /** Branches if rs &lt; 0. R3000 A, BLTZ. */
    BLTZ   ("000001 sssss 00000 iiiiiiiiiiiiiiii", Shape.BRANCH1, DELAY_SLOT),
    /** Branches if rs &gt;= 0. R3000 A, BGEZ. */
    BGEZ   ("000001 sssss 00001 iiiiiiiiiiiiiiii", Shape.BRANCH1, DELAY_SLOT),
    /** Links, and branches if rs &lt; 0. R3000 A, BLTZAL. */
    BLTZAL ("000001 sssss 10000 iiiiiiiiiiiiiiii", Shape.BRANCH1, DELAY_SLOT, LINK),
    /** Links, and branches if rs &gt;= 0. R3000 A, BGEZAL. */
    BGEZAL ("000001 sssss 10001 iiiiiiiiiiiiiiii", Shape.BRANCH1, DELAY_SLOT, LINK),
    /** Raises the system call exception. R3000 A, SYSCALL. */
    SYSCALL("000000 cccccccccccccccccccc 001100", Shape.TRAP),
    /** Raises the breakpoint exception. R3000 A, BREAK. */
    BREAK  ("000000 cccccccccccccccccccc 001101", Shape.TRAP),

    // Memory

    /** rt = byte, sign-extended. R3000 A, LB. */
    LB     ("100000 bbbbb ttttt iiiiiiiiiiiiiiii", Shape.LOAD, LOADS, BYTE),
    /** rt = halfword, sign-extended. R3000 A, LH. */
    LH     ("100001 bbbbb ttttt iiiiiiiiiiiiiiii", Shape.LOAD, LOADS, HALF),
    /** rt = left part of an unaligned word, rest kept. R3000 A, LWL. */
    LWL    ("100010 bbbbb ttttt iiiiiiiiiiiiiiii", Shape.LOAD_MERGE, LOADS, WORD),
    /** rt = word. R3000 A, LW. */
    LW     ("100011 bbbbb ttttt iiiiiiiiiiiiiiii", Shape.LOAD, LOADS, WORD),
    /** rt = byte, zero-extended. R3000 A, LBU. */
    LBU    ("100100 bbbbb ttttt iiiiiiiiiiiiiiii", Shape.LOAD, LOADS, BYTE),
    /** rt = halfword, zero-extended. R3000 A, LHU. */
    LHU    ("100101 bbbbb ttttt iiiiiiiiiiiiiiii", Shape.LOAD, LOADS, HALF),
    /** rt = right part of an unaligned word, rest kept. R3000 A, LWR. */
    LWR    ("100110 bbbbb ttttt iiiiiiiiiiiiiiii", Shape.LOAD_MERGE, LOADS, WORD),
    /** Stores the low byte of rt. R3000 A, SB. */
    SB     ("101000 bbbbb ttttt iiiiiiiiiiiiiiii", Shape.STORE, STORES, BYTE),
    /** Stores the low halfword of rt. R3000 A, SH. */
    SH     ("101001 bbbbb ttttt iiiiiiiiiiiiiiii", Shape.STORE, STORES, HALF),
    /** Stores the left part of rt into an unaligned word. R3000 A, SWL. */
    SWL    ("101010 bbbbb ttttt iiiiiiiiiiiiiiii", Shape.STORE_MERGE, STORES, WORD),
    /** Stores rt. R3000 A, SW. */
    SW     ("101011 bbbbb ttttt iiiiiiiiiiiiiiii", Shape.STORE, STORES, WORD),
    /** Stores the right part of rt into an unaligned word. R3000 A, SWR. */
    SWR    ("101110 bbbbb ttttt iiiiiiiiiiiiiiii", Shape.STORE_MERGE, STORES, WORD),
    /** rt = word, remembered for SC. MIPS-161, LL. */
    LL     ("110000 bbbbb ttttt iiiiiiiiiiiiiiii", Shape.LL, LOADS, WORD, MIPS161_ONLY),
    /** Stores rt if the word is as LL found it; rt = success. MIPS-161, SC. */
    SC     ("111000 bbbbb ttttt iiiiiiiiiiiiiiii", Shape.SC, LOADS, STORES, WORD, MIPS161_ONLY),
    /** Orders memory accesses; they always are. MIPS-161, SYNC. */
    SYNC   ("000000 ----- ----- ----- ----- 001111", Shape.SYNC, MIPS161_ONLY),
    /** Cache operation; "hit" operations (4..7) translate the address. MIPS-161, CACHE. */
    CACHE  ("101111 bbbbb ooooo iiiiiiiiiiiiiiii", Shape.CACHE, PRIVILEGED, MIPS161_ONLY),

    // Coprocessor 0: memory management and exceptions

    /** rt = CP0 register rd, select. R3000 A, MFCz; the select is MIPS-161's. */
    MFC0   ("010000 00000 ttttt ddddd -------- eee", Shape.COP_MOVE, PRIVILEGED),
    /** CP0 register rd, select = rt. R3000 A, MTCz; the select is MIPS-161's. */
    MTC0   ("010000 00100 ttttt ddddd -------- eee", Shape.COP_MOVE, PRIVILEGED),
    /** rt = CP0 control register rd; CP0 has none: CpU on MIPS-161. R3000 A, CFCz. */
    CFC0   ("010000 00010 ttttt ddddd -----------", Shape.COP_MOVE, PRIVILEGED),
    /** CP0 control register rd = rt; CP0 has none: CpU on MIPS-161. R3000 A, CTCz. */
    CTC0   ("010000 00110 ttttt ddddd -----------", Shape.COP_MOVE, PRIVILEGED),
    /** Branches if the CP0 condition line is low; CpU on MIPS-161. R3000 A, BCzF. */
    BC0F   ("010000 01-00 ----0 iiiiiiiiiiiiiiii", Shape.COP_BRANCH, DELAY_SLOT, PRIVILEGED),
    /** Branches if the CP0 condition line is high; CpU on MIPS-161. R3000 A, BCzT. */
    BC0T   ("010000 01-00 ----1 iiiiiiiiiiiiiiii", Shape.COP_BRANCH, DELAY_SLOT, PRIVILEGED),
    /** EntryHi, EntryLo = TLB entry at Index. R3000 A, TLBR. */
    TLBR   ("010000 1 0000000000000000000000001", Shape.COP_OP, PRIVILEGED),
    /** TLB entry at Index = EntryHi, EntryLo. R3000 A, TLBWI. */
    TLBWI  ("010000 1 0000000000000000000000010", Shape.COP_OP, PRIVILEGED),
    /** TLB entry at Random = EntryHi, EntryLo. R3000 A, TLBWR. */
    TLBWR  ("010000 1 0000000000000000000000110", Shape.COP_OP, PRIVILEGED),
    /** Index = the TLB entry that matches EntryHi. R3000 A, TLBP. */
    TLBP   ("010000 1 0000000000000000000001000", Shape.COP_OP, PRIVILEGED),
    /** Pops the stack of mode and interrupt-enable bits in Status. R3000 A, RFE. */
    RFE    ("010000 1 0000000000000000000010000", Shape.COP_OP, PRIVILEGED),
    /** Idles until an interrupt line rises. MIPS-161, WAIT. */
    WAIT   ("010000 1 0000000000000000000100000", Shape.COP_OP, PRIVILEGED, MIPS161_ONLY),
    /** Any other operation of CP0: unusable in user mode, else reserved. R3000 A, COPz. */
    COP0   ("010000 ffffffffffffffffffffffffff", Shape.COP_OP, PRIVILEGED),

    // Coprocessors 1 (floating point), 2 and 3. System/161 has none of them

    /** rt = FPU register rd. R3000 A, MFCz; B, MFC1. */
    MFC1   ("010001 00000 ttttt ddddd -----------", Shape.COP_MOVE, R3000A_ONLY),
    /** FPU register rd = rt. R3000 A, MTCz; B, MTC1. */
    MTC1   ("010001 00100 ttttt ddddd -----------", Shape.COP_MOVE, R3000A_ONLY),
    /** rt = FPU control register rd. R3000 A, CFCz; B, CFC1. */
    CFC1   ("010001 00010 ttttt ddddd -----------", Shape.COP_MOVE, R3000A_ONLY),
    /** FPU control register rd = rt. R3000 A, CTCz; B, CTC1. */
    CTC1   ("010001 00110 ttttt ddddd -----------", Shape.COP_MOVE, R3000A_ONLY),
    /** Branches if the FPU condition is false. R3000 A, BCzF; B, BC1F. */
    BC1F   ("010001 01-00 ----0 iiiiiiiiiiiiiiii", Shape.COP_BRANCH, DELAY_SLOT, R3000A_ONLY),
    /** Branches if the FPU condition is true. R3000 A, BCzT; B, BC1T. */
    BC1T   ("010001 01-00 ----1 iiiiiiiiiiiiiiii", Shape.COP_BRANCH, DELAY_SLOT, R3000A_ONLY),
    /** Any other operation of coprocessor 1. R3000 A, COPz. */
    COP1   ("010001 ffffffffffffffffffffffffff", Shape.COP_OP),
    /** Any operation of coprocessor 2. R3000 A, COPz. */
    COP2   ("010010 ffffffffffffffffffffffffff", Shape.COP_OP),
    /** Any operation of coprocessor 3. R3000 A, COPz. */
    COP3   ("010011 ffffffffffffffffffffffffff", Shape.COP_OP),
    /** FPU register rt = word. R3000 A, LWCz. */
    LWC1   ("110001 bbbbb ttttt iiiiiiiiiiiiiiii", Shape.COP_LOAD_STORE, LOADS, WORD),
    /** Coprocessor 2 register rt = word. R3000 A, LWCz. */
    LWC2   ("110010 bbbbb ttttt iiiiiiiiiiiiiiii", Shape.COP_LOAD_STORE, LOADS, WORD),
    /** Coprocessor 3 register rt = word. R3000 A, LWCz. */
    LWC3   ("110011 bbbbb ttttt iiiiiiiiiiiiiiii", Shape.COP_LOAD_STORE, LOADS, WORD),
    /** Stores FPU register rt. R3000 A, SWCz. */
    SWC1   ("111001 bbbbb ttttt iiiiiiiiiiiiiiii", Shape.COP_LOAD_STORE, STORES, WORD),
    /** Stores coprocessor 2 register rt. R3000 A, SWCz. */
    SWC2   ("111010 bbbbb ttttt iiiiiiiiiiiiiiii", Shape.COP_LOAD_STORE, STORES, WORD),
    /** Stores coprocessor 3 register rt. R3000 A, SWCz. */
    SWC3   ("111011 bbbbb ttttt iiiiiiiiiiiiiiii", Shape.COP_LOAD_STORE, STORES, WORD),

    /** Every other word: raises the reserved instruction exception. R3000 A, opcode tables. */
    RESERVED("--------------------------------", Shape.RESERVED);

    // spotless:on

    private final String pattern;
    private final Shape shape;

    /** A bit for each {@link Trait}. */
    private final int traits;

    private final String mnemonic;
    private final int match;
    private final int mask;

    Insn(String pattern, Shape shape, Trait... traits) {
        this.pattern = pattern;
        this.shape = shape;
        int bits = 0;
        for (Trait trait : traits) {
            bits |= 1 << trait.ordinal();
        }
        this.traits = bits;
        this.mnemonic = name().toLowerCase(Locale.ROOT);
        int ones = 0;
        int fixed = 0;
        for (int i = 0; i < pattern.length(); i++) {
            char bit = pattern.charAt(i);
            if (bit != ' ') {
                ones = ones << 1 | (bit == '1' ? 1 : 0);
                fixed = fixed << 1 | (bit == '0' || bit == '1' ? 1 : 0);
            }
        }
        this.match = ones;
        this.mask = fixed;
    }

    /** The encoding, as written in the table. */
    public String pattern() {
        return pattern;
    }

    public Shape shape() {
        return shape;
    }

    public boolean has(Trait trait) {
        return (traits >>> trait.ordinal() & 1) != 0;
    }

    /** The name in assembly language. */
    public String mnemonic() {
        return mnemonic;
    }

    /** Values of the fixed bits; the others are zero. */
    public int match() {
        return match;
    }

    /** Which bits are fixed. */
    public int mask() {
        return mask;
    }

    /** Whether a word of which only some bits are known can be this instruction. */
    boolean matches(int word, int knownBits) {
        return ((word ^ match) & mask & knownBits) == 0;
    }
}
