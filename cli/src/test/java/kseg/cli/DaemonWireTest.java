package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kseg.cli.DaemonHello.Wish;
import kseg.cli.DaemonWire.Frame;
import kseg.cli.DaemonWire.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a daemon and its clients say to each other. */
@Timeout(30)
class DaemonWireTest {
    @TempDir Path directory;

    private SocketChannel sender;
    private SocketChannel receiver;
    private DaemonWire wire;

    @BeforeEach
    void connect() throws IOException {
        var address = UnixDomainSocketAddress.of(directory.resolve("socket"));
        try (ServerSocketChannel server =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address)) {
            sender = SocketChannel.open(address);
            receiver = server.accept();
        }
        wire = new DaemonWire(receiver);
    }

    @AfterEach
    void hangUp() throws IOException {
        sender.close();
        receiver.close();
    }

    @Test
    void framesArriveAsTheyWereSent() throws IOException {
        byte[] bytes = new byte[2 * DaemonWire.CHUNK_BYTES + 1];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        var other = new DaemonWire(sender);
        Thread.ofPlatform()
                .start(() -> {
                    try (other) {
                        other.send(Kind.THERE);
                        other.send(Kind.EXIT, -7);
                        other.send(Kind.COMMAND, List.of("", "zwei Wörter", ""));
                        other.send(Kind.OUT, bytes, 1, bytes.length - 1);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
        assertThat(next().kind()).isEqualTo(Kind.THERE);
        assertThat(next().number()).isEqualTo(-7);
        assertThat(next().texts()).containsExactly("", "zwei Wörter", "");
        ByteBuffer out = ByteBuffer.wrap(next().bytes());
        assertThat(out).isEqualTo(ByteBuffer.wrap(bytes, 1, bytes.length - 1));
        assertThat(wire.receive()).isNull();
    }

    private Frame next() throws IOException {
        Frame frame = wire.receive();
        assertThat(frame).isNotNull();
        return frame;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 6, 9})
    void aFrameThatEndsEarlyIsAnError(int bytes) throws IOException {
        byte[] whole = {(byte) Kind.INPUT.ordinal(), 0, 0, 0, 5, 'h', 'e', 'l', 'l', 'o'};
        sender.write(ByteBuffer.wrap(whole, 0, bytes));
        sender.close();
        assertThatThrownBy(wire::receive).isInstanceOf(EOFException.class);
    }

    @Test
    void whatIsNoFrameIsAnErrorAndTakesNoMemory() throws IOException {
        List<byte[]> hostile =
                List.of(
                        new byte[] {(byte) 0xff, 0, 0, 0, 0},
                        new byte[] {(byte) Kind.values().length, 0, 0, 0, 0},
                        new byte[] {0, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff},
                        new byte[] {0, (byte) 0x80, 0, 0, 0},
                        new byte[] {0, 0, 0x10, 0, 1},
                        "GET / HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8));
        for (byte[] bytes : hostile) {
            sender.write(ByteBuffer.wrap(bytes));
            assertThatThrownBy(wire::receive).hasMessage("not a frame");
            hangUp();
            Files.delete(directory.resolve("socket"));
            connect();
        }
    }

    @Test
    void aNumberHasFourBytes() {
        assertThatThrownBy(() -> new Frame(Kind.EXIT, new byte[3]).number())
                .isInstanceOf(IOException.class);
    }

    @Test
    void aHelloTellsProcessesApart() throws IOException {
        DaemonHello own = DaemonHello.of(Wish.RUN, new DaemonPlace(directory));
        DaemonHello told = DaemonHello.parse(own.texts());
        assertThat(told).isEqualTo(own);
        assertThat(own.difference(told)).isEmpty();
        for (String fact : own.process().keySet()) {
            List<String> texts = new ArrayList<>(own.texts());
            texts.set(texts.indexOf(fact) + 1, "another");
            assertThat(own.difference(DaemonHello.parse(texts))).contains(fact);
        }
        DaemonHello silent = new DaemonHello(Wish.RUN, Map.of());
        assertThat(own.difference(silent)).isPresent();
    }

    @Test
    void whatIsNoHelloIsRefused() {
        for (List<String> texts :
                List.of(
                        List.of(""),
                        List.of("kseg daemon 1"),
                        List.of("kseg daemon 2", "RUN"),
                        List.of("kseg daemon 1", "WALK"),
                        List.of("kseg daemon 1", "RUN", "build"))) {
            assertThatThrownBy(() -> DaemonHello.parse(texts)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anOrderArrivesAsItWasGiven() throws IOException {
        DaemonOrder order = order("/a b", "sys161", "-X", "kernel", "", "q");
        assertThat(DaemonOrder.parse(order.texts())).isEqualTo(order);
        List<String> cut = order.texts().subList(0, order.texts().size() - 5);
        assertThatThrownBy(() -> DaemonOrder.parse(cut)).isInstanceOf(IOException.class);
        List<String> relative = new ArrayList<>(order.texts());
        relative.set(0, "here");
        assertThatThrownBy(() -> DaemonOrder.parse(relative)).isInstanceOf(IOException.class);
    }

    @Test
    void onlyWhatADaemonCanDoJustAsWellIsForIt() {
        assertThat(order("/a", "run", "kernel").isForDaemon()).isTrue();
        assertThat(order("/a", "demo").isForDaemon()).isTrue();
        assertThat(order("/a").isForDaemon()).isFalse();
        assertThat(order("/a", "seeds", "3", "demo").isForDaemon()).isFalse();
        assertThat(order("/a", "daemon", "stop").isForDaemon()).isFalse();
        assertThat(order("/a", "run", "--script", "/dev/fd/63", "kernel").isForDaemon()).isFalse();
        assertThat(order("/a", "run", "--stats=json", "/proc/self/fd/3", "k").isForDaemon())
                .isFalse();
        assertThat(order("/a", "run", "--jfr", "f.jfr", "kernel").isForDaemon()).isFalse();
        assertThat(order("/a" + "/long".repeat(16), "run", "kernel").isForDaemon()).isFalse();
    }

    private static DaemonOrder order(String directory, String... arguments) {
        return new DaemonOrder(
                directory,
                4711,
                List.of("/dev/null", "", "/dev/pts/3"),
                List.of(false, true, false),
                true,
                Map.of("HOME", "/home/me"),
                List.of(arguments));
    }
}
