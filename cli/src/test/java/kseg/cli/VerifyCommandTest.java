package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kseg.cli.Kseg.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
    private static final String VECTOR =
            """
            # adds one, twice
            processor MIPS161 big
            part 0x00002000
              25080001  # addiu $t0, $t0, 1
            start 0x80002000 3
              cp0 12 0
              stop 2 look
            """;

    @TempDir Path directory;

    private Result verify(String... args) {
        String[] all = new String[args.length + 1];
        all[0] = "verify";
        System.arraycopy(args, 0, all, 1, args.length);
        return new Kseg(directory).run(all);
    }

    @Test
    void aCampaignReportsWhatItCovered() throws IOException {
        Result result = verify("--programs=3", "--seed=5", "--coverage=table");
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .startsWith("300 executions of 3 programs, ")
                .contains("combinations of instruction, outcome and delay slot; ")
                .doesNotContain("impossible");
        assertThat(result.err()).startsWith("kseg: verifying engine ").contains(", seed 5\n");
        assertThat(Files.readString(directory.resolve("table"))).contains("\nlw       retired ");
    }

    @Test
    void aCampaignOfManyProgramsFromFewStates() {
        assertThat(verify("--programs=20", "--starts=2", "--seed=5").out())
                .startsWith("40 executions of 20 programs, ");
    }

    /** So that the word for it, in docs/verification.md, does what it says. */
    @Test
    void hotSpotCompilesEveryRegionIfToldSo() throws Exception {
        List<String> options =
                List.of(
                        "-Xcomp",
                        "-XX:CompileCommand=quiet",
                        "-XX:CompileCommand=compileonly,kseg.engine.compile.CompiledRegion*::*",
                        "-XX:+PrintCompilation");
        Process process =
                ChildJvm.builder(options, Main.class, "verify", "--programs=1", "--seed=5")
                        .redirectErrorStream(true)
                        .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        long classes = out.lines().filter(line -> line.contains("::<clinit> (")).count();
        long regions = out.lines().filter(line -> line.contains("::run (")).count();
        assertThat(classes).isPositive();
        assertThat(regions).isGreaterThanOrEqualTo(classes);
    }

    @Test
    void replay() throws IOException {
        Files.writeString(directory.resolve("case"), VECTOR);
        assertThat(verify("--replay", "case")).isEqualTo(new Result(0, "the engines agree\n", ""));
        Files.writeString(directory.resolve("case"), VECTOR.replace("look", "loko"));
        assertThat(verify("--replay", "case"))
                .isEqualTo(new Result(2, "", "kseg: case: line 7:   stop 2 loko\n"));
        assertThat(verify("--replay", "none").err())
                .contains("kseg verify names the file when it finds a case");
    }

    @Test
    void aGuestOfTheUsers() throws IOException {
        MiniKernel.write(directory.resolve("kernel"), "x: addiu $t0, $t0, 1; b x; nop");
        Result result = verify("--guest", "run", "--max-cycles=1500000", "kernel");
        assertThat(result.out())
                .isEqualTo(
                        " 1 CPUs: 3 ways equal at 2 positions, 1,500,000 steps,"
                                + " up to the limit of machine time\n");
        assertThat(result.code()).isZero();
        MiniKernel.write(directory.resolve("kernel"), "wait; b .; nop");
        assertThat(verify("--guest", "kernel").out())
                .isEqualTo(
                        " 1 CPUs: 3 ways equal at 1 positions, 1 steps,"
                                + " up to where it waits for input\n");
    }

    @Test
    void refusals() {
        assertThat(verify("kernel").err()).contains("kernel: a command to verify wants --guest");
        assertThat(verify("--guest", "run", "--script", "x", "kernel").err())
                .contains("--script has no place in kseg verify --guest");
        assertThat(verify("--guest", "kernel").err()).contains("kernel: no such file");
        assertThat(verify("--programs=0").code()).isEqualTo(2);
        assertThat(verify("--starts=0").code()).isEqualTo(2);
        assertThat(verify("--engine=blokc").err()).contains("there is no engine \"blokc\"");
    }
}
