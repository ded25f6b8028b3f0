package kseg.engine.compile;

import kseg.cpu.Cpu;
import kseg.isa.Fields;
import kseg.isa.Insn;
import kseg.isa.Trait;

/**
 * Which registers an instruction touches, as a set: bit i stands for the register at index i of
 * {@link Cpu#gpr}. $0 is none.
 */
final class RegisterUse {
    private static final int RA = 31;
    private static final Insn[] INSNS = Insn.values();

    private RegisterUse() {}

    /** Registers an instruction reads; none if it is neither ordinary nor local. */
    static long reads(long w) {
        if (Scout.isLocal(w)) {
            int word = Decoded.immediate(w);
            return bit(Fields.rs(word)) | bit(Fields.rt(word));
        }
        if (!Scout.isOrdinary(w)) {
            return 0;
        }
        Insn insn = INSNS[Decoded.op(w)];
        return switch (insn.shape()) {
            case FROM_HILO -> bit(hiLo(insn));
            default -> bit(Decoded.a(w)) | bit(Decoded.b(w));
        };
    }

    /** Registers an instruction writes; none if it is neither ordinary nor local. */
    static long writes(long w) {
        if (Scout.isLocal(w)) {
            return bit(Fields.rt(Decoded.immediate(w)));
        }
        if (!Scout.isOrdinary(w)) {
            return 0;
        }
        Insn insn = INSNS[Decoded.op(w)];
        return switch (insn.shape()) {
            case MUL_DIV -> bit(Cpu.HI) | bit(Cpu.LO);
            case TO_HILO -> bit(hiLo(insn));
            case STORE, STORE_MERGE -> 0;
            case BRANCH1, BRANCH2, JUMP -> insn.has(Trait.LINK) ? bit(RA) : 0;
            case JUMP_REG -> insn.has(Trait.LINK) ? bit(Decoded.d(w)) : 0;
            default -> bit(Decoded.d(w));
        };
    }

    static int hiLo(Insn insn) {
        return insn == Insn.MFHI || insn == Insn.MTHI ? Cpu.HI : Cpu.LO;
    }

    private static long bit(int register) {
        return register == 0 || register == Cpu.SINK ? 0 : 1L << register;
    }
}
