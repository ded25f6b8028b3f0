package kseg.isa;

/**
 * What each instruction computes, as pure functions of its operands.
 *
 * <p>Nothing here knows which engine uses it, and every engine does: the interpreter calls the
 * methods, each within 35 bytes of bytecode, so that HotSpot inlines them (MaxInlineSize); the
 * compiler copies their bytecode, so none assigns to its parameters. The method of an {@link Insn}
 * has its mnemonic's name and the type its {@link Shape} prescribes; {@code xOverflows} says
 * whether {@code x} traps instead.
 *
 * <p>A pair HI, LO is a long with HI in the upper half.
 */
public final class Semantics {
    private Semantics() {}

    // Three registers

    public static int add(int rs, int rt) {
        return rs + rt;
    }

    /** Two's complement overflow: both operands differ in sign from the result. */
    public static boolean addOverflows(int rs, int rt) {
        int sum = rs + rt;
        return ((rs ^ sum) & (rt ^ sum)) < 0;
    }

    public static int addu(int rs, int rt) {
        return rs + rt;
    }

    public static int sub(int rs, int rt) {
        return rs - rt;
    }

    /** The operands differ in sign, and the result's sign is not the minuend's. */
    public static boolean subOverflows(int rs, int rt) {
        return ((rs ^ rt) & (rs ^ rs - rt)) < 0;
    }

    public static int subu(int rs, int rt) {
        return rs - rt;
    }

    public static int and(int rs, int rt) {
        return rs & rt;
    }

    public static int or(int rs, int rt) {
        return rs | rt;
    }

    public static int xor(int rs, int rt) {
        return rs ^ rt;
    }

    public static int nor(int rs, int rt) {
        return ~(rs | rt);
    }

    public static int slt(int rs, int rt) {
        return rs < rt ? 1 : 0;
    }

    public static int sltu(int rs, int rt) {
        return Integer.compareUnsigned(rs, rt) < 0 ? 1 : 0;
    }

    // Shifts. Java too takes the amount modulo 32.

    public static int sll(int rt, int sa) {
        return rt << sa;
    }

    public static int srl(int rt, int sa) {
        return rt >>> sa;
    }

    public static int sra(int rt, int sa) {
        return rt >> sa;
    }

    public static int sllv(int rt, int rs) {
        return rt << rs;
    }

    public static int srlv(int rt, int rs) {
        return rt >>> rs;
    }

    public static int srav(int rt, int rs) {
        return rt >> rs;
    }

    // Immediates: already extended as the shape says

    public static int addi(int rs, int imm) {
        return rs + imm;
    }

    public static boolean addiOverflows(int rs, int imm) {
        return addOverflows(rs, imm);
    }

    public static int addiu(int rs, int imm) {
        return rs + imm;
    }

    public static int slti(int rs, int imm) {
        return rs < imm ? 1 : 0;
    }

    /** The immediate is sign-extended, then compared as unsigned. */
    public static int sltiu(int rs, int imm) {
        return Integer.compareUnsigned(rs, imm) < 0 ? 1 : 0;
    }

    public static int andi(int rs, int imm) {
        return rs & imm;
    }

    public static int ori(int rs, int imm) {
        return rs | imm;
    }

    public static int xori(int rs, int imm) {
        return rs ^ imm;
    }

    public static int lui(int imm) {
        return imm << 16;
    }

    // Multiplication and division

    public static long mult(int rs, int rt) {
        return (long) rs * rt;
    }

    public static long multu(int rs, int rt) {
        return (rs & 0xffff_ffffL) * (rt & 0xffff_ffffL);
    }

    /**
     * By zero, where the manual leaves the result undefined: what System/161 gives (LO all ones for
     * a negative dividend, else the largest integer; HI zero). The smallest integer by -1: itself
     * and remainder 0, as Java has it.
     */
    public static long div(int rs, int rt) {
        return rt == 0 ? hiLo(0, rs < 0 ? -1 : Integer.MAX_VALUE) : hiLo(rs % rt, rs / rt);
    }

    /** By zero: LO all ones, HI zero, as System/161. */
    public static long divu(int rs, int rt) {
        return rt == 0
                ? hiLo(0, -1)
                : hiLo(Integer.remainderUnsigned(rs, rt), Integer.divideUnsigned(rs, rt));
    }

    /** Joins HI and LO. */
    public static long hiLo(int hi, int lo) {
        return (long) hi << 32 | lo & 0xffff_ffffL;
    }

    // Branches: whether taken

    public static boolean beq(int rs, int rt) {
        return rs == rt;
    }

    public static boolean bne(int rs, int rt) {
        return rs != rt;
    }

    public static boolean blez(int rs) {
        return rs <= 0;
    }

    public static boolean bgtz(int rs) {
        return rs > 0;
    }

    public static boolean bltz(int rs) {
        return rs < 0;
    }

    public static boolean bgez(int rs) {
        return rs >= 0;
    }

    public static boolean bltzal(int rs) {
        return rs < 0;
    }

    public static boolean bgezal(int rs) {
        return rs >= 0;
    }

    // Loads: from the raw bits in memory, of which only those of the access count

    public static int lb(int raw) {
        return (byte) raw;
    }

    public static int lbu(int raw) {
        return raw & 0xff;
    }

    public static int lh(int raw) {
        return (short) raw;
    }

    public static int lhu(int raw) {
        return raw & 0xffff;
    }

    public static int lw(int raw) {
        return raw;
    }

    // Unaligned accesses merge rt with the aligned word that contains vaddr, given as LW would load
    // it. Shift amounts are taken modulo 32, so that vaddr << 3 is 8 * (vaddr & 3), and ~vaddr << 3
    // is 8 * (3 - (vaddr & 3)). In little-endian order the bytes count from the other end.

    /** The bytes from vaddr to the word's end go to the left of rt. */
    public static int lwlBig(int rt, int word, int vaddr) {
        int shift = vaddr << 3;
        return word << shift | rt & ~(-1 << shift);
    }

    /** The bytes from the word's start to vaddr go to the right of rt. */
    public static int lwrBig(int rt, int word, int vaddr) {
        int shift = ~vaddr << 3;
        return word >>> shift | rt & ~(-1 >>> shift);
    }

    /** The left of rt goes to the bytes from vaddr to the word's end. */
    public static int swlBig(int rt, int word, int vaddr) {
        int shift = vaddr << 3;
        return rt >>> shift | word & ~(-1 >>> shift);
    }

    /** The right of rt goes to the bytes from the word's start to vaddr. */
    public static int swrBig(int rt, int word, int vaddr) {
        int shift = ~vaddr << 3;
        return rt << shift | word & ~(-1 << shift);
    }

    public static int lwlLittle(int rt, int word, int vaddr) {
        return lwlBig(rt, word, ~vaddr);
    }

    public static int lwrLittle(int rt, int word, int vaddr) {
        return lwrBig(rt, word, ~vaddr);
    }

    public static int swlLittle(int rt, int word, int vaddr) {
        return swlBig(rt, word, ~vaddr);
    }

    public static int swrLittle(int rt, int word, int vaddr) {
        return swrBig(rt, word, ~vaddr);
    }
}
