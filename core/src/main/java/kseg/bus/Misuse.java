package kseg.bus;

/**
 * Told when the guest does what the hardware's manual forbids (System/161's "hang"). The present
 * instruction completes; the machine then stops with {@code Exit.Misuse}.
 */
public interface Misuse {
    /**
     * @param reason the message, in System/161's words where it has them
     */
    void report(String reason);
}
