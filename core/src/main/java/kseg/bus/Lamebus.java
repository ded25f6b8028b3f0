package kseg.bus;

import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import org.jspecify.annotations.Nullable;

/**
 * LAMEbus: 32 slots of 64 KB each, from physical address 0x1fe00000 (System/161 manual, "LAMEbus").
 *
 * <p>An access to an empty slot is a bus error. Cards see whole words only: a narrower read takes
 * its part of the word, a narrower write reads the word, replaces its part and writes it back, side
 * effects of the read included. Bytes are numbered from the most significant.
 */
public final class Lamebus {
    /** Physical address of slot 0. */
    public static final int BASE = 0x1fe00000;

    /** Bytes of the whole bus window. */
    public static final int BYTES = 0x200000;

    public static final int SLOTS = 32;

    /** Bytes of one slot. */
    public static final int SLOT_BYTES = 0x10000;

    /** The slot of the bus controller. */
    public static final int CONTROLLER_SLOT = 31;

    private static final int SLOT_SHIFT = 16;
    private static final int WORD_MASK = SLOT_BYTES - 4;

    private final @Nullable Device[] devices = new @Nullable Device[SLOTS];
    private final @Nullable CardId[] ids = new @Nullable CardId[SLOTS];
    private final InterruptLines lines = new InterruptLines();

    /** Plugs a card into an empty slot. */
    public void attach(int slot, CardId id, Device device) {
        if (devices[slot] != null) {
            throw new IllegalArgumentException("slot %d is already in use".formatted(slot));
        }
        devices[slot] = device;
        ids[slot] = id;
    }

    /** The card in this slot, null when it is empty. */
    public @Nullable Device device(int slot) {
        return devices[slot];
    }

    /** Identity of the card in this slot, null when it is empty. */
    public @Nullable CardId id(int slot) {
        return ids[slot];
    }

    /** The interrupt lines of the slots. */
    public InterruptLines lines() {
        return lines;
    }

    /**
     * Reads.
     *
     * @param offset from {@link #BASE}, naturally aligned
     * @return the value, zero-extended
     */
    public int read(int offset, Width width) {
        int word = occupied(offset).read(offset & WORD_MASK, Width.WORD);
        return word >>> shift(offset, width) & mask(width);
    }

    /**
     * Writes.
     *
     * @param offset from {@link #BASE}, naturally aligned
     */
    public void write(int offset, int value, Width width) {
        Device device = occupied(offset);
        int register = offset & WORD_MASK;
        int word = value;
        if (width != Width.WORD) {
            int shift = shift(offset, width);
            int others = ~(mask(width) << shift);
            int old = device.read(register, Width.WORD);
            word = old & others | (value & mask(width)) << shift;
        }
        device.write(register, word, Width.WORD);
    }

    /** The word that holds this offset, without side effects; 0 where there is none. */
    public int peek(int offset) {
        int slot = offset >>> SLOT_SHIFT;
        Device device = slot < SLOTS ? devices[slot] : null;
        return device == null ? 0 : device.peek(offset & WORD_MASK);
    }

    /** Passes a due event to the card in this slot. */
    public void event(int slot, int kind, long argument) {
        Device device = devices[slot];
        if (device == null) {
            throw new IllegalStateException("event for empty slot %d".formatted(slot));
        }
        device.event(kind, argument);
    }

    /** Saves the lines and every card, in slot order. */
    public void save(StateWriter out) {
        out.section("lamebus", 1);
        lines.save(out);
        for (int slot = 0; slot < SLOTS; slot++) {
            Device device = devices[slot];
            out.putBoolean(device != null);
            if (device != null) {
                device.save(out);
            }
        }
    }

    /** Takes back what {@link #save} wrote for the same cards in the same slots. */
    public void restore(StateReader in) {
        in.section("lamebus", 1);
        lines.restore(in);
        for (int slot = 0; slot < SLOTS; slot++) {
            Device device = devices[slot];
            if (in.getBoolean() != (device != null)) {
                throw new IllegalStateException("other cards than saved: slot " + slot);
            }
            if (device != null) {
                device.restore(in);
            }
        }
    }

    private Device occupied(int offset) {
        int slot = offset >>> SLOT_SHIFT;
        Device device = slot < SLOTS ? devices[slot] : null;
        if (device == null) {
            throw BusError.INSTANCE;
        }
        return device;
    }

    private static int shift(int offset, Width width) {
        return 8 * (4 - width.bytes() - (offset & 3));
    }

    private static int mask(Width width) {
        return -1 >>> (32 - 8 * width.bytes());
    }
}
