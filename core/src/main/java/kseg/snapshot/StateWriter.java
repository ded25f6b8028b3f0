package kseg.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes the state of a machine part by part, as big-endian bytes in named, versioned sections.
 *
 * <p>Large immutable structures (a disk's overlay) are attached by reference, with a digest of
 * their contents in the byte stream: sharing makes a snapshot cheap, the digest makes it hashable.
 */
public final class StateWriter {
    private byte[] bytes = new byte[4096];
    private int length;
    private final List<Object> attachments = new ArrayList<>();

    /** Starts a section; its reader must ask for the same name and a version it knows. */
    public void section(String name, int version) {
        putString(name);
        putInt(version);
    }

    public void putByte(int value) {
        room(1);
        bytes[length++] = (byte) value;
    }

    public void putBoolean(boolean value) {
        putByte(value ? 1 : 0);
    }

    public void putInt(int value) {
        room(4);
        bytes[length++] = (byte) (value >>> 24);
        bytes[length++] = (byte) (value >>> 16);
        bytes[length++] = (byte) (value >>> 8);
        bytes[length++] = (byte) value;
    }

    public void putLong(long value) {
        putInt((int) (value >>> 32));
        putInt((int) value);
    }

    /** Writes the length, then the values. */
    public void putInts(int[] values) {
        putInt(values.length);
        for (int value : values) {
            putInt(value);
        }
    }

    /** Writes the length, then the bytes. */
    public void putBytes(byte[] values) {
        putInt(values.length);
        room(values.length);
        System.arraycopy(values, 0, bytes, length, values.length);
        length += values.length;
    }

    public void putString(String text) {
        putBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Attaches an immutable object by reference.
     *
     * @param digest of its contents, so that equal contents have equal state bytes
     */
    public void attach(Object immutable, long digest) {
        putLong(digest);
        attachments.add(immutable);
    }

    /** A copy of what has been written. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** What has been attached, in order. */
    public List<Object> attachments() {
        return List.copyOf(attachments);
    }

    private void room(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
        }
    }
}
