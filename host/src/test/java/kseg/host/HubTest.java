package kseg.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The hub, and unix and UDP sockets for frames. */
@Timeout(30)
class HubTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final int EVERYBODY = 0xffff;

    @TempDir Path directory;

    private final List<String> news = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private String address = "";
    private Hub hub;
    private FrameSocket one;
    private FrameSocket two;

    @BeforeEach
    void open() throws IOException {
        assumeTrue(UnixFiles.here().isPresent(), "no unix datagram sockets: skipped");
        address = path("hub");
        hub = new Hub(FrameSocket.open(address), news::add, complaints::add);
        one = FrameSocket.open(path("net-0001"));
        two = FrameSocket.open(path("net-0002"));
    }

    @AfterEach
    void close() {
        hub.close();
        one.close();
        two.close();
        assertThat(directory).isEmptyDirectory();
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private static byte[] frame(int from, int to, String text) {
        byte[] data = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(8 + data.length)
                .putShort((short) 0xa4b3)
                .putShort((short) from)
                .putShort((short) (8 + data.length))
                .putShort((short) to)
                .put(data)
                .array();
    }

    private void say(FrameSocket socket, byte[] frame) throws IOException {
        assertThat(socket.offer(frame, address)).isEqualTo(FrameSocket.Outcome.TAKEN);
        hub.serve(SOON);
    }

    private static byte[] next(FrameSocket socket) throws IOException {
        return socket.receive(SOON).orElseThrow().frame();
    }

    @Test
    void everybodyWhoHasSpokenHearsEverything() throws IOException {
        say(one, frame(1, 0, ""));
        say(two, frame(2, 0, ""));
        assertThat(news)
                .containsExactly(
                        "adding 0001 from " + path("net-0001"),
                        "adding 0002 from " + path("net-0002"));
        byte[] hello = frame(1, EVERYBODY, "hello");
        say(one, hello);
        assertThat(next(one)).as("the sender, too").isEqualTo(hello);
        assertThat(next(two)).isEqualTo(hello);
        assertThat(one.receive(Duration.ZERO)).isEmpty();
        assertThat(complaints).isEmpty();
    }

    @Test
    void whatIsNoFrameIsDropped() throws IOException {
        say(one, frame(1, 0, ""));
        say(two, new byte[] {1, 2, 3});
        byte[] noMagic = frame(2, 1, "x");
        noMagic[0] = 0;
        say(two, noMagic);
        say(two, Arrays.copyOf(frame(2, 1, "x"), 20));
        say(two, frame(0xffff, 1, "x"));
        assertThat(complaints)
                .containsExactly(
                        "runt packet (size 3)",
                        "frame error [00b3]",
                        "bad size [0009 0014]",
                        "packet came from broadcast addr (dropped)");
        assertThat(one.receive(Duration.ZERO)).isEmpty();
    }

    @Test
    void whoHasGoneIsForgotten() throws IOException {
        say(one, frame(1, 0, ""));
        say(two, frame(2, 0, ""));
        two.close();
        for (int i = 0; i < 6; i++) {
            say(one, frame(1, 2, "there?"));
        }
        assertThat(news).last().isEqualTo("dropping 0002");
        assertThat(complaints).hasSize(6).containsOnly("0002 cannot be reached");
    }

    @Test
    void addressesThatMakeNoSense() throws IOException {
        try (FrameSocket socket = FrameSocket.open("udp:0")) {
            assertThat(socket.receive(Duration.ZERO)).isEmpty();
            assertThat(socket.offer(new byte[] {1}, "udp:99999"))
                    .isEqualTo(FrameSocket.Outcome.NOBODY);
        }
        assertThatThrownBy(() -> FrameSocket.open("udp:x")).hasMessageContaining("udp:PORT");
    }

    @Test
    void udpCarriesFramesBothWays() throws IOException {
        int port = freePort();
        try (FrameSocket server = FrameSocket.open("udp:" + port);
                FrameSocket client = FrameSocket.open("udp:0")) {
            byte[] big = frame(1, 2, "x".repeat(FrameSocket.MOST_BYTES - 8));
            assertThat(client.offer(big, "udp:" + port)).isEqualTo(FrameSocket.Outcome.TAKEN);
            Optional<FrameSocket.Received> received = server.receive(SOON);
            assertThat(received.orElseThrow().frame()).isEqualTo(big);
            assertThat(server.offer(frame(2, 1, "back"), received.orElseThrow().from()))
                    .isEqualTo(FrameSocket.Outcome.TAKEN);
            assertThat(next(client)).isEqualTo(frame(2, 1, "back"));
        }
    }

    private static int freePort() throws IOException {
        try (var probe = new DatagramSocket(0)) {
            return probe.getLocalPort();
        }
    }

    @Test
    void theLargestFrameFitsAndAPathThatIsTooLongIsSaidSo() throws IOException {
        say(two, frame(2, 0, ""));
        byte[] big = frame(1, 2, "x".repeat(FrameSocket.MOST_BYTES - 8));
        say(one, big);
        assertThat(next(two)).isEqualTo(big);
        assertThatThrownBy(() -> FrameSocket.open(path("x".repeat(120))))
                .hasMessage("the path is too long for a socket");
    }
}
