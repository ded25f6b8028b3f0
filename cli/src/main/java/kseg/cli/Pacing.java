package kseg.cli;

import kseg.machine.Machine;

/**
 * How far a machine that lives in real time has run ahead of the wall clock. Work is done as fast
 * as it can be; so is waiting for disks and files, as it is in System/161, or tests that swap would
 * take as long as on real disks. Other waiting, for a person or a timer, is to take as long as it
 * says.
 */
final class Pacing {
    /** Who has used a disk less than this ago, in machine time, waits for that disk. */
    private static final long TRANSFER_NANOS = 50_000_000;

    private static final long WORTH_WAITING_NANOS = 1_000_000;

    private final Machine machine;
    private long transfers;
    private long lastTransferNanos = -TRANSFER_NANOS;
    private long aheadNanos;

    Pacing(Machine machine) {
        this.machine = machine;
    }

    /**
     * The machine has run.
     *
     * @param idleNanos of machine time in which no CPU did
     * @param hostNanos it took
     */
    void ran(long idleNanos, long hostNanos) {
        long moved = DeviceCounts.stored(machine);
        if (moved != transfers) {
            transfers = moved;
            lastTransferNanos = machine.nanos();
        }
        boolean waits = machine.nanos() - lastTransferNanos >= TRANSFER_NANOS;
        aheadNanos = Math.max(0, aheadNanos + (waits ? idleNanos : 0) - hostNanos);
    }

    /** Whether to wait now. */
    boolean isAhead() {
        return aheadNanos > WORTH_WAITING_NANOS;
    }

    long aheadNanos() {
        return aheadNanos;
    }

    /** Time has passed on the wall clock alone. */
    void waited(long hostNanos) {
        aheadNanos = Math.max(0, aheadNanos - hostNanos);
    }
}
