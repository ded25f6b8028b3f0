package kseg.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.StringTokenizer;
import kseg.config.Numbers;

/** One client of the meter: what it wants, and what is on the way to it. The meter's thread's. */
final class MeterClient {
    private static final String GREETING =
            """
            HELLO 2\r
            HEAD nsec kinsns uinsns udud idle irqs exns disk con emu net\r
            WIDTH 11 9 9 4 9 4 4 4 5 4 4\r
            """;
    private static final long LEAST_INTERVAL_NANOS = 10_000;
    private static final long MOST_INTERVAL_NANOS = 2_000_000_000;
    private static final long USUAL_INTERVAL_NANOS = 200_000_000;
    private static final int MOST_WORDS = 8;
    private static final int LINE_BYTES = 128;
    private static final int BACKLOG_BYTES = 16 << 10;

    private final SocketChannel channel;
    private final ByteBuffer received = ByteBuffer.allocate(LINE_BYTES);

    /** Ready to be filled, except while it is being written. */
    private final ByteBuffer toSend = ByteBuffer.allocate(BACKLOG_BYTES);

    private long intervalNanos = USUAL_INTERVAL_NANOS;
    private long dueNanos;

    MeterClient(SocketChannel channel) {
        this.channel = channel;
        say(GREETING);
    }

    /** Machine time from which on the client wants a sample. */
    long dueNanos() {
        return dueNanos;
    }

    /** Sends a sample if it is due and the client keeps up. */
    void offer(MeterSample sample, SelectionKey key) throws IOException {
        if (sample.nanos() >= dueNanos) {
            dueNanos = sample.nanos() + intervalNanos;
            say(sample.line());
        }
        send(key);
    }

    /** Reads and writes what can be; answers whether the client is still there. */
    boolean serve(SelectionKey key) throws IOException {
        if (key.isReadable() && channel.read(received) < 0) {
            return false;
        }
        takeLines();
        send(key);
        return true;
    }

    private void takeLines() {
        received.flip();
        int start = 0;
        for (int i = 0; i < received.limit(); i++) {
            if (received.get(i) == '\n') {
                byte[] line = new byte[i - start];
                received.get(start, line);
                obey(new String(line, StandardCharsets.ISO_8859_1));
                start = i + 1;
            }
        }
        received.position(start);
        received.compact();
        if (!received.hasRemaining()) {
            say("BAD Input overflow\r\n");
            received.clear();
        }
    }

    private void obey(String line) {
        StringTokenizer words = new StringTokenizer(line, " \t\r\n\0");
        int count = words.countTokens();
        if (count == 0) {
            return;
        }
        if (count > MOST_WORDS) {
            say("BAD Too many words in command\r\n");
        } else if (count == 2 && words.nextToken().toLowerCase(Locale.ROOT).equals("interval")) {
            setInterval(words.nextToken());
        } else {
            say("BAD Invalid command\r\n");
        }
    }

    private void setInterval(String text) {
        OptionalLong nanos = Numbers.parse(text);
        if (nanos.isEmpty()) {
            say("BAD Invalid number\r\n");
        } else if (nanos.getAsLong() < LEAST_INTERVAL_NANOS) {
            say("BAD Interval too small\r\n");
        } else if (nanos.getAsLong() > MOST_INTERVAL_NANOS) {
            say("BAD Interval too large\r\n");
        } else {
            intervalNanos = nanos.getAsLong();
        }
    }

    private void say(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length <= toSend.remaining()) {
            toSend.put(bytes);
        }
    }

    private void send(SelectionKey key) throws IOException {
        toSend.flip();
        channel.write(toSend);
        int writing = toSend.hasRemaining() ? SelectionKey.OP_WRITE : 0;
        toSend.compact();
        key.interestOps(SelectionKey.OP_READ | writing);
    }
}
