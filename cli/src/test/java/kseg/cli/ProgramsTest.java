package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import kseg.cli.Kseg.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** sys161 and disk161: usage, messages, files and exit codes as System/161 2.0.8 has them. */
@Timeout(60)
class ProgramsTest {
    private static final String VERSION =
            "sys161: System/161 release 2\\.0\\.8, compiled \\w{3} \\d\\d \\d{4} \\d\\d:\\d\\d:\\d\\d"
                    + " \\(Kseg .*\\)\n";

    @TempDir Path directory;

    @BeforeEach
    void layOut() throws IOException {
        Files.write(directory.resolve("minimal"), Resources.bytes("guests/minimal"));
        Files.write(directory.resolve("demo"), Resources.bytes("guests/kseg-demo"));
        Files.writeString(
                directory.resolve("sys161.conf"),
                "0 serial\n1 timer\n2 disk file=D.img\n30 trace\n31 mainboard ramsize=8M\n");
        assertThat(run("disk161", "create", "D.img", "5M")).isEqualTo(new Result(0, "", ""));
    }

    private Result run(String... words) {
        return new Kseg(directory).run(words);
    }

    @Test
    void aRunReportsAsSystem161() {
        Result result = run("sys161", "-X", "-C31:cpus=2", "minimal");
        assertThat(result.code()).isZero();
        assertThat(result.out()).isNotEmpty().endsWith("\n");
        assertThat(result.err())
                .matches(
                        VERSION
                                + "sys161: \\d+ cycles \\(\\d+ run, \\d+ global-idle\\)\n"
                                + "sys161:   cpu0: \\d+ kern, 0 user, \\d+ idle; 0 ll, 0/0 sc, 0 sync\n"
                                + "sys161:   cpu1: 0 kern, 0 user, \\d+ idle; 0 ll, 0/0 sc, 0 sync\n"
                                + "sys161: 0 irqs 0 exns 0r/0w disk 0r/\\d+w console"
                                + " 0r/0w/0m emufs 0r/0w net\n"
                                + "sys161: Elapsed real time: \\d+\\.\\d{6} seconds"
                                + " \\([0-9.e+-]+ mhz\\)\n"
                                + "sys161: Elapsed virtual time: \\d+\\.\\d{9} seconds \\(25 mhz\\)\n");
    }

    @Test
    void aPanicEndsWith1() {
        Result panic = run("sys161", "-X", "demo", "panic;q");
        assertThat(panic.code()).isEqualTo(1);
        assertThat(panic.err())
                .contains(
                        "sys161: trace: software-requested debugger stop\n"
                                + "sys161: Not waiting for debugger...\n",
                        "sys161: Elapsed virtual time: ");
    }

    @Test
    void doesNotWaitForADebuggerWithX() {
        for (String mode : List.of("--engine=jit", "--strict-sys161")) {
            Result result = run("sys161", "-wX", mode, "minimal");
            assertThat(result.code()).isZero();
            assertThat(result.err()).contains("\nsys161: Not waiting for debugger...\n");
        }
    }

    @Test
    void misuseEndsWith1AndWithoutStatistics() throws IOException {
        MiniKernel.write(
                directory.resolve("hang"),
                "lui $t0, 0xbfff; ori $t0, $t0, 0x7e08; li $t1, 1; sw $t1, 0($t0); b .; nop");
        Result misuse = run("sys161", "hang");
        assertThat(misuse.code()).isEqualTo(1);
        assertThat(misuse.err())
                .contains("sys161: or maybe start to act strangely.\n")
                .endsWith("sys161: Exiting instead of waiting for debugger...\n")
                .doesNotContain("global-idle");
    }

    @Test
    void theWatchdogEndsWith1() throws IOException {
        MiniKernel.write(directory.resolve("loop"), "b .; nop");
        Result dog = run("sys161", "-XZ2", "loop");
        assertThat(dog.code()).isEqualTo(1);
        assertThat(dog.err())
                .contains(
                        "sys161: Caution: no progress in 2 seconds\n"
                                + "sys161: No progress in 4 seconds; dropping to debugger\n")
                .doesNotContain("global-idle");
    }

