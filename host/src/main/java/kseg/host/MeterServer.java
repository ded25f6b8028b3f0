package kseg.host;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * System/161's meter, protocol version 2: tells clients such as stat161 and test161, on a unix
 * socket, what a machine has done, every so many nanoseconds of machine time.
 *
 * <p>Threads: one of its own serves all clients and owns them. The machine's owner asks {@link
 * #dueNanos}, which costs a read of memory, and publishes a sample when it is due; it never waits.
 * A client that does not read misses samples; they are totals, so nothing is lost.
 */
public final class MeterServer implements AutoCloseable {
    private static final long NEVER = Long.MAX_VALUE;

    /** Machine time between two samples at the least, however short a client's interval. */
    private static final long LEAST_NANOS = 1_000_000;

    /** The same of the host's time, so that watching costs the machine less than 1 %. */
    private static final long BREATH_NANOS = 2_000_000;

    private final SocketFile socket;
    private final ServerSocketChannel server;
    private final Selector selector;
    private final AtomicReference<@Nullable MeterSample> latest = new AtomicReference<>();
    private final Thread thread;
    private volatile long dueNanos = NEVER;
    private volatile boolean closing;

    private MeterServer(SocketFile socket, ServerSocketChannel server, Selector selector) {
        this.socket = socket;
        this.server = server;
        this.selector = selector;
        thread = Thread.ofPlatform().daemon().name("meter").unstarted(this::serve);
    }

    /** Starts serving on a socket, whose file must not exist. */
    public static MeterServer open(Path socket) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(socket));
            server.configureBlocking(false);
            Selector selector = Selector.open();
            server.register(selector, SelectionKey.OP_ACCEPT);
            MeterServer meter = new MeterServer(SocketFile.bound(socket), server, selector);
            meter.thread.start();
            return meter;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Machine time from which on a sample is wanted. For any thread. */
    public long dueNanos() {
        return dueNanos;
    }

    /** Hands over a sample. For the machine's owner. */
    public void publish(MeterSample sample) {
        dueNanos = NEVER; // until the clients have been served
        latest.set(sample);
        selector.wakeup();
    }

    @Override
    public void close() {
        socket.remove();
        closing = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve() {
        try (server;
                selector) {
            while (!closing) {
                selector.select(this::ready);
                MeterSample sample = latest.getAndSet(null);
                if (sample != null) {
                    distribute(sample);
                }
            }
            selector.keys().forEach(MeterServer::drop);
        } catch (IOException e) {
            dueNanos = NEVER; // the host has no more sockets for us; the machine runs on
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else if (key.attachment() instanceof MeterClient client && !client.serve(key)) {
                drop(key);
            }
        } catch (IOException e) {
            drop(key);
        }
    }

    private void accept() throws IOException {
        SocketChannel channel = server.accept();
        if (channel == null) {
            return;
        }
        channel.configureBlocking(false);
        int greeting = SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        channel.register(selector, greeting, new MeterClient(channel));
        dueNanos = 0;
    }

    private void distribute(MeterSample sample) {
        long due = NEVER;
        for (SelectionKey key : selector.keys()) {
            if (key.isValid() && key.attachment() instanceof MeterClient client) {
                try {
                    client.offer(sample, key);
                    due = Math.min(due, client.dueNanos());
                } catch (IOException e) {
                    drop(key);
                }
            }
        }
        LockSupport.parkNanos(BREATH_NANOS);
        dueNanos = due == NEVER ? NEVER : Math.max(due, sample.nanos() + LEAST_NANOS);
    }

    private static void drop(SelectionKey key) {
        key.cancel();
        try {
            key.channel().close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
