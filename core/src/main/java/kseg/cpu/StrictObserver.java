package kseg.cpu;

import kseg.isa.Insn;

/**
 * Sees what a {@link StrictProcessor} does at the moment it does it, in System/161's order; for its
 * trace. It must not change anything. The methods do nothing unless they are overridden.
 */
public interface StrictObserver {
    /** For processors nobody watches. */
    StrictObserver NOBODY = new StrictObserver() {};

    /** An interrupt is about to be accepted. */
    default void interrupts() {}

    /** An address that the TLB translates is about to be looked up. */
    default void looksUp(int vaddr, boolean store) {}

    /** An exception has been entered; its handler has not been fetched yet. */
    default void entered() {}

    /**
     * An instruction has been fetched, as have those behind it.
     *
     * @param address its own, or that of the branch in whose slot it is
     */
    default void executes(int address, Insn insn, int word) {}

    /** It has to wait for HI or LO, and will start again. */
    default void stalls() {}

    /** It is a branch that is taken; the target has not been fetched yet. */
    default void jumps(int from, int target) {}

    /** It is RFE, and has returned; what is behind it has not been fetched again yet. */
    default void returned() {}

    /** It is about to write EntryHi and EntryLo into the TLB. */
    default void writesTlb(int slot) {}

    /** It has been executed, or has raised an exception. */
    default void executed() {}

    /** COUNT has reached COMPARE, and the timer's line is up. */
    default void timerMatched() {}
}
