package kseg.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Unsigned numbers in a file of either byte order. Callers check bounds first. */
record ElfBytes(ByteBuffer buffer) {

    static ElfBytes of(byte[] bytes, boolean bigEndian) {
        ByteOrder order = bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return new ElfBytes(ByteBuffer.wrap(bytes).order(order));
    }

    long size() {
        return buffer.capacity();
    }

    int octet(long offset) {
        return buffer.get((int) offset) & 0xff;
    }

    int half(long offset) {
        return buffer.getShort((int) offset) & 0xffff;
    }

    long word(long offset) {
        return buffer.getInt((int) offset) & 0xffff_ffffL;
    }

    /** Whether {@code count} bytes from {@code offset} on lie within the file. */
    boolean holds(long offset, long count) {
        return offset >= 0 && count >= 0 && offset <= size() && count <= size() - offset;
    }
}
