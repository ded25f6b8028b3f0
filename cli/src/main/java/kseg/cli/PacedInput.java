package kseg.cli;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * Types a file, a script or a pipe as a patient person would: a few characters at a time, and only
 * while the guest has nothing to do.
 *
 * <p>Kernels drop what comes before their console is ready, and what overflows its buffer (OS/161's
 * holds 31 characters). A guest that polls and so never idles is typed at all the same, after a
 * while. Both are decided by machine time, so that a run with a file repeats exactly.
 */
final class PacedInput implements ConsoleInput {
    private static final int MOST_AT_ONCE = 16;
    private static final long MOST_REST_NANOS = 1_000_000;

    /** Machine time after which a guest that has never idled is taken for one that polls. */
    private static final long PATIENCE_NANOS = 2_000_000_000L;

    private final ConsoleInput source;
    private byte[] waiting = NONE;
    private boolean everIdle;
    private boolean ready;

    PacedInput(ConsoleInput source) {
        this.source = source;
    }

    @Override
    public void guestDid(long machineNanos, boolean nothing) {
        everIdle |= nothing;
        ready = nothing || !everIdle && machineNanos >= PATIENCE_NANOS;
    }

    @Override
    public byte[] take(Duration patience) {
        if (waiting.length == 0) {
            waiting = source.take(patience);
        }
        if (!ready) {
            rest(patience);
            return NONE;
        }
        ready = false;
        int count = Math.min(waiting.length, MOST_AT_ONCE);
        byte[] typed = Arrays.copyOf(waiting, count);
        waiting = Arrays.copyOfRange(waiting, count, waiting.length);
        return typed;
    }

    /** The caller has time, and nothing will be taken before it runs the machine again. */
    private void rest(Duration patience) {
        if (waiting.length > 0 && !patience.isZero()) {
            LockSupport.parkNanos(Math.min(patience.toNanos(), MOST_REST_NANOS));
        }
    }

    @Override
    public boolean ended() {
        return waiting.length == 0 && source.ended();
    }

    @Override
    public boolean isPerson() {
        return source.isPerson();
    }

    @Override
    public void close() {
        source.close();
    }
}
