package kseg.engine.compile;

import kseg.cpu.Cpu;

/**
 * A compiled basic block: straight-line code up to and including a branch and its delay slot.
 * Generated subclasses know their instructions, but neither their virtual nor their physical
 * address.
 */
abstract class Block {
    /**
     * Executes the block from {@code cpu.pc}, which is not in a delay slot; the budget allows for
     * its whole length.
     *
     * @param r the CPU's registers
     * @param mem the frame pool
     * @param readMap of the CPU's mode
     * @param writeMap of the CPU's mode
     * @param outside bits that are set in the pool address of an absent page
     * @return how many instructions were executed; if not all, the next one, where the CPU stands
     *     now, is for PreciseStep
     */
    abstract int run(Cpu cpu, int[] r, byte[] mem, int[] readMap, int[] writeMap, int outside);

    /** Leaves before an instruction that no branch precedes, or behind the block. */
    static int leave(Cpu cpu, int pc, int executed) {
        cpu.pc = pc;
        cpu.npc = pc + 4;
        return executed;
    }

    /** Leaves before a delay slot. */
    static int leaveInSlot(Cpu cpu, int pc, int target, int executed) {
        cpu.pc = pc;
        cpu.npc = target;
        cpu.inSlot = true;
        return executed;
    }
}
