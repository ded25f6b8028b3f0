package kseg.machine;

import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import kseg.time.DeviceClock;
import kseg.time.EventQueue;
import kseg.time.Generator;

/** Machine time: the event queue, the present instant, and the jitter of mechanical devices. */
final class Timeline {
    /** 25 MHz, for every CPU of a System/161. */
    static final long NANOS_PER_CYCLE = 40;

    private static final int JITTER_STREAM = 1;

    private final EventQueue queue = new EventQueue();
    private final Generator jitter;
    private long nanos;

    Timeline(long seed) {
        jitter = new Generator(seed, JITTER_STREAM);
    }

    EventQueue queue() {
        return queue;
    }

    /** Sets the present instant: the step being executed, or the event being dispatched. */
    void setNanos(long now) {
        nanos = now;
    }

    long nanos() {
        return nanos;
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
                return nanos;
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
                queue.schedule(nanos + delayNanos, target, kind, argument);
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
        out.putLong(nanos);
        jitter.save(out);
        queue.save(out);
    }

    void restore(StateReader in) {
        in.section("timeline", 1);
        nanos = in.getLong();
        jitter.restore(in);
        queue.restore(in);
    }
}
