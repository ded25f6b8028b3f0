package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon and its client as processes of their own: what {@code kseg daemon} starts and ends. */
@Timeout(60)
class DaemonProcessTest {
    @TempDir Path directory;

    @Test
    void itIsStartedServesIsSignalledAndStopped() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/kill")), "no /bin/kill: skipped");
        Path place = directory.resolve("daemon");
        // One wins. Both return, though the daemon goes on: it has not kept their pipes.
        Process first = start(Main.class, "daemon", "start");
        String second = ended(start(Main.class, "daemon", "start"));
        assertThat(second).matches("0 the daemon runs( already)?: process \\d+\n");
        assertThat(ended(first).replace(" already", "")).isEqualTo(second.replace(" already", ""));
        try {
            Process client = start(DaemonClient.class, "demo");
            ChildJvm.readTo(client.getInputStream(), "kseg> ");
            new ProcessBuilder("/bin/kill", "-INT", Long.toString(client.pid())).start().waitFor();
            String rest = ended(client);
            assertThat(rest).startsWith("130 ").contains("kseg: Elapsed virtual time: ");
        } finally {
            assertThat(ended(start(Main.class, "daemon", "stop", "--now")))
                    .isEqualTo("0 the daemon has ended\n");
        }
        assertThat(place).doesNotExist();
    }

    private Process start(Class<?> main, String... arguments)
            throws IOException, URISyntaxException {
        List<String> options =
                List.of(
                        new DaemonPlace(directory.resolve("daemon")).property(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1");
        return ChildJvm.builder(options, main, arguments)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
    }

    /** Its exit code, and what is left of its output. */
    private static String ended(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() + " " + output;
    }
}
