package kseg.isa;

/** The operand fields of an instruction word. */
public final class Fields {
    private Fields() {}

    /** Source register, bits 25..21; also the base register of a load or store. */
    public static int rs(int word) {
        return word >>> 21 & 31;
    }

    /** Target register, bits 20..16. */
    public static int rt(int word) {
        return word >>> 16 & 31;
    }

    /** Destination register, bits 15..11; also the register number of a coprocessor move. */
    public static int rd(int word) {
        return word >>> 11 & 31;
    }

    /** Shift amount, bits 10..6. */
    public static int sa(int word) {
        return word >>> 6 & 31;
    }

    /** Register select of MFC0 and MTC0, bits 2..0. MIPS-161 only: an R3000 ignores it. */
    public static int sel(int word) {
        return word & 7;
    }

    /** Immediate or offset, sign-extended. */
    public static int simm(int word) {
        return (short) word;
    }

    /** Immediate, zero-extended. */
    public static int zimm(int word) {
        return word & 0xffff;
    }

    /** Code of SYSCALL and BREAK, bits 25..6. */
    public static int code(int word) {
        return word >>> 6 & 0xfffff;
    }

    /** Coprocessor number of a coprocessor instruction, bits 27..26. */
    public static int cop(int word) {
        return word >>> 26 & 3;
    }

    /** Operation of a coprocessor instruction, bits 24..0. */
    public static int copOp(int word) {
        return word & 0x1ff_ffff;
    }

    /** Where a branch at vaddr {@code pc} goes: relative to its delay slot. */
    public static int branchTarget(int pc, int word) {
        return pc + 4 + (simm(word) << 2);
    }

    /** Where a J or JAL at vaddr {@code pc} goes: in the 256 MB region of its delay slot. */
    public static int jumpTarget(int pc, int word) {
        return pc + 4 & 0xf000_0000 | word << 6 >>> 4;
    }
}
