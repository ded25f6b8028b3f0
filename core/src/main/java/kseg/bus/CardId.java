package kseg.bus;

/**
 * What a card says it is in its configuration region (LAMEbus specification, "Configuration").
 *
 * @param vendor vendor id; 1 is System/161
 * @param device device id, unique within the vendor
 * @param revision revision of the device's interface
 */
public record CardId(int vendor, int device, int revision) {
    /** Vendor id of the System/161 devices. */
    public static final int SYSTEM161 = 1;

    public static final CardId OLD_MAINBOARD = new CardId(SYSTEM161, 1, 2);
    public static final CardId TIMER = new CardId(SYSTEM161, 2, 1);
    public static final CardId DISK = new CardId(SYSTEM161, 3, 2);
    public static final CardId SERIAL = new CardId(SYSTEM161, 4, 1);
    public static final CardId SCREEN = new CardId(SYSTEM161, 5, 1);

    /** The manual says revision 2; the program reports 1, and drivers ask for 1. */
    public static final CardId NIC = new CardId(SYSTEM161, 6, 1);

    public static final CardId EMUFS = new CardId(SYSTEM161, 7, 1);
    public static final CardId TRACE = new CardId(SYSTEM161, 8, 3);
    public static final CardId RANDOM = new CardId(SYSTEM161, 9, 1);
    public static final CardId MAINBOARD = new CardId(SYSTEM161, 10, 1);
}
