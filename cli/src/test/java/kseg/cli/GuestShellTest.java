package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kseg.cli.Kseg.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The embedded guest as a user meets it: the shell, its jobs and files, disks that outlive a run.
 */
@Timeout(120)
class GuestShellTest {
    private static final String PROMPT = "kseg> ";

    @TempDir Path directory;

    private Result demo(String... commands) {
        List<String> all = new ArrayList<>(List.of("demo", "--seed=1", "--epoch=0"));
        all.addAll(List.of(commands));
        return new Kseg(directory).run(all.toArray(String[]::new));
    }

    /** Pairs of what to wait for and what to type then. */
    private Result typed(String... script) {
        List<String> options = new ArrayList<>();
        for (int i = 0; i < script.length; i += 2) {
            options.addAll(List.of("--type-after", script[i], script[i + 1]));
        }
        return demo(options.toArray(String[]::new));
    }

    @Test
    void pipesRedirectionAndFiles() {
        Result result =
                demo(
                        "--",
                        "echo one two > a; echo three >> a; cat a | wc; cat < a | cat;"
                                + "mkdir d; mv a d/b; cd d; ls; rm b; ls; ps | wc;"
                                + "echo \"a  b\" ; fsck");
        assertThat(result.code()).as(result.out()).isZero();
        assertThat(result.out())
                .contains("2 lines, 3 words, 14 bytes\none two\nthree\n")
                .contains("       14  b\n")
                .contains("a  b\n")
                .contains("all as written");
    }

    @Test
    void aFailureOfAnyCommandIsTheVerdict() {
        for (String command : List.of("cat nosuch", "nosuch", "crash null", "cd /nosuch", "a |")) {
            Result result = demo("--", "echo before; " + command + "; echo after");
            assertThat(result.code()).as(command).isEqualTo(1);
            assertThat(result.out())
                    .contains("before\n", "after\n")
                    .contains("verdict: FAIL (" + command.split(" ")[0] + ")");
        }
    }

    @Test
    void stoppingContinuingAndKillingJobs() {
        Result result =
                typed(
                        PROMPT,
                        "sh -c \"echo ready; sleep 100000; echo over\"\\n",
                        "ready\n",
                        "\\x1a",
                        PROMPT,
                        "jobs; bg; jobs; kill %1; sleep 10\\n",
                        PROMPT,
                        "sh -c \"echo again; sleep 100000\"\\n",
                        "again\n",
                        "\\x03",
                        PROMPT,
                        "q\\n");
        assertThat(result.code()).as(result.out()).isZero();
        assertThat(result.out())
                .contains("[1] stopped  sh -c echo ready")
                .contains("[1] running  sh -c echo ready")
                .contains("[1] done     sh -c echo ready; sleep 100000; echo over: terminated\n")
                .contains("sh -c echo again; sleep 100000: interrupted\n")
                .doesNotContain("\nover\n")
                .endsWith("verdict: pass\n");
    }

    @Test
    void aBackgroundJobThatReadsTheConsoleStopsUntilItIsInTheForeground() {
        Result result =
                typed(
                        PROMPT,
                        "cat &\\n",
                        PROMPT,
                        "sleep 20; jobs; fg\\n",
                        "stopped  cat\ncat\n",
                        "hello\\n",
                        "hello\nhello\n",
                        "\\x04",
                        PROMPT,
                        "q\\n");
        assertThat(result.code()).as(result.out()).isZero();
        assertThat(result.out()).contains("[1] stopped  cat\ncat\nhello\nhello\n");
    }

    @Test
    void theBatchQueueAndItsAccounts() {
        Result result =
                demo(
                        "--",
                        "batch primes 500; batch \"echo hi | wc\"; batch wait; account; cat batch.1 batch.2");
        assertThat(result.code()).as(result.out()).isZero();
        assertThat(result.out())
                .contains("  primes 500\n", "  echo hi | wc\n")
                .contains("95 primes up to 500, the last is 499\n1 lines, 1 words, 3 bytes\n");
    }

    @Test
    void filesOnADiskOutliveTheMachineAndTheHostsFilesAreAtHand() throws IOException {
        Files.writeString(
                directory.resolve("sys161.conf"),
                """
                0 serial
                1 timer
                2 disk file=D.img
                3 emufs
                4 trace
                31 mainboard ramsize=8M
                """);
        Files.write(directory.resolve("demo"), Resources.bytes("guests/kseg-demo"));
        Files.writeString(directory.resolve("letter"), "from the host\n");
        var kseg = new Kseg(directory);
        assertThat(kseg.run("disk", "create", "D.img", "5M").code()).isZero();
        assertThat(kseg.run("run", "demo", "cat letter;q").out())
                .contains("no such device or file system");
        Result first = kseg.run("run", "demo", "mkfs;cp /host/letter letter;ls /host > names;q");
        assertThat(first.code()).as(first.out()).isZero();
        Result second = kseg.run("run", "demo", "cat letter names;cp names /host/back;fsck;q");
        assertThat(second.code()).as(second.out()).isZero();
        assertThat(second.out()).contains("from the host\n").contains("  letter\n");
        assertThat(Files.readString(directory.resolve("back"))).contains("  letter\n");
    }

    @Test
    void theFileSystemIsSoundWhereverTheRunIsCutOff() throws IOException {
        Files.writeString(
                directory.resolve("sys161.conf"),
                "0 serial\n1 timer\n2 disk file=D.img\n4 trace\n31 mainboard ramsize=8M cpus=2\n");
        Files.write(directory.resolve("demo"), Resources.bytes("guests/kseg-demo"));
        var kseg = new Kseg(directory);
        assertThat(kseg.run("disk", "create", "D.img", "5M").code()).isZero();
        for (long cycles = 12_345_678; cycles < 90_000_000; cycles += 23_456_789) {
            assertThat(kseg.run("run", "demo", "mkfs;q").code()).isZero();
            Result cut = kseg.run("run", "--max-cycles=" + cycles, "demo", "crashtest write 60;q");
            assertThat(cut.code()).isEqualTo(16);
            long done = cut.out().lines().filter(line -> line.matches(".*\\d done")).count();
            Result after = kseg.run("run", "demo", "fsck;crashtest check " + done + ";q");
            assertThat(after.code()).as("%d: %s", cycles, after.out()).isZero();
        }
    }

    @Test
    void theFiftyLineKernelBootsAndPrints() throws IOException {
        Files.write(directory.resolve("hello"), Resources.bytes("guests/hello"));
        Result result = new Kseg(directory).run("run", "hello", "some", "words");
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .isEqualTo("Hello from a kernel of fifty lines. You said: some words\n");
    }
}
