package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import kseg.cli.Kseg.Result;
import kseg.host.FrameSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Machines on a hub: the demo's ping from one to another. */
@Timeout(60)
class NetworkTest {
    @TempDir Path directory;

    private void configure(String name, int hwaddr) throws IOException {
        Files.write(directory.resolve("demo"), Resources.bytes("guests/kseg-demo"));
        Files.writeString(
                directory.resolve(name),
                "0 serial\n1 timer\n2 nic hwaddr=%d\n3 trace\n31 mainboard ramsize=8M cpus=1\n"
                        .formatted(hwaddr));
    }

    @Test
    void onePingsTheOther() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc")), "unix datagram sockets on Linux: skipped");
        configure("a.conf", 17);
        configure("b.conf", 18);
        Thread hub = Thread.ofPlatform().daemon().start(this::serve);
        while (!Files.exists(directory.resolve(".sockets/hub"))) {
            Thread.sleep(5);
        }
        CompletableFuture<Result> other =
                CompletableFuture.supplyAsync(() -> run("-c", "b.conf", "demo", "ping 17 60;q"));
        while (!Files.exists(directory.resolve(".sockets/net-0012"))) {
            Thread.sleep(5);
        }
        Result result = run("-c", "a.conf", "-t", "n", "-f", "trace.txt", "demo", "ping 18 40;q");
        assertThat(directory.resolve("trace.txt"))
                .content()
                .contains("trace: -- nic: slot 2: keepalive succeeded\n")
                .contains("trace: -- nic: slot 2: packet received\n");
        assertThat(result.out()).containsPattern("ping: answer \\d+ from 18 after \\d+ us\n");
        assertThat(result.err()).contains("kseg: nic: slot 2: carrier detected\n");
        assertThat(other.get().err()).containsPattern("kseg: .* [1-9]\\d*r/[1-9]\\d*w net\n");
        hub.interrupt();
        hub.join();
        assertThat(directory.resolve(".sockets/net-0011")).doesNotExist();
    }

    private void serve() {
        try {
            Files.createDirectories(directory.resolve(".sockets"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        new Kseg(directory).run("hub");
    }

    private Result run(String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "run";
        System.arraycopy(words, 0, all, 1, words.length);
        return new Kseg(directory).run(all);
    }

    /** System/161's hub waits for whoever takes no frames, and everybody for the hub. */
    @Test
    void aGuestThatReadsNoFramesKeepsNobodyWaiting() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc")), "unix datagram sockets on Linux: skipped");
        MiniKernel.write(
                directory.resolve("kernel"),
                """
                lui $t2, 0xbfff; ori $t2, $t2, 0x7e00
                lui $t0, 0x8000; ori $t0, $t0, 2; sw $t0, 12($t2)       # the timer only wakes
                lui $t0, 0xbfe1; lui $t1, 12; sw $t1, 16($t0); wait     # in 0.8 s
                sw $zero, 8($t2); wait
                """);
        Files.writeString(
                directory.resolve("c.conf"), "1 timer\n2 nic hwaddr=17\n31 mainboard ramsize=1M\n");
        CompletableFuture<Result> run =
                CompletableFuture.supplyAsync(() -> run("-c", "c.conf", "kernel"));
        String card = directory.resolve(".sockets/net-0011").toString();
        byte[] frame = {(byte) 0xa4, (byte) 0xb3, 0, 18, 0, 8, 0, 17};
        int taken = 0;
        try (FrameSocket other = FrameSocket.open(directory.resolve("other").toString())) {
            while (!run.isDone()) {
                taken += other.offer(frame, card) == FrameSocket.Outcome.TAKEN ? 1 : 0;
                Thread.sleep(1);
            }
        }
        assertThat(run.get().code()).isZero();
        assertThat(taken).isGreaterThan(30);
    }

    /** The hub's socket holds ten frames or so; then they are lost, and the guest goes on. */
    @Test
    void aHubThatTakesNothingStopsNobody() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc")), "unix datagram sockets on Linux: skipped");
        configure("a.conf", 17);
        Files.createDirectories(directory.resolve(".sockets"));
        try (FrameSocket hub = FrameSocket.open(directory.resolve(".sockets/hub").toString())) {
            Result result = run("-c", "a.conf", "demo", "ping 18 30;q");
            assertThat(result.out()).contains("ping: 30 sent, 0 answered\n");
            assertThat(result.err())
                    .containsOnlyOnce(
                            "kseg: nic: slot 2: the hub takes no frames, so they are lost\n");
            assertThat(hub.receive(Duration.ZERO)).isPresent();
        }
    }

    @Test
    void withoutAHubTheGuestRunsAndTheUserIsTold() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc")), "unix datagram sockets on Linux: skipped");
        configure("a.conf", 17);
        Result result = run("-c", "a.conf", "-t", "n", "-f", "trace.txt", "demo", "q");
        assertThat(result.code()).isZero();
        assertThat(directory.resolve("trace.txt"))
                .content()
                .contains("trace: -- nic: slot 2: keepalive rejected: No such file or directory\n");
        assertThat(result.err())
                .contains("kseg: nic: slot 2: nobody at .sockets/hub yet (see hub161)\n");
    }

    @Test
    void aFileIsNoPlaceForAHub() throws IOException {
        Files.writeString(directory.resolve("notes"), "dear to me");
        Result result = new Kseg(directory).run("hub161", "notes");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).startsWith("hub161: notes: File exists\n");
        assertThat(directory.resolve("notes")).hasContent("dear to me");
        assertThat(new Kseg(directory).run("hub161", "a", "b").code()).isEqualTo(3);
        assertThat(new Kseg(directory).run("hub161", "udp:none").code()).isEqualTo(1);
    }
}
