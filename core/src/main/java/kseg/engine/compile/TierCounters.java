package kseg.engine.compile;

import kseg.cpu.Cpu;
import kseg.engine.TierReport;
import kseg.isa.Insn;
import kseg.isa.Trait;
import kseg.memory.FramePool;

/**
 * What a family's engines have executed where, since it was created. Not part of any state. What
 * the fields mean is said in {@link TierReport}.
 */
final class TierCounters {
    private static final Insn[] INSNS = Insn.values();

    long compiledSteps;
    long interpretedSteps;
    long preciseSteps;
    long skippedSteps;

    long entered;
    long relinked;
    long requested;
    long recalled;
    long installed;
    long reused;
    long fruitless;
    long stale;
    long replaced;
    long overwritten;
    long evicted;
    long bytecodes;

    private long stoppedByBudget;
    private long stoppedByKind;
    private long stoppedByAccess;
    private long stoppedOtherwise;

    /** Steps executed, but those of traced or profiled processors. */
    long steps() {
        return compiledSteps + interpretedSteps + preciseSteps;
    }

    /**
     * Counts a stop before an instruction that {@link kseg.cpu.PreciseStep} has to execute, and
     * says whether it was one. A region does not say why it stopped; the instruction does.
     *
     * @param decoded that instruction
     * @param read page map for loads
     * @param write page map for stores
     * @param outside bits that no address in the pool has
     */
    boolean stoppedForPrecise(Cpu cpu, long decoded, int[] read, int[] write, int outside) { // hot
        if (!Scout.isOrdinary(decoded)) {
            stoppedByKind++;
            return true;
        }
        Insn insn = INSNS[Decoded.op(decoded)];
        boolean stores = insn.has(Trait.STORES);
        if (stores || insn.has(Trait.LOADS)) {
            int vaddr = cpu.gpr[Decoded.a(decoded)] + Decoded.immediate(decoded);
            int address = vaddr + (stores ? write : read)[vaddr >>> FramePool.FRAME_SHIFT];
            if ((address & (outside | MemoryAccesses.alignment(insn))) != 0) {
                stoppedByAccess++;
                return true;
            }
        }
        return false;
    }

    /** Counts a stop before another instruction, with so many steps left. */
    void stoppedOrdinary(int left) {
        if (left < Compiler.MAX_INSNS) {
            stoppedByBudget++;
        } else {
            stoppedOtherwise++;
        }
    }

    TierReport report(int present) {
        long stops = stoppedByBudget + stoppedByKind + stoppedByAccess + stoppedOtherwise;
        return new TierReport(
                new TierReport.Steps(compiledSteps, interpretedSteps, preciseSteps, skippedSteps),
                new TierReport.Entries(
                        entered,
                        entered - relinked - stops,
                        relinked,
                        stoppedByKind,
                        stoppedByAccess,
                        stoppedByBudget,
                        stoppedOtherwise),
                new TierReport.Regions(
                        requested,
                        recalled,
                        installed,
                        reused,
                        fruitless,
                        stale,
                        replaced,
                        overwritten,
                        evicted,
                        present,
                        bytecodes));
    }
}
