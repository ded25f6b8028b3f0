package kseg.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import kseg.config.Numbers;

/** Frames in UDP packets that do not leave this host. */
final class UdpFrameSocket implements FrameSocket {
    private static final int MOST_PORT = 0xffff;

    private final DatagramChannel channel;
    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocate(MOST_BYTES + 1);

    private UdpFrameSocket(DatagramChannel channel, Selector selector) {
        this.channel = channel;
        this.selector = selector;
    }

    static UdpFrameSocket open(String address) throws IOException {
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        try {
            channel.bind(parse(address));
            channel.configureBlocking(false);
            Selector selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
            return new UdpFrameSocket(channel, selector);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static SocketAddress parse(String address) throws IOException {
        OptionalLong port = Numbers.parseDecimal(address.substring(UDP.length()));
        if (port.isEmpty() || port.getAsLong() > MOST_PORT) {
            throw new IOException("a UDP address is udp:PORT, with a port up to 65535");
        }
        byte[] loopback = {127, 0, 0, 1};
        return new InetSocketAddress(InetAddress.getByAddress(loopback), (int) port.getAsLong());
    }

    @Override
    public Outcome offer(byte[] frame, String to) {
        try {
            int sent = channel.send(ByteBuffer.wrap(frame), parse(to));
            return sent == frame.length ? Outcome.TAKEN : Outcome.NO_ROOM;
        } catch (IOException e) {
            return Outcome.NOBODY;
        }
    }

    @Override
    public Optional<Received> receive(Duration patience) throws IOException {
        Optional<Received> received = receiveNow();
        if (received.isPresent() || patience.isZero()) {
            return received;
        }
        selector.select(patience.toMillis());
        selector.selectedKeys().clear();
        return receiveNow();
    }

    private Optional<Received> receiveNow() throws IOException {
        SocketAddress from = channel.receive(buffer.clear());
        if (!(from instanceof InetSocketAddress sender)) {
            return Optional.empty();
        }
        byte[] frame = Arrays.copyOf(buffer.array(), buffer.position());
        return Optional.of(new Received(frame, UDP + sender.getPort()));
    }

    @Override
    public void close() {
        try (channel;
                selector) {
            // Both are closed.
        } catch (IOException e) {
            // They are gone either way.
        }
    }
}
