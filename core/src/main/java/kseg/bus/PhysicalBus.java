package kseg.bus;

/**
 * What answers at physical addresses that are not RAM. All addresses are naturally aligned for the
 * width.
 */
public interface PhysicalBus {
    /**
     * Reads a device register.
     *
     * @return the datum, zero-extended
     * @throws BusError when nothing answers
     */
    int read(int paddr, Width width);

    /**
     * Writes a device register.
     *
     * @throws BusError when nothing answers
     */
    void write(int paddr, int value, Width width);

    /** Whether this is read-only memory kept in the machine's frames (a boot ROM's page). */
    boolean isRom(int paddr);
}
