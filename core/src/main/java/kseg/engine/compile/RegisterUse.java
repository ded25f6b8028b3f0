package kseg.engine.compile;

import java.util.List;
import java.util.stream.IntStream;
import kseg.cpu.Cpu;
import kseg.engine.compile.RegionGraph.Block;
import kseg.isa.Fields;
import kseg.isa.Insn;
import kseg.isa.Trait;

/**
 * Which registers a region touches, as indices of {@link Cpu#gpr}.
 *
 * @param used read or written, in ascending order
 * @param modified written
 */
record RegisterUse(List<Integer> used, List<Integer> modified) {
    private static final int RA = 31;
    private static final Insn[] INSNS = Insn.values();

    static RegisterUse of(RegionGraph graph) {
        long read = 0;
        long written = 0;
        for (Block block : graph.blocks()) {
            for (long w : block.insns) {
                if (Scout.isOrdinary(w) || Scout.isLocal(w)) {
                    read |= reads(w);
                    written |= writes(w);
                }
            }
        }
        return new RegisterUse(list(read | written), list(written));
    }

    /** Set of the registers an ordinary or local instruction reads; $0 is none. */
    static long reads(long w) {
        if (Scout.isLocal(w)) {
            int word = Decoded.immediate(w);
            return bit(Fields.rs(word)) | bit(Fields.rt(word));
        }
        Insn insn = INSNS[Decoded.op(w)];
        return switch (insn.shape()) {
            case FROM_HILO -> bit(hiLo(insn));
            default -> bit(Decoded.a(w)) | bit(Decoded.b(w));
        };
    }

    /** Set of the registers an ordinary or local instruction writes; $0 is none. */
    static long writes(long w) {
        if (Scout.isLocal(w)) {
            return bit(Fields.rt(Decoded.immediate(w)));
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

    private static List<Integer> list(long set) {
        return IntStream.range(1, Cpu.LO + 1)
                .filter(register -> (set >>> register & 1) != 0)
                .boxed()
                .toList();
    }
}
