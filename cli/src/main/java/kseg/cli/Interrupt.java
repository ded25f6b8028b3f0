package kseg.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Lets ^C and other deadly signals end a run in order: the run is asked to stop, and the process
 * does not end before it has merged its disks and printed its statistics, or five seconds have
 * passed.
 */
final class Interrupt implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 5;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupt, "interrupt");
    private final BooleanSupplier other;
    private volatile boolean requested;

    private Interrupt(BooleanSupplier other) {
        this.other = other;
    }

    /** Starts listening. */
    static Interrupt listen() {
        return listen(() -> false);
    }

    /**
     * Starts listening.
     *
     * @param other something else that may tell the run to end
     */
    static Interrupt listen(BooleanSupplier other) {
        Interrupt interrupt = new Interrupt(other);
        try {
            Runtime.getRuntime().addShutdownHook(interrupt.hook);
        } catch (IllegalStateException e) {
            interrupt.requested = true; // the process is ending already
        }
        return interrupt;
    }

    /** Whether the run has been told to end. */
    boolean requested() {
        return requested || other.getAsBoolean();
    }

    private void interrupt() {
        requested = true;
        try {
            if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                Thread.currentThread().interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The run is over. */
    @Override
    public void close() {
        finished.countDown();
        if (!requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The process is ending; the hook has nothing to wait for any more.
            }
        }
    }
}
