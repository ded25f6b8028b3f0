package kseg.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a debugger connects: a unix socket, or a TCP port that only this host reaches. It has one
 * client at a time; a second one is told so and sent away, as System/161 does.
 *
 * <p>Not thread-safe: the machine's owner, who never waits longer than it says.
 */
public final class DebugSocket implements AutoCloseable {
    /** System/161's answer to a second client: error 99. */
    private static final String TAKEN = "$E99#b7";

    /** How long a client may leave what it is sent unread before it is given up. */
    private static final long PATIENCE_MILLIS = 2000;

    private static final byte[] NOTHING = {};

    private final @Nullable SocketFile file;
    private final ServerSocketChannel server;
    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocate(8192);
    private @Nullable SocketChannel client;

    /** Whether the client was found gone when something was sent to it. */
    private boolean lost;

    /** The client before, which has yet to hang up. */
    private @Nullable SocketChannel leaving;

    private DebugSocket(@Nullable SocketFile file, ServerSocketChannel server, Selector selector) {
        this.file = file;
        this.server = server;
        this.selector = selector;
    }

    /** Listens on a unix socket, whose file must not exist. */
    public static DebugSocket at(Path socket) throws IOException {
        return listen(
                ServerSocketChannel.open(StandardProtocolFamily.UNIX),
                UnixDomainSocketAddress.of(socket),
                socket);
    }

    /** Listens on a TCP port of the loopback address; 0 is any that is free. */
    public static DebugSocket at(int port) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        return listen(server, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), null);
    }

    private static DebugSocket listen(
            ServerSocketChannel server, SocketAddress address, @Nullable Path file)
            throws IOException {
        try {
            server.bind(address);
            server.configureBlocking(false);
            Selector selector = Selector.open();
            server.register(selector, SelectionKey.OP_ACCEPT);
            SocketFile bound = file == null ? null : SocketFile.bound(file);
            return new DebugSocket(bound, server, selector);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** The TCP port; 0 of a unix socket. */
    public int port() throws IOException {
        return server.getLocalAddress() instanceof InetSocketAddress address
                ? address.getPort()
                : 0;
    }

    public boolean hasClient() {
        return client != null;
    }

    /**
     * Waits for a client, or for something from the client there is.
     *
     * @param patience for how long; not at all if zero
     * @return what the client has sent, possibly nothing yet; empty if it has gone
     */
    public Optional<byte[]> receive(Duration patience) {
        if (lost) {
            lost = false;
            return Optional.empty();
        }
        try {
            if (patience.isZero()) {
                selector.selectNow();
            } else {
                selector.select(Math.max(1, patience.toMillis()));
            }
            selector.selectedKeys().clear();
            accept();
        } catch (IOException e) {
            return Optional.of(NOTHING); // the host has no more sockets for us
        }
        SocketChannel from = client;
        return from == null ? Optional.of(NOTHING) : read(from);
    }

    private Optional<byte[]> read(SocketChannel from) {
        try {
            buffer.clear();
            int count = from.read(buffer);
            if (count < 0) {
                disconnect();
                return Optional.empty();
            }
            return Optional.of(Arrays.copyOf(buffer.array(), count));
        } catch (IOException e) {
            disconnect();
            return Optional.empty();
        }
    }

    private void accept() throws IOException {
        SocketChannel came = server.accept();
        if (came == null) {
            return;
        }
        came.configureBlocking(false);
        if (client == null) {
            came.register(selector, SelectionKey.OP_READ);
            client = came;
            return;
        }
        try (came) {
            came.write(ByteBuffer.wrap(TAKEN.getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            // It has gone by itself.
        }
    }

    /** Sends to the client, if there is one that reads. */
    public void send(byte[] bytes) {
        SocketChannel to = client;
        ByteBuffer left = ByteBuffer.wrap(bytes);
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        try {
            while (to != null && left.hasRemaining()) {
                if (to.write(left) == 0) {
                    if (System.nanoTime() > deadline) {
                        lose();
                        return;
                    }
                    Thread.sleep(1);
                }
            }
        } catch (IOException e) {
            lose();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lose() {
        disconnect();
        lost = true;
    }

    /** Has no client any more; the one there was may hang up when it likes. */
    public void release() {
        lost = false;
        closeQuietly(leaving);
        leaving = client;
        client = null;
        SelectionKey key = leaving == null ? null : leaving.keyFor(selector);
        if (key != null) {
            key.cancel();
        }
    }

    private void disconnect() {
        SocketChannel gone = client;
        client = null;
        closeQuietly(gone);
    }

    @Override
    public void close() {
        if (file != null) {
            file.remove();
        }
        disconnect();
        closeQuietly(leaving);
        closeQuietly(selector);
        closeQuietly(server);
    }

    private static void closeQuietly(@Nullable AutoCloseable closeable) {
        try {
            if (closeable != null) {
                closeable.close();
            }
        } catch (Exception e) {
            // It is gone either way.
        }
    }
}
