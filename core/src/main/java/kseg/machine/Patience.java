package kseg.machine;

/**
 * How long a machine may go on without getting anywhere, in cycles of machine time; {@link #NEVER}
 * for a wait without end. The machine is looked at eight times in such a time, and stops at the
 * eighth look in a row at which all of the following was so since the look before:
 *
 * <ul>
 *   <li>nothing was executed in user mode, no card moved any data (characters of a console
 *       included), and no input was taken;
 *   <li>for {@link Exit.Watchdog}: the CPUs computed, in more than one cycle of twenty;
 *   <li>for {@link Exit.Deadlock}: they did not, and at the look nothing is under way but timers
 *       and characters for a console.
 * </ul>
 *
 * @param watchdogCycles for a kernel that computes
 * @param deadlockCycles for a machine that waits
 */
public record Patience(long watchdogCycles, long deadlockCycles) {
    public static final long NEVER = Long.MAX_VALUE;

    /** A machine that is never stopped for want of progress. */
    public static final Patience ENDLESS = new Patience(NEVER, NEVER);

    public Patience {
        if (watchdogCycles < Vigil.LOOKS || deadlockCycles < Vigil.LOOKS) {
            throw new IllegalArgumentException("too short a patience");
        }
    }
}
