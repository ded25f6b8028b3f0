package kseg.machine;

/**
 * How far a machine may run: to the first instant at which it has executed this many steps, or its
 * time has reached this cycle. Stopping never changes what happens next.
 *
 * @param step total steps since power-on
 * @param cycle machine time in cycles
 */
public record RunLimit(long step, long cycle) {
    /**
     * No machine runs further, 182 years: nanoseconds, and those of whatever is due a little later,
     * still fit a long.
     */
    public static final long LAST_CYCLE = 1L << 57;

    /** No limit. */
    public static final RunLimit NONE = new RunLimit(Long.MAX_VALUE, Long.MAX_VALUE);

    public RunLimit {
        cycle = Math.min(cycle, LAST_CYCLE);
    }

    public static RunLimit atStep(long step) {
        return new RunLimit(step, Long.MAX_VALUE);
    }

    public static RunLimit atCycle(long cycle) {
        return new RunLimit(Long.MAX_VALUE, cycle);
    }

    /** This limit, but at this cycle if that comes first. */
    RunLimit atMostCycle(long other) {
        return other >= cycle ? this : new RunLimit(step, other);
    }
}
