package kseg.machine;

import kseg.cpu.Cpu;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import kseg.time.DeviceClock;
import kseg.time.EventQueue;
import kseg.time.Generator;
import org.jspecify.annotations.Nullable;

/**
 * Machine time: the event queue, the present instant, and the jitter of mechanical devices. The
 * present instant is no state: it follows from the schedule whenever something happens.
 */
final class Timeline {
    /** 25 MHz, for every CPU of a System/161. */
    static final long NANOS_PER_CYCLE = 40;

    private static final int JITTER_STREAM = 1;

    private final EventQueue queue = new EventQueue();
    private final Generator jitter;
    private long nanos;
    private @Nullable Cpu stepping;

    Timeline(long seed) {
        jitter = new Generator(seed, JITTER_STREAM);
    }

    EventQueue queue() {
        return queue;
    }

    /** The present instant is this one: an event's due time, or that of an input. */
    void setNanos(long now) {
        nanos = now;
        stepping = null;
    }

    /** The present instant is the start of whatever step this CPU is executing. */
    void follow(Cpu cpu) {
        stepping = cpu;
    }

    long nanos() {
        Cpu cpu = stepping;
        return cpu == null ? nanos : cpu.clock * NANOS_PER_CYCLE;
    }

    /** First cycle that starts at or after the next event's time. */
    long nextCycle() {
        long due = queue.nextNanos();
        return due == EventQueue.NEVER ? Long.MAX_VALUE : cycleAt(due);
    }

    static long cycleAt(long nanos) {
        return Math.ceilDiv(nanos, NANOS_PER_CYCLE);
    }

    /** The clock of the device whose events carry this target number. */
    DeviceClock of(int target) {
        return new DeviceClock() {
            @Override
            public long nanos() {
                return Timeline.this.nanos();
            }

            @Override
            public void after(long delayNanos, int kind, long argument) {
                long most = delayNanos / 100 + 1;
                exactlyAfter(
                        delayNanos + Long.remainderUnsigned(jitter.nextLong(), most),
                        kind,
                        argument);
            }

            @Override
            public void exactlyAfter(long delayNanos, int kind, long argument) {
                long delay = Math.max(delayNanos, NANOS_PER_CYCLE);
                queue.schedule(nanos() + delay, target, kind, argument);
                Cpu cpu = stepping;
                if (cpu != null) {
                    cpu.stopBehindStep(); // its horizon may have come nearer
                }
            }

            @Override
            public boolean cancel(int kind) {
                return queue.cancel(target, kind);
            }

            @Override
            public boolean pending(int kind) {
                return queue.pending(target, kind);
            }
        };
    }

    void save(StateWriter out) {
        out.section("timeline", 1);
        jitter.save(out);
        queue.save(out);
    }

    void restore(StateReader in) {
        in.section("timeline", 1);
        jitter.restore(in);
        queue.restore(in);
    }
}
