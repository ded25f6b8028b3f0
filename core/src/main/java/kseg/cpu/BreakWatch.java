package kseg.cpu;

/** Who wants to know when a CPU is about to execute a BREAK instruction. */
public interface BreakWatch {
    /** Nobody does. */
    BreakWatch NONE = _ -> false;

    /** Whether the CPU is to stop in front of the BREAK at its {@code pc} instead. */
    boolean stopsAtBreak(Cpu cpu);
}
