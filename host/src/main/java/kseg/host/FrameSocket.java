package kseg.host;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A socket for network frames, each of which is sent and received whole. Addresses are paths of
 * unix datagram sockets, as System/161 has them, or {@code udp:PORT} on this host, which every
 * system has.
 *
 * <p>Not thread-safe.
 */
public sealed interface FrameSocket extends AutoCloseable permits UnixFrameSocket, UdpFrameSocket {
    /** Frames have at most this many bytes. */
    int MOST_BYTES = 4096;

    /** How addresses that are no paths begin. */
    String UDP = "udp:";

    /** A frame, and the address of the socket that sent it. */
    final class Received {
        private final byte[] frame;
        private final String from;

        Received(byte[] frame, String from) {
            this.frame = frame;
            this.from = from;
        }

        /** The receiver's to keep. */
        public byte[] frame() {
            return frame;
        }

        public String from() {
            return from;
        }
    }

    /**
     * Opens a socket under an address.
     *
     * @param address of the new socket; {@code udp:0} for any free port
     */
    static FrameSocket open(String address) throws IOException {
        if (address.startsWith(UDP)) {
            return UdpFrameSocket.open(address);
        }
        return UnixFrameSocket.open(Path.of(address));
    }

    /** What became of a frame. */
    enum Outcome {
        TAKEN,
        /** The receiver is there, but has no room for it now. */
        NO_ROOM,
        /** There is nobody to take it. */
        NOBODY
    }

    /** Sends a frame if there is room for it: waits for nobody. */
    Outcome offer(byte[] frame, String to);

    /** The next frame, waited for as long as is said. */
    Optional<Received> receive(Duration patience) throws IOException;

    @Override
    void close();
}
