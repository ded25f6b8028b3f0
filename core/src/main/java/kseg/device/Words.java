package kseg.device;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Devices' buffers as the bus sees them: big-endian words. */
final class Words {
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private Words() {}

    static int get(byte[] buffer, int offset) {
        return (int) INTS.get(buffer, offset);
    }

    static void put(byte[] buffer, int offset, int value) {
        INTS.set(buffer, offset, value);
    }
}
