package kseg.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The meter's protocol, version 2, as System/161 2.0.8 speaks it. */
@Timeout(30)
class MeterServerTest {
    @TempDir Path directory;

    private Path socket;
    private MeterServer server;

    @BeforeEach
    void open() throws IOException {
        socket = directory.resolve("meter");
        server = MeterServer.open(socket);
    }

    @AfterEach
    void close() {
        server.close();
        assertThat(socket).doesNotExist();
    }

    private final class Client implements AutoCloseable {
        private final SocketChannel channel;
        private final BufferedReader reader;

        Client() throws IOException {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
            reader = new BufferedReader(Channels.newReader(channel, StandardCharsets.US_ASCII));
            assertThat(reader.readLine()).isEqualTo("HELLO 2");
            assertThat(reader.readLine())
                    .isEqualTo("HEAD nsec kinsns uinsns udud idle irqs exns disk con emu net");
            assertThat(reader.readLine()).isEqualTo("WIDTH 11 9 9 4 9 4 4 4 5 4 4");
        }

        String read() throws IOException {
            return reader.readLine();
        }

        void say(String text) throws IOException {
            channel.write(StandardCharsets.US_ASCII.encode(text));
        }

        String answer(String text) throws IOException {
            say(text);
            return read();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private static MeterSample at(long nanos) {
        return new MeterSample(nanos, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }

    private void publishWhenDue(long nanos) throws InterruptedException {
        while (server.dueNanos() > nanos) {
            Thread.sleep(1);
        }
        server.publish(at(nanos));
    }

    @Test
    void nothingIsDueWhileNobodyListens() {
        assertThat(server.dueNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aClientIsToldAtOnceAndThenEveryInterval() throws Exception {
        try (Client client = new Client()) {
            publishWhenDue(40);
            assertThat(client.read()).isEqualTo("DATA 40 1 2 3 4 5 6 7 8 9 10");
            publishWhenDue(200_000_040);
            assertThat(client.read()).startsWith("DATA 200000040 ");
            client.say("INTERVAL 1000000000\r\n");
            assertThat(client.answer("?\r\n")).isEqualTo("BAD Invalid command");
            publishWhenDue(400_000_040);
            assertThat(client.read()).startsWith("DATA 400000040 ");
            while (server.dueNanos() == Long.MAX_VALUE) {
                Thread.sleep(1);
            }
            assertThat(server.dueNanos()).isEqualTo(1_400_000_040);
        }
    }

    @Test
    void whatIsNotUnderstood() throws Exception {
        try (Client client = new Client()) {
            assertThat(client.answer("interval x\n")).isEqualTo("BAD Invalid number");
            assertThat(client.answer("Interval 9999\n")).isEqualTo("BAD Interval too small");
            assertThat(client.answer("INTERVAL 2000000001\n")).isEqualTo("BAD Interval too large");
            assertThat(client.answer("INTERVAL\n")).isEqualTo("BAD Invalid command");
            assertThat(client.answer("INTERVAL 1 2\n")).isEqualTo("BAD Invalid command");
            assertThat(client.answer("a b c d e f g h i\n"))
                    .isEqualTo("BAD Too many words in command");
            assertThat(client.answer("x".repeat(128))).isEqualTo("BAD Input overflow");
            assertThat(client.answer("\r\n \r\ninterval 0x2710\r\n?\r\n"))
                    .isEqualTo("BAD Invalid command");
        }
    }

    @Test
    void clientsComeAndGoAndEachHasItsInterval() throws Exception {
        try (Client fast = new Client()) {
            try (Client slow = new Client()) {
                slow.say("INTERVAL 2000000000\n");
                assertThat(slow.answer("?\n")).isEqualTo("BAD Invalid command");
                publishWhenDue(0);
                assertThat(slow.read()).startsWith("DATA 0 ");
                assertThat(fast.read()).startsWith("DATA 0 ");
            }
            publishWhenDue(200_000_000);
            assertThat(fast.read()).startsWith("DATA 200000000 ");
        }
    }

    @Test
    void aClientThatDoesNotReadMissesSamplesAndHoldsNobodyUp() throws Exception {
        try (SocketChannel deaf = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            deaf.write(StandardCharsets.US_ASCII.encode("INTERVAL 1000000\n"));
            for (int i = 0; i < 1000; i++) {
                deaf.write(ByteBuffer.wrap("?\n?\n?\n?\n".getBytes(StandardCharsets.US_ASCII)));
            }
            try (Client client = new Client()) {
                publishWhenDue(0);
                assertThat(client.read()).startsWith("DATA 0 ");
            }
        }
    }

    @Test
    void aSocketThatIsThereIsNotTaken() {
        assertThatThrownBy(() -> MeterServer.open(socket)).isInstanceOf(IOException.class);
    }
}
