package kseg.device;

import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;

/**
 * An interrupt register of the character devices: bit 0 enables, bit 1 is set by the device when it
 * is ready and cleared (or set) by software, bit 2 is for software to force an interrupt.
 */
final class IrqRegister {
    private static final int ENABLE = 1;
    private static final int READY = 2;
    private static final int FORCE = 4;

    private int bits;

    int read() {
        return bits;
    }

    void write(int value) {
        bits = value & (ENABLE | READY | FORCE);
    }

    boolean ready() {
        return (bits & READY) != 0;
    }

    void setReady() {
        bits |= READY;
    }

    /** Whether this register asks for the device's line to be up. */
    boolean asserted() {
        return (bits & ENABLE) != 0 && (bits & (READY | FORCE)) != 0;
    }

    void save(StateWriter out) {
        out.putByte(bits);
    }

    void restore(StateReader in) {
        bits = in.getByte();
    }
}
