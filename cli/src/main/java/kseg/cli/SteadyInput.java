package kseg.cli;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * Types no faster than a character in 2 ms of machine time, as System/161 does, a few at once. A
 * person does not notice. Programs that type a line at a time, as pexpect's do, would overflow the
 * buffers of kernels: the serial line could bring forty times as much.
 */
final class SteadyInput implements ConsoleInput {
    private static final int MOST_AT_ONCE = 5;
    private static final long CHARACTER_NANOS = 2_000_000;
    private static final long MOST_REST_NANOS = 1_000_000;

    private final ConsoleInput source;
    private byte[] waiting = NONE;

    /** Machine time up to which characters have been allowed. */
    private long allowedNanos;

    private long lastNanos = -1;
    private int allowed = MOST_AT_ONCE;

    SteadyInput(ConsoleInput source) {
        this.source = source;
    }

    @Override
    public void guestDid(long machineNanos, boolean nothing) {
        if (machineNanos == lastNanos && nothing) {
            allowed = MOST_AT_ONCE; // nothing can happen before something is typed
        }
        lastNanos = machineNanos;
        long more = (machineNanos - allowedNanos) / CHARACTER_NANOS;
        allowed = (int) Math.min(MOST_AT_ONCE, allowed + more);
        allowedNanos = machineNanos - (machineNanos - allowedNanos) % CHARACTER_NANOS;
    }

    @Override
    public byte[] take(Duration patience) {
        if (waiting.length == 0) {
            waiting = source.take(patience);
        } else if (allowed == 0 && !patience.isZero()) {
            // The caller has time, and nothing will be taken before it runs the machine again.
            LockSupport.parkNanos(Math.min(patience.toNanos(), MOST_REST_NANOS));
        }
        int count = Math.min(waiting.length, allowed);
        allowed -= count;
        byte[] typed = Arrays.copyOf(waiting, count);
        waiting = Arrays.copyOfRange(waiting, count, waiting.length);
        return typed;
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
