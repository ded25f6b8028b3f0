package kseg.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads back, in the same order, what a {@link StateWriter} took. */
public final class StateReader {
    private final byte[] bytes;
    private final List<Object> attachments;
    private int position;
    private int nextAttachment;

    public StateReader(byte[] bytes, List<Object> attachments) {
        this.bytes = bytes;
        this.attachments = attachments;
    }

    /**
     * Enters a section.
     *
     * @throws IllegalStateException when another section or version stands here
     */
    public void section(String name, int version) {
        String found = getString();
        int foundVersion = getInt();
        if (!found.equals(name) || foundVersion != version) {
            throw new IllegalStateException(
                    "state section %s version %d where %s version %d was expected"
                            .formatted(found, foundVersion, name, version));
        }
    }

    public int getByte() {
        return bytes[position++] & 0xff;
    }

    public boolean getBoolean() {
        return getByte() != 0;
    }

    public int getInt() {
        int value =
                (bytes[position] & 0xff) << 24
                        | (bytes[position + 1] & 0xff) << 16
                        | (bytes[position + 2] & 0xff) << 8
                        | (bytes[position + 3] & 0xff);
        position += 4;
        return value;
    }

    public long getLong() {
        long high = getInt();
        return high << 32 | (getInt() & 0xffffffffL);
    }

    /** Fills {@code values}, which must have the saved length. */
    public void getInts(int[] values) {
        expectLength(values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] = getInt();
        }
    }

    /** Fills {@code values}, which must have the saved length. */
    public void getBytes(byte[] values) {
        expectLength(values.length);
        System.arraycopy(bytes, position, values, 0, values.length);
        position += values.length;
    }

    public byte[] getBytes() {
        byte[] values = new byte[getInt()];
        System.arraycopy(bytes, position, values, 0, values.length);
        position += values.length;
        return values;
    }

    public String getString() {
        return new String(getBytes(), StandardCharsets.UTF_8);
    }

    /** The next attached object. */
    public <T> T attachment(Class<T> type) {
        getLong(); // the digest
        return type.cast(attachments.get(nextAttachment++));
    }

    /** Whether everything has been read. */
    public boolean atEnd() {
        return position == bytes.length && nextAttachment == attachments.size();
    }

    private void expectLength(int expected) {
        int saved = getInt();
        if (saved != expected) {
            throw new IllegalStateException(
                    "saved array has %d elements, not %d".formatted(saved, expected));
        }
    }
}
