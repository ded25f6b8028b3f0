package kseg.machine;

import kseg.cpu.Cpu;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import kseg.time.DeviceClock;
import kseg.time.EventQueue;
import org.jspecify.annotations.Nullable;

/**
 * Machine time: the event queue, the present instant, and the jitter of mechanical devices. The
 * present instant is no state: it follows from the schedule whenever something happens.
 */
final class Timeline {
    /** 25 MHz, for every CPU of a System/161. */
    static final long NANOS_PER_CYCLE = 40;

    private final EventQueue queue = new EventQueue();
    private final Chance chance;
    private final EventRules rules;
    private Runnable newFirst = () -> {};
    private long nanos;
    private @Nullable Cpu stepping;

    Timeline(Chance chance, EventRules rules) {
        this.chance = chance;
        this.rules = rules;
    }

    /** Calls {@code listener} when an event is scheduled that comes before all others. */
    void onNewFirst(Runnable listener) {
        newFirst = listener;
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
                exactlyAfter(chance.lengthened(delayNanos), kind, argument);
            }

            @Override
            public void exactlyAfter(long delayNanos, int kind, long argument) {
                long due = nanos() + Math.max(delayNanos, rules.leastNanos());
                boolean first = due < queue.nextNanos();
                queue.schedule(due, target, kind, argument);
                Cpu cpu = stepping;
                if (cpu != null) {
                    cpu.stopBehindStep(); // its horizon may have come nearer
                }
                if (first) {
                    newFirst.run();
                }
            }

            @Override
            public boolean cancel(int kind) {
                return rules.cancelledStay()
                        ? queue.disown(target, kind)
                        : queue.cancel(target, kind);
            }

            @Override
            public boolean pending(int kind) {
                return queue.pending(target, kind);
            }
        };
    }

    void save(StateWriter out) {
        out.section("timeline", 1);
        chance.save(out);
        queue.save(out);
    }

    void restore(StateReader in) {
        in.section("timeline", 1);
        chance.restore(in);
        queue.restore(in);
    }
}
