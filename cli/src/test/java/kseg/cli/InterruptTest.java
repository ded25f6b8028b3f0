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

/**
 * ^C in a process of its own: the run ends in order, with its disk merged and its statistics
 * printed.
 */
@Timeout(120)
class InterruptTest {
    @TempDir Path directory;

    @Test
    void sigintEndsTheRunInOrder() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/kill")), "no /bin/kill: skipped");
        Files.write(directory.resolve("demo"), Resources.bytes("guests/kseg-demo"));
        Files.writeString(
                directory.resolve("sys161.conf"),
                "0 serial\n1 timer\n2 disk file=D.img\n31 mainboard ramsize=8M\n");
        assertThat(new Kseg(directory).run("disk", "create", "D.img", "5M").code()).isZero();
        Process process = start("run", "demo", "disk 0 write 3 before-the-interrupt");
        try {
            ChildJvm.readTo(process.getInputStream(), "kseg> ");
            interrupt(process);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(ExitCode.INTERRUPTED.code());
        assertThat(Files.readString(directory.resolve("err")))
                .contains("kseg: Elapsed virtual time: ");
        assertThat(Files.readString(directory.resolve("D.img"))).contains("before-the-interrupt");
        assertThat(directory.resolve("D.img.kseg-log")).doesNotExist();
    }

    @Test
    void sigintEndsSeedsWithTheTallySoFar() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/kill")), "no /bin/kill: skipped");
        Process process = start("seeds", "1000000", "demo", "--", "bugs=1;locktest 1");
        try {
            while (process.isAlive() && Files.notExists(directory.resolve("kseg-seeds/seed-4"))) {
                Thread.sleep(20);
            }
            interrupt(process);
            String report =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(report).contains(" of 1000000 runs from seed 1: ", "  passed\n", "kept in ");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(ExitCode.INTERRUPTED.code());
    }

    @Test
    void sigintEndsAVerificationOfAGuestWithWhatWasCompared() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/kill")), "no /bin/kill: skipped");
        MiniKernel.write(directory.resolve("kernel"), "x: addiu $t0, $t0, 1; b x; nop");
        Process process = start("verify", "--guest", "--progress", "1", "kernel");
        try {
            while (process.isAlive()
                    && !Files.readString(directory.resolve("err")).contains("equal so far")) {
                Thread.sleep(20);
            }
            interrupt(process);
            String report =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(report).startsWith(" 1 CPUs: 3 ways equal at ").endsWith("interrupted\n");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(ExitCode.INTERRUPTED.code());
    }

    private static void interrupt(Process process) throws IOException, InterruptedException {
        String pid = Long.toString(process.pid());
        assertThat(new ProcessBuilder("/bin/kill", "-INT", pid).start().waitFor()).isZero();
    }

    /** Standard input stays open, so that the guest waits at its prompt. */
    private Process start(String... arguments) throws IOException, URISyntaxException {
        ProcessBuilder builder = ChildJvm.builder(List.of(), Main.class, arguments);
        builder.redirectError(directory.resolve("err").toFile());
        return builder.directory(directory.toFile()).start();
    }
}
