package kseg.machine;

import java.util.List;
import kseg.bus.CardId;
import kseg.bus.Device;
import kseg.bus.Lamebus;
import kseg.cpu.Cpu;
import kseg.device.Counts;
import kseg.device.Disk;
import kseg.device.Emufs;
import kseg.device.Nic;
import kseg.device.Screen;
import kseg.device.Serial;
import kseg.time.EventQueue;
import org.jspecify.annotations.Nullable;

/**
 * Looks from time to time whether a machine still gets anywhere; {@link Patience} says what that
 * means. It only looks: neither state nor hash of the machine know of it. Times are machine times
 * from when it was told to look, so that equal runs end equally.
 */
final class Vigil {
    /** Looks in the time that patience lasts. */
    static final int LOOKS = 8;

    /** A machine that executes less than one step in so many cycles only minds its timers. */
    private static final long CYCLES_PER_STEP = 20;

    /** Their events are nothing to wait for: time passes, or a character is done. */
    private static final List<CardId> UNIMPORTANT =
            List.of(CardId.TIMER, CardId.SERIAL, CardId.SCREEN);

    private final Cpu[] cpus;
    private final Lamebus bus;
    private final EventQueue events;
    private final Watch busy = new Watch();
    private final Watch idle = new Watch();

    Vigil(Cpu[] cpus, Lamebus bus, EventQueue events) {
        this.cpus = cpus;
        this.bus = bus;
        this.events = events;
    }

    /** One of the two conditions. */
    private static final class Watch {
        private long window = Patience.NEVER;
        private long next = Patience.NEVER;
        private Progress last = new Progress(0, 0, 0, 0);
        private int still;
    }

    /** What tells progress, and what it took: all of it only grows. */
    private record Progress(long done, long inputs, long steps, long cycle) {
        boolean isSame(Progress before) {
            return done == before.done && inputs == before.inputs;
        }

        boolean isIdle(Progress before) {
            return (steps - before.steps) * CYCLES_PER_STEP <= cycle - before.cycle;
        }
    }

    /** Begins to count anew. */
    void begin(Patience patience, Position position) {
        begin(busy, patience.watchdogCycles(), position);
        begin(idle, patience.deadlockCycles(), position);
    }

    private void begin(Watch watch, long cycles, Position position) {
        watch.window = cycles == Patience.NEVER ? Patience.NEVER : cycles / LOOKS;
        watch.last = progress(position);
        watch.still = 0;
        await(watch);
    }

    private static void await(Watch watch) {
        boolean never = watch.window >= RunLimit.LAST_CYCLE;
        watch.next = never ? Patience.NEVER : watch.last.cycle + watch.window;
    }

    /** When it wants to look next. */
    long nextCycle() {
        return Math.min(busy.next, idle.next);
    }

    /** Looks; answers whether patience is at its end. */
    @Nullable Exit look(Position position) {
        Progress now = progress(position);
        if (now.cycle >= busy.next) {
            boolean computes = !now.isIdle(busy.last);
            if (ends(busy, now, computes)) {
                return new Exit.Watchdog(LOOKS * busy.window);
            }
        }
        if (now.cycle >= idle.next) {
            boolean waits = now.isIdle(idle.last) && onlyTimers();
            if (ends(idle, now, waits)) {
                return new Exit.Deadlock(LOOKS * idle.window);
            }
        }
        return null;
    }

    private static boolean ends(Watch watch, Progress now, boolean condition) {
        watch.still = condition && now.isSame(watch.last) ? watch.still + 1 : 0;
        watch.last = now;
        await(watch);
        if (watch.still < LOOKS) {
            return false;
        }
        watch.still = 0; // who goes on all the same has patience for another time
        return true;
    }

    private Progress progress(Position position) {
        long done = 0;
        for (Cpu cpu : cpus) {
            done += cpu.counters().userRetired();
        }
        for (int slot = 0; slot < Lamebus.SLOTS; slot++) {
            Counts counts = counts(bus.device(slot));
            done += counts == null ? 0 : counts.reads() + counts.writes() + counts.others();
        }
        return new Progress(done, position.input(), position.step(), position.cycle());
    }

    private static @Nullable Counts counts(@Nullable Device device) {
        return switch (device) {
            case Disk disk -> disk.counts();
            case Emufs emufs -> emufs.counts();
            case Nic nic -> nic.counts();
            case Screen screen -> screen.counts();
            case Serial serial -> serial.counts();
            case null, default -> null;
        };
    }

    private boolean onlyTimers() {
        for (EventQueue.Event event : events.inOrder()) {
            boolean nobodys = event.target() == EventQueue.NOBODY;
            CardId id = nobodys ? null : bus.id(event.target());
            if (!nobodys && (id == null || !UNIMPORTANT.contains(id))) {
                return false;
            }
        }
        return true;
    }
}
