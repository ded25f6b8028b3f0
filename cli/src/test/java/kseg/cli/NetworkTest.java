package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import kseg.cli.Kseg.Result;
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
        Result result = run("-c", "a.conf", "demo", "ping 18 40;q");
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

    @Test
    void withoutAHubTheGuestRunsAndTheUserIsTold() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc")), "unix datagram sockets on Linux: skipped");
        configure("a.conf", 17);
        Result result = run("-c", "a.conf", "demo", "q");
        assertThat(result.code()).isZero();
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
