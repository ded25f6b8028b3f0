package kseg.cli;

/**
 * Recognises a person's last resort when ^C goes to the guest ({@code -s}): ^C twice within two
 * seconds, and not a character from the guest in between. Concerns the host only: a run in which it
 * comes ends, all others are unchanged.
 */
final class DoubleInterrupt {
    private static final byte CONTROL_C = 3;
    private static final long PATIENCE_NANOS = 2_000_000_000L;

    private boolean pressed;
    private long pressedNanos;
    private long written;

    /**
     * Something was typed; answers whether it was that.
     *
     * @param written characters that the guest has printed so far
     */
    boolean sees(byte[] typed, long written, long nanos) {
        for (byte character : typed) {
            if (character != CONTROL_C) {
                pressed = false;
                continue;
            }
            boolean again = pressed && nanos - pressedNanos <= PATIENCE_NANOS;
            if (again && written == this.written) {
                return true;
            }
            pressed = true;
            pressedNanos = nanos;
            this.written = written;
        }
        return false;
    }
}
