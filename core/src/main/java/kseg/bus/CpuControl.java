package kseg.bus;

/** What the bus controller may do to the CPUs. The machine implements it. */
public interface CpuControl {
    /** Number of CPUs present, 1 to 32. */
    int cpus();

    /** The CPU whose access is being served. */
    int current();

    /** Drives a CPU's LAMEbus interrupt line. */
    void lamebusLine(int cpu, boolean active);

    /** Drives a CPU's inter-processor interrupt line. */
    void ipiLine(int cpu, boolean active);

    /** Starts a stopped CPU at {@code pc} with these argument and stack registers. */
    void start(int cpu, int pc, int a0, int sp);

    /** Stops a CPU dead; it may be the current one. */
    void stop(int cpu);

    /** Switches the machine off. */
    void powerOff();
}
