package kseg.debug;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The framing of gdb's remote protocol: {@code $packet#checksum}, acknowledged by {@code +} or,
 * when the checksum is wrong, {@code -}; and the byte 3, which interrupts. Bytes between packets,
 * acknowledgements among them, mean nothing: both ends are on the same host, nothing gets lost.
 */
final class Packets {
    /** The longest packet that is taken, its frame not counted; what {@code qSupported} says. */
    static final int MOST_BYTES = 4096;

    /** What one byte led to. */
    enum Event {
        /** Nothing to do. */
        NONE,
        /** A whole packet is there: see {@link #packet}. */
        PACKET,
        /** A packet came whose checksum was wrong. */
        DAMAGED,
        /** A packet came that was too long to keep. */
        TOO_LONG,
        /** The client wants the machine to stop. */
        INTERRUPT
    }

    private enum Part {
        BETWEEN,
        BODY,
        FIRST_DIGIT,
        SECOND_DIGIT
    }

    private static final int INTERRUPT = 3;

    private final byte[] body = new byte[MOST_BYTES];
    private Part part = Part.BETWEEN;
    private int length;
    private int sum;
    private int digit;

    /** Takes the next byte from the client. */
    Event take(byte received) {
        switch (part) {
            case BETWEEN -> {
                if (received == '$') {
                    begin();
                }
                return received == INTERRUPT ? Event.INTERRUPT : Event.NONE;
            }
            case BODY -> inBody(received);
            case FIRST_DIGIT -> {
                digit = Character.digit(received, 16);
                part = Part.SECOND_DIGIT;
            }
            case SECOND_DIGIT -> {
                part = Part.BETWEEN;
                return whole(Character.digit(received, 16));
            }
        }
        return Event.NONE;
    }

    private void begin() {
        part = Part.BODY;
        length = 0;
        sum = 0;
    }

    private void inBody(byte received) {
        if (received == '$') {
            begin(); // the one before was broken off
        } else if (received == '#') {
            part = Part.FIRST_DIGIT;
        } else {
            sum += received;
            if (length < MOST_BYTES) {
                body[length] = received;
            }
            length = Math.min(length + 1, MOST_BYTES + 1);
        }
    }

    private Event whole(int secondDigit) {
        if (digit < 0 || secondDigit < 0 || (digit << 4 | secondDigit) != (sum & 0xff)) {
            return Event.DAMAGED;
        }
        return length > MOST_BYTES ? Event.TOO_LONG : Event.PACKET;
    }

    /** The packet that has just come. */
    String packet() {
        return new String(body, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** Frames a reply. */
    static String framed(String reply) {
        int sum = 0;
        for (int i = 0; i < reply.length(); i++) {
            sum += reply.charAt(i);
        }
        return "$" + reply + "#%02x".formatted(sum & 0xff);
    }

    /** A number in hex digits, of 32 bits at most; null if it is none. */
    static @Nullable Integer hex(String digits) {
        if (digits.isEmpty() || digits.length() > 16) {
            return null;
        }
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int next = Character.digit(digits.charAt(i), 16);
            if (next < 0) {
                return null;
            }
            value = value << 4 | next;
        }
        // gdb may extend the sign of an address: ffffffff80001000.
        return value == (value & 0xffffffffL) || value == (int) value ? (int) value : null;
    }
}
