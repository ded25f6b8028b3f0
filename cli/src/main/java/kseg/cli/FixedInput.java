package kseg.cli;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import kseg.port.HostFailureException;

/** Input that is all there from the start: a file on standard input. */
final class FixedInput implements ConsoleInput {
    private byte[] rest;

    FixedInput(byte[] all) {
        rest = all;
    }

    static FixedInput nothing() {
        return new FixedInput(NONE);
    }

    /** Everything up to the end of a stream. */
    static FixedInput of(InputStream in) {
        try {
            return new FixedInput(in.readAllBytes());
        } catch (IOException e) {
            throw new HostFailureException("standard input: " + e.getMessage(), e);
        }
    }

    @Override
    public byte[] take(Duration patience) {
        byte[] taken = rest;
        rest = NONE;
        return taken;
    }

    @Override
    public void guestDid(long machineNanos, boolean nothing) {}

    @Override
    public boolean ended() {
        return rest.length == 0;
    }

    @Override
    public boolean isPerson() {
        return false;
    }

    @Override
    public void close() {}
}
