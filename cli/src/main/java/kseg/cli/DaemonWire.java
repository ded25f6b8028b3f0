package kseg.cli;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One end of the connection between a daemon and a client: frames, each a byte that says what it
 * is, four that say how long, big-endian, and so many more.
 *
 * <p>A client says HELLO, is ACCEPTED, and gives its COMMAND; then the daemon leads: it writes OUT
 * and ERROR, and asks for input when the command wants some. The EXIT code ends it.
 *
 * <p>Threads: one receives; any may send.
 */
final class DaemonWire implements AutoCloseable {
    /** No frame is longer: a command line of that size is run without the daemon. */
    static final int MOST_BYTES = 1 << 20;

    /** How much is written or typed at once, at most. */
    static final int CHUNK_BYTES = 32 << 10;

    /** How long a daemon may take to answer. */
    private static final long PATIENCE_MILLIS = 5000;

    private static final int HEADER_BYTES = 5;
    private static final String SEPARATOR = "\0";

    /** What a frame is. */
    enum Kind {
        // From the client.
        /** Texts: see {@link DaemonHello}. */
        HELLO,
        /** Texts: see {@link DaemonOrder}. */
        COMMAND,
        /** The terminal on standard input is transparent now. */
        TERMINAL_IS,
        /** Standard input is no terminal. */
        TERMINAL_IS_NOT,
        /** What has come; not empty. */
        INPUT,
        INPUT_ENDED,
        /** An OUT frame has been written. */
        WRITTEN,
        /** Standard output cannot be written any more. */
        UNWRITABLE,
        /** The client is to end: ^C, say. */
        INTERRUPT,
        HERE,

        // From the daemon.
        ACCEPTED,
        /** A text: why the daemon does not run it. */
        REFUSED,
        /** Texts: how the daemon is doing. */
        REPORT,
        /** For standard output; answered by WRITTEN or UNWRITABLE. */
        OUT,
        /** For standard error. */
        ERROR,
        /** The terminal is to become transparent and keep ^C and ^Z; or hand them on. */
        TERMINAL,
        TERMINAL_WITHOUT_SIGNALS,
        /** Input, answered by one INPUT or INPUT_ENDED. */
        WANTED,
        /** Is the client there, or stopped? Answered by HERE. */
        THERE,
        /** The command is over: its exit code, as four bytes. */
        EXIT;

        private static final List<Kind> ALL = List.of(values());
    }

    /** A frame that has come. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares frames
    record Frame(Kind kind, byte[] bytes) {
        int number() throws IOException {
            if (bytes.length != Integer.BYTES) {
                throw new IOException(kind + " without a number");
            }
            return ByteBuffer.wrap(bytes).getInt();
        }

        List<String> texts() {
            return List.of(text().split(SEPARATOR, -1));
        }

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private final SocketChannel channel;
    private final ByteBuffer incoming = ByteBuffer.allocate(CHUNK_BYTES + HEADER_BYTES).flip();

    DaemonWire(SocketChannel channel) {
        this.channel = channel;
    }

    void send(Kind kind) throws IOException {
        send(kind, new byte[0], 0, 0);
    }

    void send(Kind kind, int number) throws IOException {
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
        send(kind, bytes, 0, bytes.length);
    }

    /** Sends texts, none of which has a zero in it. */
    void send(Kind kind, List<String> texts) throws IOException {
        byte[] bytes = String.join(SEPARATOR, texts).getBytes(StandardCharsets.UTF_8);
        send(kind, bytes, 0, bytes.length);
    }

    synchronized void send(Kind kind, byte[] bytes, int offset, int length) throws IOException {
        if (length > MOST_BYTES) {
            throw new IOException("too long");
        }
        ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + length);
        frame.put((byte) kind.ordinal()).putInt(length).put(bytes, offset, length).flip();
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    /**
     * Waits for a frame; null if the other end has hung up.
     *
     * @throws IOException if what comes is no frame
     */
    @Nullable Frame receive() throws IOException {
        if (!incoming.hasRemaining() && !fill()) {
            return null;
        }
        int kind = next();
        int length = next() << 24 | next() << 16 | next() << 8 | next();
        if (kind >= Kind.ALL.size() || length < 0 || length > MOST_BYTES) {
            throw new IOException("not a frame");
        }
        byte[] bytes = new byte[length];
        for (int have = 0; have < length; ) {
            if (!incoming.hasRemaining() && !fill()) {
                throw new EOFException("half a frame");
            }
            int more = Math.min(length - have, incoming.remaining());
            incoming.get(bytes, have, more);
            have += more;
        }
        return new Frame(Kind.ALL.get(kind), bytes);
    }

    /**
     * Waits for the daemon's answer, but hangs up if it takes too long.
     *
     * @throws SocketTimeoutException in that case
     * @throws IOException also if the daemon has hung up
     */
    Frame answer() throws IOException {
        var decided = new AtomicBoolean();
        Thread.ofPlatform()
                .daemon()
                .name("patience")
                .start(() -> {
                    try {
                        Thread.sleep(PATIENCE_MILLIS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    if (decided.compareAndSet(false, true)) {
                        close();
                    }
                });
        Frame answer = null;
        IOException failure = new EOFException("no answer");
        try {
            answer = receive();
        } catch (IOException e) {
            failure = e;
        }
        if (!decided.compareAndSet(false, true)) {
            throw new SocketTimeoutException("no answer");
        }
        if (answer == null) {
            throw failure;
        }
        return answer;
    }

    private int next() throws IOException {
        if (!incoming.hasRemaining() && !fill()) {
            throw new EOFException("half a frame");
        }
        return incoming.get() & 0xff;
    }

    private boolean fill() throws IOException {
        incoming.clear();
        int count = channel.read(incoming);
        incoming.flip();
        return count >= 0;
    }

    /** Whoever sends or receives fails from now on. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
