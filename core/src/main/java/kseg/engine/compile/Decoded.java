package kseg.engine.compile;

import kseg.cpu.PreciseStep;
import kseg.engine.CodePages;
import kseg.isa.Insn;

/** The fields of an instruction as {@link CodePages} decodes it. */
final class Decoded {
    /** Upper bits of the opcodes of loads and stores, but those of LL and SC. */
    private static final int ACCESS = 2;

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

    /** A load or store, as a local instruction: one that {@link PreciseStep} executes in full. */
    static long precise(long access) {
        int registers = a(access) << 21 | b(access) << 16;
        int word = CodeReader.insn(access).match() | registers | immediate(access) & 0xffff;
        return (long) CodePages.OP_LOCAL << 56 | word & 0xffffffffL;
    }

    /** Whether a region's instruction is this one, or what {@link #precise} makes of it. */
    static boolean standsFor(long insn, long decoded) {
        return insn == decoded
                || Scout.isLocal(insn) && Scout.isAccess(decoded) && insn == precise(decoded);
    }

    /** Whether PreciseStep has to execute this local instruction in full: an access, or RFE. */
    static boolean isPrecise(long local) {
        int word = immediate(local);
        return (word & Insn.RFE.mask()) == Insn.RFE.match() || word >>> 30 == ACCESS;
    }
}
