package kseg.cli;

import kseg.machine.Machine;

/**
 * Notices a guest that makes no progress: no instruction in user mode for some seconds of machine
 * time, as System/161's {@code -Z} counts it. It warns after one such time and gives up after two.
 */
final class Watchdog {
    private static final long CYCLES_PER_SECOND = 25_000_000;

    private final Machine machine;
    private final int seconds;
    private final String end;
    private long retired;
    private long since;
    private boolean warned;

    /**
     * @param seconds of machine time; 0 for no watchdog
     */
    Watchdog(Machine machine, int seconds, Face face) {
        this.machine = machine;
        this.seconds = seconds;
        end = face.isSys161() ? "dropping to debugger" : "stopping (-Z)";
    }

    /** When to look again, in cycles. */
    long nextCycle() {
        if (seconds == 0) {
            return Long.MAX_VALUE;
        }
        return since + (warned ? 2L : 1L) * seconds * CYCLES_PER_SECOND;
    }

    /** Looks; answers whether the guest has stood still for too long. */
    boolean barks(Messages messages) {
        long now = machine.position().cycle();
        long userRetired = userRetired();
        if (userRetired != retired) {
            retired = userRetired;
            since = now;
            warned = false;
        }
        if (now < nextCycle()) {
            return false;
        }
        if (!warned) {
            messages.say("Caution: no progress in " + seconds + " seconds");
            warned = true;
            return false;
        }
        messages.say("No progress in " + 2 * seconds + " seconds; " + end);
        since = now;
        warned = false;
        return true;
    }

    private long userRetired() {
        long sum = 0;
        for (int i = 0; i < machine.spec().cpus(); i++) {
            sum += machine.cpu(i).counters().userRetired();
        }
        return sum;
    }
}
