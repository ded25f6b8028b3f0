package kseg.bus;

/**
 * Nothing answers at this physical address. The CPU turns it into a bus error exception (IBE or
 * DBE); it never leaves the machine. Stackless, because guests probe empty slots at every boot.
 */
public final class BusError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public static final BusError INSTANCE = new BusError();

    private BusError() {
        super("bus error", null, false, false);
    }
}
