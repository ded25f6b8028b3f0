package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PipeInputTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void handsOverWhatComesAndSeesTheEnd() throws IOException {
        PipedOutputStream out = new PipedOutputStream();
        try (PipeInput input = new PipeInput(new PipedInputStream(out), false)) {
            assertThat(input.take(Duration.ZERO)).isEmpty();
            assertThat(input.ended()).isFalse();
            out.write("one".getBytes(StandardCharsets.UTF_8));
            out.flush();
            assertThat(input.take(LONG)).asString().isEqualTo("one");
            out.close();
            assertThat(input.take(LONG)).isEmpty();
            assertThat(input.ended()).isTrue();
            assertThat(input.take(LONG)).isEmpty();
            assertThat(input.isPerson()).isFalse();
        }
    }

    @Test
    void nobodyReadsOnWhenTheRunIsOver() throws InterruptedException {
        var reader = new AtomicReference<Thread>();
        var full = new CountDownLatch(64);
        InputStream endless =
                new InputStream() {
                    @Override
                    public int read() {
                        return 'y';
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) {
                        reader.set(Thread.currentThread());
                        full.countDown();
                        return length;
                    }
                };
        PipeInput input = new PipeInput(endless, false);
        full.await();
        input.close();
        reader.get().join(LONG.toMillis());
        assertThat(reader.get().isAlive()).isFalse();
    }

    @Test
    void aBrokenPipeIsAnEnd() {
        InputStream broken =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("broken");
                    }
                };
        try (PipeInput input = new PipeInput(broken, false)) {
            assertThat(input.take(LONG)).isEmpty();
            assertThat(input.ended()).isTrue();
        }
    }
}
