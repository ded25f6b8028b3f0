package kseg.journal;

import java.util.Arrays;

/**
 * Something from outside that changes a machine.
 *
 * @param slot of the device it is for; or a CPU, as the kind says
 * @param bytes its content; not to be modified
 */
@SuppressWarnings("ArrayRecordComponent") // equality is by content, see equals
public record Input(Kind kind, int slot, byte[] bytes) {
    /** What sort of input it is. */
    public enum Kind {
        /** Characters typed at a serial console or a text screen. */
        CHARACTERS,
        /** A frame arriving at a network card. */
        FRAME,
        /** What the host answered when a device asked. */
        ANSWER,
        /** A debugger's write of a register of the CPU that {@code slot} says. */
        REGISTER,
        /** A debugger's write of memory, at a physical address; {@code slot} is 0. */
        MEMORY
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Input(Kind k, int s, byte[] b)
                && k == kind
                && s == slot
                && Arrays.equals(b, bytes);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * kind.hashCode() + slot) + Arrays.hashCode(bytes);
    }
}
