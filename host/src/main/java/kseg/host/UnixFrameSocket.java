package kseg.host;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Frames in datagrams of unix sockets, which Java does not have: System/161's network. Only where
 * the host is known to have them as Linux or macOS does.
 */
final class UnixFrameSocket implements FrameSocket {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final short POLLIN = 1;

    // struct sockaddr_un: a family of two bytes (on macOS a length and a family), and a path.
    private static final int ADDRESS_BYTES = 110;
    private static final int PATH = 2;
    private static final int MOST_PATH_BYTES = 103;

    // struct msghdr, as far as Linux and macOS agree: name, its length, buffers, their number.
    private static final int MESSAGE_BYTES = 56;
    private static final int M_NAME = 0;
    private static final int M_NAME_LENGTH = 8;
    private static final int M_BUFFERS = 16;
    private static final int M_BUFFER_COUNT = 24;

    private final Path path;
    private final int fd;
    private final UnixFiles system;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment pollfd = arena.allocate(8, 4);
    private final MemorySegment data = arena.allocate(MOST_BYTES + 1);
    private final MemorySegment name = arena.allocate(ADDRESS_BYTES, 8);
    private final MemorySegment buffers = arena.allocate(16, 8);
    private final MemorySegment message = arena.allocate(MESSAGE_BYTES, 8);
    private boolean closed;

    private UnixFrameSocket(Path path, int fd, UnixFiles system) {
        this.path = path;
        this.fd = fd;
        this.system = system;
        pollfd.set(JAVA_INT, 0, fd);
        pollfd.set(JAVA_SHORT, 4, POLLIN);
        buffers.set(JAVA_LONG, 0, data.address());
    }

    static UnixFrameSocket open(Path path) throws IOException {
        Optional<UnixFiles> system = UnixFiles.here();
        if (system.isEmpty()) {
            throw new IOException("this system has no unix datagram sockets; use udp:PORT");
        }
        int fd = LibC.socket(AF_UNIX, SOCK_DGRAM, 0);
        if (fd < 0) {
            throw new IOException("no socket can be had");
        }
        var socket = new UnixFrameSocket(path, fd, system.get());
        try {
            int length = socket.address(path.toString());
            if (LibC.bind(fd, socket.name, length) != 0) {
                throw new IOException("a socket cannot be bound here");
            }
            return socket;
        } catch (IOException e) {
            socket.release();
            throw e;
        }
    }

    /** Puts an address into {@link #name}; returns its length. */
    private int address(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MOST_PATH_BYTES) {
            throw new IOException("the path is too long for a socket");
        }
        int length = PATH + bytes.length;
        name.fill((byte) 0);
        if (system == UnixFiles.MACOS) {
            name.set(JAVA_BYTE, 0, (byte) length);
            name.set(JAVA_BYTE, 1, (byte) AF_UNIX);
        } else {
            name.set(JAVA_SHORT, 0, (short) AF_UNIX);
        }
        MemorySegment.copy(bytes, 0, name, JAVA_BYTE, PATH, bytes.length);
        return length;
    }

    private void message(int nameLength, int bytes) {
        message.fill((byte) 0);
        message.set(JAVA_LONG, M_NAME, name.address());
        message.set(JAVA_INT, M_NAME_LENGTH, nameLength);
        message.set(JAVA_LONG, M_BUFFERS, buffers.address());
        message.set(JAVA_LONG, M_BUFFER_COUNT, 1); // an int on macOS, and little-endian
        buffers.set(JAVA_LONG, 8, bytes);
    }

    @Override
    public Outcome offer(byte[] frame, String to) {
        if (!prepare(frame, to)) {
            return Outcome.NOBODY;
        }
        int error = LibC.sendmsgError(fd, message, system.doNotWait());
        if (error == 0) {
            return Outcome.TAKEN;
        }
        return system.meansNoRoom(error) ? Outcome.NO_ROOM : Outcome.NOBODY;
    }

    /** Puts a frame and its receiver into {@link #message}; answers whether the latter fits. */
    private boolean prepare(byte[] frame, String to) {
        try {
            int length = address(to);
            MemorySegment.copy(frame, 0, data, JAVA_BYTE, 0, frame.length);
            message(length, frame.length);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Optional<Received> receive(Duration patience) {
        int millis = Math.clamp(patience.toMillis(), 0, Integer.MAX_VALUE);
        if (LibC.poll(pollfd, 1, millis) <= 0) {
            return Optional.empty();
        }
        message(ADDRESS_BYTES, MOST_BYTES + 1);
        long count = LibC.recvmsg(fd, message, 0);
        if (count < 0) {
            return Optional.empty();
        }
        byte[] frame = data.asSlice(0, count).toArray(JAVA_BYTE);
        int length = Math.min(message.get(JAVA_INT, M_NAME_LENGTH), ADDRESS_BYTES);
        return Optional.of(new Received(frame, path(length)));
    }

    /** The path in {@link #name}; empty for a sender without one. */
    private String path(int length) {
        int end = PATH;
        while (end < length && name.get(JAVA_BYTE, end) != 0) {
            end++;
        }
        byte[] bytes = name.asSlice(PATH, Math.max(0, end - PATH)).toArray(JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void release() {
        if (!closed) {
            closed = true;
            LibC.close(fd);
            arena.close();
        }
    }

    @Override
    public void close() {
        release();
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // The next one here removes it.
        }
    }
}
