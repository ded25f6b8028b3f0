package kseg.engine.compile;

import java.util.Arrays;
import kseg.cpu.Cpu;
import kseg.engine.CodePages;
import kseg.isa.Trait;

/**
 * Tells loops in which a guest waits for an interrupt, or for another processor to store something,
 * from all others. A round that executes ordinary instructions only, none of them a store, and ends
 * with the registers it began with, is followed by nothing but its like until somebody else acts,
 * which is not before the engine's horizon: DESIGN.md section 2, "Idle loops". A device's register
 * is read by no ordinary instruction: the page maps never cover it.
 */
final class IdleLoop {
    /** Fewer steps than this are as soon executed. */
    static final int LEAST_STEPS = 1000;

    /** Longest round, in steps. */
    static final int MAX_ROUND = 64;

    private final int[] registers = new int[Cpu.LO + 1];

    /**
     * Instructions from an address to the next branch's delay slot, all in one page; 0 if an idle
     * loop executes none of the kind of one of them.
     *
     * @param page decoded
     */
    static int block(long[] page, int pc) {
        int start = pc >>> 2 & CodePages.WORDS - 1;
        int index = start;
        while (isQuiet(page[index]) && !Scout.isBranch(page[index])) {
            index++;
        }
        boolean ends = isQuiet(page[index]) && isQuiet(page[index + 1]);
        return ends && !Scout.isBranch(page[index + 1]) ? index + 2 - start : 0;
    }

    /** The sentinels behind a page are not quiet, either. */
    private static boolean isQuiet(long w) {
        return Scout.isOrdinary(w) && !CodeReader.insn(w).has(Trait.STORES);
    }

    /** A round begins. */
    void begin(Cpu cpu) {
        System.arraycopy(cpu.gpr, 0, registers, 0, registers.length);
    }

    /** Whether a CPU has the registers it had when the round began. */
    boolean unchanged(Cpu cpu) {
        return Arrays.equals(cpu.gpr, 0, Cpu.SINK, registers, 0, Cpu.SINK)
                && cpu.gpr[Cpu.HI] == registers[Cpu.HI]
                && cpu.gpr[Cpu.LO] == registers[Cpu.LO];
    }
}
