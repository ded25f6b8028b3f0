package kseg.device;

import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import kseg.time.DeviceClock;

/**
 * The time of day of one machine: machine time plus an epoch. Setting it shifts the epoch. Shared
 * by the machine's timers, which show and set it, and by its disks, whose platters pass angle 0 at
 * each whole second of it.
 */
public final class TimeOfDay {
    private static final long SECOND = 1_000_000_000L;

    private long epochNanos;

    /**
     * @param epochSeconds seconds since 1970 at power-on, from the machine's configuration
     */
    public TimeOfDay(long epochSeconds) {
        epochNanos = epochSeconds * SECOND;
    }

    /** Seconds since 1970. */
    public long seconds(DeviceClock clock) {
        return Math.floorDiv(clock.nanos() + epochNanos, SECOND);
    }

    /** Nanoseconds within the second. */
    public int nanos(DeviceClock clock) {
        return nanosAt(clock.nanos());
    }

    /** Nanoseconds within the second, at an instant of machine time. */
    int nanosAt(long machineNanos) {
        return (int) Math.floorMod(machineNanos + epochNanos, SECOND);
    }

    void setSeconds(DeviceClock clock, long seconds) {
        epochNanos += (seconds - seconds(clock)) * SECOND;
    }

    /** The second stays the same. */
    void setNanos(DeviceClock clock, long nanosInSecond) {
        epochNanos += nanosInSecond % SECOND - nanos(clock);
    }

    void save(StateWriter out) {
        out.putLong(epochNanos);
    }

    void restore(StateReader in) {
        epochNanos = in.getLong();
    }
}
