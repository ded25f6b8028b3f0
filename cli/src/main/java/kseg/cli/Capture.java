package kseg.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a run prints, kept in a bounded amount of memory: all of it, or its beginning and its end.
 *
 * <p>Not thread-safe: the machine's owner.
 */
final class Capture extends OutputStream {
    private static final int HALF = 128 << 10;

    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private byte[] tail = {};
    private long written;

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int first = Math.min(length, HALF - head.size());
        head.write(bytes, offset, first);
        if (first < length && tail.length == 0) {
            tail = new byte[HALF];
        }
        for (int i = first; i < length; i++) {
            tail[(int) ((written + i - HALF) % HALF)] = bytes[offset + i];
        }
        written += length;
    }

    /**
     * The text, a character for each byte; if it was too much, with a line that says how much is
     * missing.
     */
    String text() {
        return bytes().toString(StandardCharsets.ISO_8859_1);
    }

    private ByteArrayOutputStream bytes() {
        var all = new ByteArrayOutputStream();
        all.writeBytes(head.toByteArray());
        long behind = written - HALF;
        if (behind <= 0) {
            return all;
        }
        if (behind <= HALF) {
            all.write(tail, 0, (int) behind);
            return all;
        }
        String gap = "\n[kseg: %d bytes left out]\n".formatted(behind - HALF);
        all.writeBytes(gap.getBytes(StandardCharsets.US_ASCII));
        int oldest = (int) (behind % HALF);
        all.writeBytes(Arrays.copyOfRange(tail, oldest, HALF));
        all.write(tail, 0, oldest);
        return all;
    }
}
