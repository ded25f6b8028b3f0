package kseg.engine;

import kseg.cpu.Cpu;

/**
 * Runs a CPU. All engines, at every position, leave equal state; they differ in speed only.
 *
 * <p>The contract:
 *
 * <ul>
 *   <li>A step is one attempt by one CPU, ending in retirement or in exception entry, and costs one
 *       cycle. An interrupt that is due is accepted before the step, at no cost.
 *   <li>{@link #run} executes steps until {@code cpu.cycles} reaches {@code cpu.stopAt} exactly, be
 *       it in front of a delay slot. Steps that concern others (a device access that schedules an
 *       event or drives a line, WAIT, a write of a register that decides interrupts) lower {@code
 *       stopAt}; the engine sees that before its next step.
 *   <li>It returns early only when {@code cpu.waiting} or {@code cpu.deviceBlocked} is set.
 *   <li>A delay slot belongs to the branch before it, taken or not: an exception there has EPC at
 *       the branch and BD set. There are no load delays: a loaded register is there at once
 *       (System/161 interlocks; sys161.md 5.1).
 *   <li>Addresses are translated by the page maps or by {@link kseg.cpu.Mmu}, for fetches too. A
 *       store into code is seen by the next fetch of that word.
 *   <li>$0 reads as zero.
 * </ul>
 */
public interface Engine {
    /** Runs until the CPU's {@code stopAt}, or until it waits or is blocked. */
    void run(Cpu cpu);
}
