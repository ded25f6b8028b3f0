package kseg.verify;

import kseg.isa.Insn;

/** Instruction words from their fields, without the detour over text. */
final class Words {
    static final int NOP = 0;
    private static final int[] OPERANDS = operands();

    private Words() {}

    /** For each instruction, the bits that its pattern names by a letter. */
    private static int[] operands() {
        Insn[] insns = Insn.values();
        int[] masks = new int[insns.length];
        for (Insn insn : insns) {
            int mask = 0;
            String pattern = insn.pattern().replace(" ", "");
            for (int i = 0; i < pattern.length(); i++) {
                mask = mask << 1 | (Character.isLetter(pattern.charAt(i)) ? 1 : 0);
            }
            masks[insn.ordinal()] = mask;
        }
        return masks;
    }

    /** An instruction whose operand bits are those of {@code bits}. */
    static int of(Insn insn, int bits) {
        return insn.match() | bits & OPERANDS[insn.ordinal()];
    }

    /** An instruction with rd, rs and rt; what it has not is left out. */
    static int r(Insn insn, int rd, int rs, int rt) {
        return of(insn, rs << 21 | rt << 16 | rd << 11);
    }

    /** A shift of rt by a constant. */
    static int shift(Insn insn, int rd, int rt, int amount) {
        return of(insn, rt << 16 | rd << 11 | amount << 6);
    }

    /** An instruction with rs (or base), rt and an immediate, or an offset in words of a branch. */
    static int i(Insn insn, int rt, int rs, int immediate) {
        return of(insn, rs << 21 | rt << 16 | immediate & 0xffff);
    }

    /** MTC0. */
    static int mtc0(int rt, int register) {
        return of(Insn.MTC0, rt << 16 | register << 11);
    }

    /** MFC0. */
    static int mfc0(int rt, int register) {
        return of(Insn.MFC0, rt << 16 | register << 11);
    }
}
