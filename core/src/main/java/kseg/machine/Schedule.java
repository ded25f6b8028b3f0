package kseg.machine;

import kseg.bus.CpuControl;
import kseg.cpu.Cpu;
import kseg.engine.Engine;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is, and when events take effect. {@link Scheduler} is exact; {@link StrictSchedule}
 * does it as System/161.
 */
interface Schedule extends CpuControl {
    /** Machine time, in cycles. */
    long now();

    /** Machine time, in nanoseconds. */
    long nanos();

    /** Steps of all CPUs. */
    long steps();

    /** Cycles of machine time during which CPUs ran, as statistics report them. */
    long runCycles();

    /** Cycles during which no CPU ran, as statistics report them. */
    long idleCycles();

    /** Cycles during which this CPU did not run, as statistics report them. */
    long idleCycles(int cpu);

    /** Brings {@link #now} up to date after a CPU has run, an event or an input. */
    void settle();

    /** Whether the next event is to take effect now. */
    boolean eventDue();

    /** The instant at which an event due at {@code dueNanos} takes effect, now. */
    long instantOf(long dueNanos);

    /** The CPU to run now; null if none is running. */
    @Nullable Cpu choose();

    /** All CPUs are idle: lets time pass until the next event, or until {@code cycle}. */
    void passTo(long cycle);

    /** Runs the chosen CPU, or with it others, no further than the limit. */
    void run(Cpu chosen, Engine engine, RunLimit limit);

    /** A step of the current CPU concerns others: the machine looks before the next one. */
    void look();

    void save(StateWriter out);

    void restore(StateReader in);
}
