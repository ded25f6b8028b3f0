package kseg.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever clients send, meter and hub go on serving. Random, from fixed seeds. */
@Timeout(60)
class HostileClientProps {
    private static final int ROUNDS = 300;
    private static final String[] PIECES = {
        "INTERVAL ",
        "interval",
        "10000",
        "200000000",
        "-1",
        "0x",
        "\r\n",
        "\n",
        " ",
        "\0",
        "x".repeat(90)
    };

    @TempDir Path directory;

    private static byte[] noise(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i >= 0; i--) {
            boolean known = random.nextBoolean();
            text.append(
                    known
                            ? PIECES[random.nextInt(PIECES.length)]
                            : String.valueOf((char) random.nextInt(256)));
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void theMeter() throws Exception {
        Path socket = directory.resolve("meter");
        try (MeterServer _ = MeterServer.open(socket)) {
            for (int seed = 0; seed < ROUNDS; seed++) {
                attackMeter(socket, new Random(seed));
            }
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                BufferedReader lines =
                        new BufferedReader(Channels.newReader(client, StandardCharsets.US_ASCII));
                assertThat(lines.readLine()).isEqualTo("HELLO 2");
                lines.readLine();
                lines.readLine();
                client.write(StandardCharsets.US_ASCII.encode("nonsense\n"));
                assertThat(lines.readLine()).isEqualTo("BAD Invalid command");
            }
        }
    }

    private static void attackMeter(Path socket, Random random) throws IOException {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            for (int i = random.nextInt(5); i >= 0; i--) {
                client.write(ByteBuffer.wrap(noise(random)));
            }
            if (random.nextBoolean()) {
                client.shutdownOutput();
            }
        }
    }

    @Test
    void theHub() throws IOException {
        List<String> news = new ArrayList<>();
        List<String> complaints = new ArrayList<>();
        String address = "udp:" + freePort();
        try (Hub hub = new Hub(FrameSocket.open(address), news::add, complaints::add);
                FrameSocket client = FrameSocket.open("udp:0")) {
            for (int seed = 0; seed < ROUNDS; seed++) {
                Random random = new Random(seed);
                byte[] frame = new byte[random.nextInt(FrameSocket.MOST_BYTES)];
                random.nextBytes(frame);
                if (frame.length > 8 && random.nextBoolean()) {
                    ByteBuffer.wrap(frame).putShort((short) 0xa4b3);
                    ByteBuffer.wrap(frame).putShort(4, (short) frame.length);
                }
                assertThat(client.offer(frame, address)).isEqualTo(FrameSocket.Outcome.TAKEN);
                hub.serve(Duration.ofSeconds(5));
                while (client.receive(Duration.ZERO).isPresent()) {
                    // What it sends on.
                }
            }
            assertThat(news).isNotEmpty();
            assertThat(complaints).hasSizeGreaterThan(ROUNDS / 3);
        }
    }

    private static int freePort() throws IOException {
        try (DatagramSocket probe = new DatagramSocket(0)) {
            return probe.getLocalPort();
        }
    }
}
