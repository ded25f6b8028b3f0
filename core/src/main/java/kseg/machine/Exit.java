package kseg.machine;

/** Why a machine stopped running. All but {@link PowerOff} leave it able to go on. */
public sealed interface Exit {
    /** The limit of the run was reached. */
    record Limit() implements Exit {}

    /** All CPUs wait and no event is pending: only an input can change anything. */
    record Idle() implements Exit {}

    /** The guest switched the machine off. */
    record PowerOff() implements Exit {}

    /** The guest did what the hardware forbids (System/161's "hang"). */
    record Misuse(String reason) implements Exit {}

    /**
     * A CPU took an exception while its vectors are still those of the boot ROM, where nothing
     * handles it: it will never execute anything else. Its EPC, Cause and BadVAddr tell what it
     * was, and all other registers are as they were.
     */
    record Crash(int cpu) implements Exit {}

    /**
     * For so long a kernel has computed without getting anywhere; see {@link Patience}.
     *
     * @param cycles of machine time
     */
    record Watchdog(long cycles) implements Exit {}

    /**
     * For so long everything has waited, and nothing was to be waited for; see {@link Patience}.
     *
     * @param cycles of machine time
     */
    record Deadlock(long cycles) implements Exit {}

    /** The doom counter of a disk reached zero, before that write. */
    record Doom() implements Exit {}

    /** The guest asked for a debugger through the trace device. */
    record DebuggerRequest() implements Exit {}

    /** A CPU stands where a debugger wants to look: see {@link Stops}. */
    record Breakpoint(int cpu) implements Exit {}

    /** The host could not do what a device needed: the console, say, took no more characters. */
    record HostFailure(String what) implements Exit {}
}
