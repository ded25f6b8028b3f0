package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import kseg.cli.Kseg.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code kseg run} and {@code kseg demo}, whole: guests that really run, unattended. */
@Timeout(120)
class SessionTest {
    @TempDir Path directory;

    @BeforeEach
    void guests() throws IOException {
        Files.write(directory.resolve("minimal"), Resources.bytes("guests/minimal"));
        Files.write(directory.resolve("demo"), Resources.bytes("guests/kseg-demo"));
    }

    private Kseg kseg() {
        return new Kseg(directory);
    }

    @Test
    void aGuestThatPowersOff() {
        Result result = kseg().run("run", "minimal");
        assertThat(result.code()).isZero();
        assertThat(result.out()).isNotEmpty().endsWith("\n");
        String cpu = "kseg:   cpu0: \\d+ kern, 0 user, \\d+ idle; 0 ll, 0/0 sc, 0 sync\n";
        assertThat(result.err())
                .matches(
                        Pattern.compile(
                                "kseg: \\d+ cycles \\(\\d+ run, \\d+ global-idle\\)\n"
                                        + cpu
                                        + "kseg: 0 irqs 0 exns 0r/0w disk 0r/\\d+w console"
                                        + " 0r/0w/1m emufs 0r/0w net\n"
                                        + "kseg: Elapsed real time: \\d+\\.\\d{6} seconds"
                                        + " \\(.* mhz; .* million instructions per second\\)\n"
                                        + "kseg: Elapsed virtual time: \\d+\\.\\d{9} seconds"
                                        + " \\(25 mhz\\)\n"
                                        + "(kseg: Compiler: .*\n){3}"));
    }

