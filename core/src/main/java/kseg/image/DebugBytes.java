package kseg.image;

import java.nio.charset.StandardCharsets;

/**
 * A place in a section of debugging information, and what DWARF is made of: numbers of fixed and
 * variable length and strings, read one after the other. Reading past the end is {@link
 * DamagedException}. Source: DWARF 5, sections 7.2 to 7.6.
 */
final class DebugBytes {
    /** Names are paths: longer strings are damage, and so are longer numbers. */
    private static final int LONGEST_STRING = 4096;

    private static final int LONGEST_NUMBER = 16;

    private static final int LENGTH_64 = 0xffffffff;
    private static final int LENGTH_RESERVED = 0xfffffff0;

    private final byte[] bytes;
    private final boolean bigEndian;

    /** Where the section starts, for offsets that count from there. */
    private final int start;

    private final int end;
    private int at;

    DebugBytes(byte[] bytes, int start, int end, boolean bigEndian) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        this.bigEndian = bigEndian;
        at = start;
    }

    /** Of the same section, from here to {@code length} bytes on; this one moves behind it. */
    DebugBytes take(long length) {
        if (length < 0 || length > end - at) {
            throw new DamagedException("a length points outside its section");
        }
        DebugBytes taken = new DebugBytes(bytes, start, at + (int) length, bigEndian);
        taken.at = at;
        at += (int) length;
        return taken;
    }

    /** Of the same section and with the same end, from this offset in the section on. */
    DebugBytes from(long offset) {
        if (offset < 0 || offset > end - start) {
            throw new DamagedException("an offset points outside its section");
        }
        DebugBytes other = new DebugBytes(bytes, start, end, bigEndian);
        other.at = start + (int) offset;
        return other;
    }

    /** Where this is, from the start of the section. */
    int offset() {
        return at - start;
    }

    boolean atEnd() {
        return at >= end;
    }

    void skip(long count) {
        if (count < 0 || count > end - at) {
            throw new DamagedException("a length points outside its section");
        }
        at += (int) count;
    }

    int octet() {
        if (at >= end) {
            throw new DamagedException("it ends early");
        }
        return bytes[at++] & 0xff;
    }

    int signedOctet() {
        return (byte) octet();
    }

    int half() {
        return (int) fixed(2);
    }

    int word() {
        return (int) fixed(4);
    }

    /** An unsigned number of 1, 2, 4 or 8 bytes; of 8, the bits. */
    long fixed(int size) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            int shift = 8 * (bigEndian ? size - 1 - i : i);
            value |= (long) octet() << shift;
        }
        return value;
    }

    /** An address of 4 or 8 bytes; of 8, the low half. */
    int address(long size) {
        if (size != 4 && size != 8) {
            throw new DamagedException("addresses of " + size + " bytes");
        }
        return (int) fixed((int) size);
    }

    /** ULEB128; bits above 63 are lost. */
    long unsigned() {
        return number(false);
    }

    /** SLEB128; bits above 63 are lost. */
    long signed() {
        return number(true);
    }

    private long number(boolean signed) {
        long value = 0;
        int shift = 0;
        int octet;
        do {
            octet = octet();
            if (shift >= 7 * LONGEST_NUMBER) {
                throw new DamagedException("a number without end");
            }
            value |= shift < Long.SIZE ? (octet & 0x7fL) << shift : 0;
            shift += 7;
        } while (octet >= 0x80);
        boolean negative = signed && (octet & 0x40) != 0;
        return negative && shift < Long.SIZE ? value | -1L << shift : value;
    }

    /** A string up to its NUL. */
    String string() {
        int first = at;
        while (octet() != 0) {
            if (at - first > LONGEST_STRING) {
                throw new DamagedException("a string without end");
            }
        }
        return new String(bytes, first, at - 1 - first, StandardCharsets.UTF_8);
    }

    /**
     * What an initial length says: a unit of that many bytes, in the 32-bit or 64-bit format. This
     * moves behind it.
     */
    Unit unit() {
        int length = word();
        if (length == LENGTH_64) {
            return new Unit(take(fixed(8)), 8);
        }
        if (Integer.compareUnsigned(length, LENGTH_RESERVED) >= 0) {
            throw new DamagedException("a reserved length");
        }
        return new Unit(take(Integer.toUnsignedLong(length)), 4);
    }

    /**
     * @param bytes its contents behind the length
     * @param offsetBytes size of the offsets in it
     */
    record Unit(DebugBytes bytes, int offsetBytes) {}
}
