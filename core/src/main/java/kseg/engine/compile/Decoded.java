package kseg.engine.compile;

import kseg.engine.CodePages;

/** The fields of an instruction as {@link CodePages} decodes it. */
final class Decoded {
    private Decoded() {}

    /** An instruction's ordinal, or a value from {@link CodePages#OP_LOCAL} on. */
    static int op(long decoded) {
        return (int) (decoded >>> 56) & ~CodePages.VARIANT;
    }

    /** Whether it is the little-endian form of an access to memory. */
    static boolean variant(long decoded) {
        return decoded < 0;
    }

    static int a(long decoded) {
        return (int) (decoded >>> 48) & 0xff;
    }

    static int b(long decoded) {
        return (int) (decoded >>> 40) & 0xff;
    }

    static int d(long decoded) {
        return (int) (decoded >>> 32) & 0xff;
    }

    static int immediate(long decoded) {
        return (int) decoded;
    }
}
