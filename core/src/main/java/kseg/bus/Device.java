package kseg.bus;

import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;

/**
 * A block of registers on a bus. Knows neither its base address nor the CPU. Not thread-safe:
 * called by the machine's owner, in the order of machine time.
 *
 * <p>An access to nothing throws {@link BusError}; an access the hardware defines as fatal misuse
 * (System/161's "hang") is reported to {@link Misuse} and otherwise ignored.
 */
public interface Device {
    /**
     * Reads a register.
     *
     * @param offset from the start of the device, naturally aligned for the width
     * @return the value, zero-extended
     */
    int read(int offset, Width width);

    /** Writes a register; {@code value} holds the datum in its low bits. */
    void write(int offset, int value, Width width);

    /** What {@link #read} would return, without its side effects; 0 where it would fail. */
    int peek(int offset);

    /** An event this device scheduled is due. */
    void event(int kind, long argument);

    /** Writes everything guest-visible, starting with a section of its own. */
    void save(StateWriter out);

    /** Takes back what {@link #save} wrote. Pending events are saved by the event queue. */
    void restore(StateReader in);
}