    @Test
    void theDemosVerdictIsTheExitCode() {
        Result good = kseg().run("demo", "--", "hello");
        assertThat(good.code()).isZero();
        assertThat(good.out()).endsWith("verdict: pass\n");
        Result bad = kseg().run("demo", "--", "panic");
        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.out()).contains("panic: because you said so", "verdict: FAIL");
        assertThat(bad.err()).contains("kseg: trace: software-requested debugger stop\n");
    }

    @Test
    void optionsAfterTheKernelBelongToTheGuest() {
        Result result = kseg().run("run", "demo", "sleep", "1;", "--help;q");
        assertThat(result.out()).contains("--help: no such command");
    }

    @Test
    void inputFromAFile() {
        Result result = kseg().input("hello\nq\n").run("demo");
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("kseg> hello").contains("verdict: pass");
    }

    @Test
    void inputFromAScript() throws IOException {
        Files.writeString(directory.resolve("typed"), "q\n");
        assertThat(kseg().run("demo", "--script", "typed").code()).isZero();
        assertThat(kseg().run("demo", "--script", "no").err())
                .isEqualTo("kseg: no: no such file\n");
    }

    @Test
    void typingAfterPrompts() {
        String[] command = {"demo", "--type-after", "kseg> ", "hello\\n"};
        Result result =
                kseg().run(
                                "demo",
                                "--type-after",
                                "kseg> ",
                                "hello\\n",
                                "--type-after",
                                "kseg> ",
                                "q\\n");
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("kseg> hello\n").endsWith("verdict: pass\n");
        Result waiting = kseg().run(command);
        assertThat(waiting.code()).isEqualTo(ExitCode.INPUT_ENDED.code());
    }

    @Test
    void aPromptThatNeverComes() {
        Result result = kseg().run("demo", "--type-after", "login: ", "root\\n");
        assertThat(result.code()).isEqualTo(17);
        assertThat(result.err()).contains("kseg: never saw the prompt \"login: \"\n");
    }

    @Test
    void theEndOfTheInput() {
        assertThat(kseg().input("hello\n").run("demo").code()).isEqualTo(17);
        assertThat(kseg().input("hello\n").run("demo", "--on-eof=exit").code()).isEqualTo(17);
        Result off = kseg().input("hello\n").run("demo", "--on-eof=poweroff");
        assertThat(off.code()).isZero();
        assertThat(off.out()).doesNotContain("verdict");
        Result limited = kseg().run("demo", "--on-eof=wait", "--max-cycles=1000000000");
        assertThat(limited.code()).isIn(16, 19);
    }

    @Test
    void theCycleLimitIsExact() throws IOException {
        Result result =
                kseg().run(
                                "demo",
                                "--stats=json",
                                "s.json",
                                "--max-cycles=123457",
                                "--",
                                "selftest");
        assertThat(result.code()).isEqualTo(16);
        assertThat(result.err())
                .matches(
                        "kseg: stopped after 123457 cycles \\(--max-cycles\\)\n"
                                + "kseg:   cpu0 at 0x80[0-9a-f]{6} in [a-z].*\n");
        assertThat(Files.readString(directory.resolve("s.json")))
                .contains("\"cycles\": 123457,", "\"exitCode\": 16,");
    }

    @Test
    void equalRunsAreEqual() {
        String[] command = {"demo", "--cpus=4", "--seed=7", "--epoch=0", "--", "counter"};
        Result first = kseg().run(command);
        assertThat(kseg().run(command).out()).isEqualTo(first.out());
        assertThat(machineTimes(kseg().run(command))).isEqualTo(machineTimes(first));
    }

    @Test
    void typedRunsAreEqualOnEveryEngine() {
        Result first = typed("interp");
        assertThat(first.code()).isZero();
        assertThat(typed("interp")).isEqualTo(first);
        assertThat(typed("jit")).isEqualTo(first);
    }

    private Result typed(String engine) {
        Result result =
                kseg().run(
                                "demo",
                                "--engine=" + engine,
                                "--seed=3",
                                "--epoch=0",
                                "--type-after=kseg> ",
                                "primes 100\\n",
                                "--type-after=kseg> ",
                                "q\\n");
        return new Result(result.code(), result.out(), machineTimes(result));
    }

    private static String machineTimes(Result result) {
        return result.err().replaceAll("kseg: (Elapsed real time|Compiler).*\n", "");
    }

    @Test
    void jsonStatistics() {
        Result result = kseg().run("demo", "--stats=json", "-", "--seed=5", "--", "hello");
        String json = result.out().substring(result.out().indexOf("{\n"));
        assertThat(json)
                .contains("\"exit\": \"success\"", "\"seed\": 5", "\"quantum\": 10000")
                .containsPattern("\"epoch\": \\d+")
                .contains("\"userInstructions\": ", "\"device\": \"console\"", "\"realNanos\": ");
        assertThat(result.err()).isEmpty();
        assertThat(kseg().run("demo", "--stats=none", "--", "hello").err()).isEmpty();
    }

    @Test
    void statisticsOfTheCompiler() {
        String[] command = {"demo", "--stats=json", "-", "--engine=jit", "--", "primes 5000"};
        String json = kseg().run(command).out();
        assertThat(json)
                .containsPattern("\"compiler\": \\{\n *\"compiledSteps\": \\d+,\n")
                .containsPattern("\"interpretedSteps\": [1-9]\\d*,\n")
                .containsPattern("\"bytecodeBytes\": \\d+\n *}\n}");
        command[3] = "--engine=interp";
        assertThat(kseg().run(command).out()).doesNotContain("compiler");
        String text = kseg().run("demo", "--engine=jit", "--", "primes 5000").err();
        assertThat(text)
                .containsPattern("kseg: Compiler: [\\d.]+% of \\d+ steps compiled, ")
                .containsPattern("kseg: Compiler: \\d+ regions; \\d+ installed \\(\\d+ reused\\), ")
                .containsPattern("kseg: Compiler: \\d+ entries; \\d+ stops \\(");
        text = kseg().run("demo", "--engine=interp", "--", "hello").err();
        assertThat(text).doesNotContain("Compiler");
    }

    /** As with System/161. */
    @Test
    void aWordWithAnAtSignIsTheGuests() throws IOException {
        Files.writeString(directory.resolve("notes"), "hello");
        assertThat(kseg().run("demo", "--", "@notes").out()).contains("@notes");
        assertThat(kseg().run("run", "@notes").err()).contains("@notes: no such file");
    }

    @Test
    void mistakesThatAreFoundBeforeTheMachineStarts() throws IOException {
        assertThat(kseg().run("run", "nosuch").err())
                .isEqualTo(
                        "kseg: nosuch: no such file\n"
                                + "kseg:     build the kernel first, or give its path\n");
        assertThat(kseg().run("run", "-c", "nosuch.conf", "minimal").err())
                .startsWith("kseg: nosuch.conf: no such file\n");
        assertThat(kseg().run("run", "--cpus=33", "minimal").err())
                .isEqualTo("kseg: --cpus 33: cpus=33 is out of range: it must be from 1 to 32\n");
        assertThat(kseg().run("run", "--ram=4K", "demo").err()).contains("beyond memory of 4K");
        assertThat(kseg().run("run", "--engine=warp", "minimal").err())
                .startsWith("kseg: there is no engine \"warp\"\n");
        assertThat(kseg().run("run", "--quantum=0", "minimal").code()).isEqualTo(2);
        assertThat(kseg().run("run", "--max-cycles=-1", "minimal").code()).isEqualTo(2);
        Files.writeString(
                directory.resolve("sys161.conf"),
                "0 serial\n1 disk file=missing.img\n31 mainboard ramsize=1M\n");
        assertThat(kseg().run("run", "minimal"))
                .isEqualTo(
                        new Result(
                                2,
                                "",
                                "kseg: missing.img: no such file\n"
                                        + "kseg:     make it: kseg disk create missing.img 5M\n"));
        assertThat(kseg().run("disk", "create", "missing.img", "64K").err())
                .startsWith("kseg: missing.img: a disk of 128 sectors has no geometry");
        Result small = kseg().run("run", "minimal");
        assertThat(small.code()).isEqualTo(2);
        assertThat(small.err())
                .startsWith("kseg: missing.img: a disk of 128 sectors has no geometry")
                .endsWith("kseg:     make it larger: kseg disk resize missing.img 5M\n");
        Files.delete(directory.resolve("sys161.conf"));
        Result crowded = kseg().run("run", "--ram=64K", "minimal", "x".repeat(100_000));
        assertThat(crowded.code()).isEqualTo(2);
        assertThat(crowded.err()).startsWith("kseg: the kernel's arguments take 100004 bytes; ");
        Result nowhere = kseg().run("run", "--stats=json", "no/such/file", "minimal");
        assertThat(nowhere.code()).isEqualTo(2);
        assertThat(nowhere.out()).as("refused before anything runs").isEmpty();
        Files.writeString(directory.resolve("text"), "#!/bin/sh\n");
        assertThat(kseg().run("run", "text").err()).contains("not an ELF file");
    }

    @Test
    void disksAreWrittenAtTheEndAndUnlocked() throws IOException {
        Files.writeString(
                directory.resolve("sys161.conf"),
                "0 serial\n1 timer\n2 disk file=D.img\n30 trace\n31 mainboard ramsize=8M\n");
        assertThat(kseg().run("disk", "create", "D.img", "5M").code()).isZero();
        Result result = kseg().run("run", "demo", "disk 0 write 3 written-by-the-guest;q");
        assertThat(result.code()).as(result.out() + result.err()).isZero();
        assertThat(Files.readString(directory.resolve("D.img"))).contains("written-by-the-guest");
        assertThat(kseg().run("run", "-D", "1", "demo", "disk 0 write 4 doomed-data;q").code())
                .isEqualTo(3);
        assertThat(Files.readString(directory.resolve("D.img"))).doesNotContain("doomed-data");
    }
}
