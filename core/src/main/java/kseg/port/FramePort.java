package kseg.port;

/** Where a network card's frames go. Frames coming in are machine inputs. */
public interface FramePort {
    /**
     * Sends one frame.
     *
     * @param nanos machine time at which it leaves the card
     * @param frame the receiver's to keep
     */
    void send(long nanos, byte[] frame);
}
