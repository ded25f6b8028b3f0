package kseg.engine;

import kseg.cpu.Cpu;

/**
 * Is told what becomes of compiled regions, by the thread that owns the machine. It may look at the
 * machine, and must change nothing of it.
 */
public interface RegionListener {
    /** Does not care. */
    RegionListener NONE = new RegionListener() {};

    /** Why a region went. */
    enum Removal {
        /** A larger one has its place. */
        REPLACED,
        /** Its code was written, or its frame given back. */
        OVERWRITTEN,
        /** For want of room. */
        EVICTED
    }

    /**
     * A region is ready to run.
     *
     * @param pc where its compilation began
     * @param user whether it is for user mode
     * @param bytecodes length of its method
     */
    default void installed(int pc, boolean user, int instructions, int bytecodes) {}

    default void removed(int pc, boolean user, Removal why) {}

    /**
     * Compiled code was left after a step at least: all of the processor's state is that between
     * two steps.
     */
    default void left(Cpu cpu) {}
}
