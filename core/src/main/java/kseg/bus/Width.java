package kseg.bus;

/** Size of a bus access. */
public enum Width {
    BYTE(1),
    HALF(2),
    WORD(4);

    private final int bytes;

    Width(int bytes) {
        this.bytes = bytes;
    }

    /** Size in bytes. */
    public int bytes() {
        return bytes;
    }
}
