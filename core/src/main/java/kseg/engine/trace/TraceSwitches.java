package kseg.engine.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import kseg.port.DeviceTrace;
import kseg.port.TraceKind;
import kseg.port.TraceSink;
import org.jspecify.annotations.Nullable;

/**
 * What is traced at present, and where to. Nothing is, and the guest's wishes are nobody's concern,
 * until there is a sink.
 *
 * <p>Not thread-safe: the machine's owner.
 */
public final class TraceSwitches {
    private final LongSupplier cycle;
    private @Nullable TraceSink sink;
    private int on;
    private boolean stepwise;
    private final List<Runnable> listeners = new ArrayList<>();
    private Runnable beforeHardware = () -> {};

    /**
     * @param cycle present machine time
     */
    public TraceSwitches(LongSupplier cycle) {
        this.cycle = cycle;
    }

    /** Traces these kinds from here on. */
    public void start(TraceSink to, Set<TraceKind> kinds) {
        sink = to;
        on = 0;
        kinds.forEach(kind -> on |= mask(kind));
        changed();
    }

    /** Switches one kind, if there is a sink. */
    public void set(TraceKind kind, boolean wanted) {
        on = wanted ? on | mask(kind) : on & ~mask(kind);
        changed();
    }

    /** Calls {@code listener} whenever other kinds are traced than before. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Whether there is a sink. */
    public boolean started() {
        return sink != null;
    }

    /** Whether steps must be watched. */
    public boolean stepwise() {
        return stepwise;
    }

    /** Whether a kind is on, and there is a sink. */
    public boolean on(TraceKind kind) {
        return sink != null && (on & mask(kind)) != 0;
    }

    /** Present machine time. */
    long cycle() {
        return cycle.getAsLong();
    }

    /** Hands over a piece of a kind that is on. */
    void piece(TraceKind kind, long at, int cpu, String text, boolean endsLine) {
        if (sink != null) {
            sink.piece(kind, at, cpu, text, endsLine);
        }
    }

    /** Does something before hardware speaks: a CPU has the first word in its own step. */
    void beforeHardware(Runnable action) {
        beforeHardware = action;
    }

    /** Where devices of a kind tell what they do. */
    public DeviceTrace of(TraceKind kind) {
        return new DeviceTrace() {
            @Override
            public boolean on() {
                return TraceSwitches.this.on(kind);
            }

            @Override
            public void say(String text) {
                beforeHardware.run();
                piece(kind, cycle(), TraceSink.HARDWARE, text, true);
            }
        };
    }

    /** What is held back of the step under way goes first: its effect is about to be seen. */
    public void makeWay() {
        beforeHardware.run();
    }

    /** Where the lines of CPUs tell how they are driven, if {@link TraceKind#INTERRUPT} is on. */
    public void line(int cpu, String text) {
        beforeHardware.run();
        piece(TraceKind.INTERRUPT, cycle(), cpu, text, true);
    }

    private void changed() {
        stepwise = false;
        for (TraceKind kind : TraceKind.values()) {
            stepwise |= kind.isOfCpu() && on(kind);
        }
        listeners.forEach(Runnable::run);
    }

    private static int mask(TraceKind kind) {
        return 1 << kind.ordinal();
    }
}
