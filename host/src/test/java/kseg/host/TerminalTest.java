package kseg.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The terminal's modes, seen from the other end of a pseudo-terminal that a Python script holds.
 * Skipped where there is no python3.
 */
class TerminalTest {
    private static final String OWN_MODES = "ICANON ECHO ISIG ICRNL OPOST ONLCR";

    @TempDir static Path directory;

    private static Path driver;

    @BeforeAll
    static void unpackDriver() throws IOException {
        assumeTrue(
                run(List.of("python3", "-c", "import pty, termios")).code() == 0,
                "no python3 with pty and termios: terminal tests are skipped");
        driver = directory.resolve("pty_driver.py");
        try (InputStream script = TerminalTest.class.getResourceAsStream("pty_driver.py")) {
            Files.copy(script, driver);
        }
    }

    @Test
    void isTransparentUntilClosed() {
        assertThat(drive("close", "signals"))
                .containsExactly(
                        "before: " + OWN_MODES,
                        "open: ISIG OPOST ONLCR",
                        "bytes as typed",
                        "closed: " + OWN_MODES);
    }

    @Test
    void withoutSignalsControlCharactersAreForTheGuest() {
        assertThat(drive("characters", "characters"))
                .containsExactly("open: OPOST ONLCR", "signals are characters");
    }

    @Test
    void theEndOfTheProcessRestores() {
        assertThat(drive("exit_without_close", "signals"))
                .containsExactly("after exit: " + OWN_MODES);
    }

    @Test
    void interruptRestores() {
        assertThat(drive("interrupt", "signals"))
                .containsExactly("open: ISIG OPOST ONLCR", "after ^C: " + OWN_MODES);
    }

    @Test
    void suspendRestoresAndContinueMakesTransparentAgain() {
        assertThat(drive("suspend", "signals"))
                .containsExactly(
                        "stopping: " + OWN_MODES, "continued: ISIG OPOST ONLCR", "reads again");
    }

    @Test
    void quitRestores() {
        assertThat(drive("quit_character", "signals")).containsExactly("after quit: " + OWN_MODES);
    }

    @Test
    void afterQuitTheReaderCanEndInOrder() {
        assertThat(drive("quit_in_order", "hook"))
                .containsExactly("reader ended", "after quit: " + OWN_MODES);
    }

    @Test
    void sizeIsThatOfNow() {
        assertThat(drive("size", "signals")).containsExactly("132 by 40");
    }

    @Test
    void aPipeIsNoTerminal() {
        assertThat(run(probe("signals")).output()).isEqualTo("no terminal\n");
    }

    private static List<String> drive(String scenario, String mode) {
        List<String> command = new ArrayList<>(List.of("python3", driver.toString(), scenario));
        command.addAll(probe(mode));
        Result result = run(command);
        assertThat(result.code()).as("exit code; output: %s", result.output()).isZero();
        return result.output().lines().toList();
    }

    private static List<String> probe(String mode) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                TerminalProbe.class.getName(),
                mode);
    }

    private record Result(int code, String output) {}

    private static Result run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            return new Result(process.exitValue(), output);
        } catch (IOException e) {
            if (command.getFirst().equals("python3")) {
                return new Result(127, String.valueOf(e.getMessage()));
            }
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
