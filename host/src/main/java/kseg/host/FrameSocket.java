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

    /**
     * Sends a frame, and waits while there is no room for it; answers whether somebody is there to
     * take it.
     */
    boolean send(byte[] frame, String to);

    /** The same without waiting: whoever has no room for the frame misses it. */
    boolean offer(byte[] frame, String to);

    /** The next frame, waited for as long as is said. */
    Optional<Received> receive(Duration patience) throws IOException;

    @Override
    void close();
}