    @Test
    void doomEndsWith3() {
        Result doom = run("sys161", "-XD1", "demo", "disk 0 write 4 doomed;q");
        assertThat(doom.code()).isEqualTo(3);
        assertThat(doom.err()).endsWith("sys161: DOOOOOOOOOOOM\n");
    }

    @Test
    void whatIsWrongBeforeTheStartEndsWith2() throws IOException {
        assertThat(run("sys161").code()).isEqualTo(2);
        assertThat(run("sys161", "-X").err())
                .matches("(?s)" + VERSION + "sys161: Usage: sys161 \\[.*");
        assertThat(run("sys161", "-q", "minimal").code()).isEqualTo(2);
        assertThat(run("sys161", "-Z1", "minimal").code()).isEqualTo(2);
        assertThat(run("sys161", "-Cfoo", "minimal").err()).startsWith("sys161: -C foo: no ':'");
        assertThat(run("sys161", "none").err()).startsWith("sys161: none: no such file\n");
        Files.delete(directory.resolve("sys161.conf"));
        assertThat(run("sys161", "minimal").err()).startsWith("sys161: sys161.conf: no such file");
        assertThat(run("sys161", "minimal").code()).isEqualTo(2);
    }

    @Test
    void everyLetterIsInTheUsage() {
        String usage = Resources.text("sys161-usage.txt");
        Host host =
                new Host(
                        System.in, System.out, new Messages(System.err), directory, Caller.UNKNOWN);
        List<String> letters =
                Main.run(host, Face.SYS161).getCommandSpec().options().stream()
                        .filter(option -> !option.usageHelp() && !option.versionHelp())
                        .flatMap(option -> Stream.of(option.names()))
                        .filter(name -> name.length() == 2)
                        .toList();
        assertThat(letters).contains("-c", "-C", "-D", "-p", "-s", "-w", "-X", "-Z");
        assertThat(letters)
                .allSatisfy(letter -> assertThat(usage).contains("     " + letter + " "));
    }

    @Test
    void diskImages() throws IOException {
        Result info = run("disk161", "info", "D.img");
        assertThat(info.code()).isZero();
        assertThat(info.out())
                .matches(
                        "D\\.img size 5242880 bytes \\(10240 sectors; 5120K; 5M\\)\n"
                                + "D\\.img spaceused \\d+ bytes \\(\\d+ sectors; \\d+K; \\d+M\\)\n");
        assertThat(run("disk161", "stat", "D.img")).isEqualTo(info);
        assertThat(run("disk161", "resize", "D.img", "+1M")).isEqualTo(new Result(0, "", ""));
        assertThat(Files.size(directory.resolve("D.img"))).isEqualTo(512 + (6 << 20));
        assertThat(run("disk161", "create", "D.img", "5M").code()).isEqualTo(1);
        assertThat(run("disk161", "create", "-f", "D.img", "5M").code()).isZero();
        assertThat(run("disk161", "info", "none").code()).isEqualTo(1);
        assertThat(run("disk161", "create", "E.img", "5Q").err()).startsWith("disk161: \"5Q\" is");
    }

    @Test
    void diskUsage() {
        for (String[] words :
                List.of(
                        new String[] {"disk161"},
                        new String[] {"disk161", "help"},
                        new String[] {"disk161", "create", "x.img"})) {
            Result usage = run(words);
            assertThat(usage.code()).isEqualTo(3);
            assertThat(usage.err()).startsWith("Usage: disk161 action ");
        }
        assertThat(run("disk161", "frob").err())
                .startsWith("disk161: Unknown command frob\nUsage:");
    }

    @Test
    void theSocketsAreMadeAndTheMeterIsRemoved() throws IOException {
        assertThat(run("sys161", "minimal").code()).isZero();
        assertThat(directory.resolve(".sockets")).isDirectory();
        assertThat(directory.resolve(".sockets/meter")).doesNotExist();
        Files.delete(directory.resolve(".sockets/.lock"));
        Files.delete(directory.resolve(".sockets"));
        Files.writeString(directory.resolve(".sockets"), "in the way");
        Result without = run("sys161", "minimal");
        assertThat(without.code()).isZero();
        assertThat(without.err()).contains("metering disabled\n");
    }
}
