package kseg.engine.compile;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Guest memory as generated code accesses it: pool addresses, aligned, in either byte order. */
final class GuestBytes {
    static final VarHandle BIG32 =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle BIG16 =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle LITTLE32 =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LITTLE16 =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private GuestBytes() {}

    static int byteAt(byte[] mem, int pa) {
        return mem[pa] & 0xff;
    }

    static int halfBig(byte[] mem, int pa) {
        return (short) BIG16.get(mem, pa) & 0xffff;
    }

    static int halfLittle(byte[] mem, int pa) {
        return (short) LITTLE16.get(mem, pa) & 0xffff;
    }

    static int wordBig(byte[] mem, int pa) {
        return (int) BIG32.get(mem, pa);
    }

    static int wordLittle(byte[] mem, int pa) {
        return (int) LITTLE32.get(mem, pa);
    }

    static void putByteAt(byte[] mem, int pa, int value) {
        mem[pa] = (byte) value;
    }

    static void putHalfBig(byte[] mem, int pa, int value) {
        BIG16.set(mem, pa, (short) value);
    }

    static void putHalfLittle(byte[] mem, int pa, int value) {
        LITTLE16.set(mem, pa, (short) value);
    }

    static void putWordBig(byte[] mem, int pa, int value) {
        BIG32.set(mem, pa, value);
    }

    static void putWordLittle(byte[] mem, int pa, int value) {
        LITTLE32.set(mem, pa, value);
    }
}
