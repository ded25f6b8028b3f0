package kseg.port;

/** Where a network card's frames go. Frames coming in are machine inputs. */
public interface FramePort {
    /** Sends one frame; the array is the receiver's to keep. */
    void send(byte[] frame);
}
