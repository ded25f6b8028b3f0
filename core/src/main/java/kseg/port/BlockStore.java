package kseg.port;

/**
 * A disk image as it was when the machine started. The machine never writes it: writes go to an
 * overlay in the machine's state, and {@link #written} lets the host keep a crash-safe log of them.
 */
public interface BlockStore {
    /** Bytes of a sector. */
    int SECTOR_BYTES = 512;

    /** Size in sectors. */
    int sectors();

    /**
     * Reads one sector of the base image.
     *
     * @throws HostFailureException when the host cannot
     */
    void read(int sector, byte[] into);

    /**
     * Told of every sector a live machine writes, in order.
     *
     * @throws HostFailureException when the host cannot log it
     */
    void written(int sector, byte[] data);
}
