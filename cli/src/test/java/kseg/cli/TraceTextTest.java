package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kseg.cli.Kseg.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Traces, against what trace161 2.0.8 wrote for the same program, and as JSON. */
@Timeout(60)
class TraceTextTest {
    /** Prints a character, and asks the trace card for exceptions only. */
    private static final String PRINTS =
            """
            lui $t0, 0xbfe0; addiu $t1, $zero, 10; sw $t1, 0($t0)
            addiu $t1, $zero, 65; nop
            lui $t0, 0xbffe; addiu $t1, $zero, 0x6b; sw $t1, 4($t0); addiu $t1, $zero, 0x78
            sw $t1, 0($t0); lui $t0, 0xbfff; ori $t0, $t0, 0x7e08; sw $zero, 0($t0); b .; nop
            """;

    @TempDir Path directory;

    @BeforeEach
    void configure() throws IOException {
        Files.writeString(
                directory.resolve("sys161.conf"), "0 serial\n30 trace\n31 mainboard ramsize=1M\n");
    }

    private Result run(String source, String... words) throws IOException {
        MiniKernel.write(directory.resolve("kernel"), source);
        return new Kseg(directory).run(words);
    }

    private String trace() throws IOException {
        return Files.readString(directory.resolve("t"));
    }

    @Test
    void everyInstructionIsShownAsTrace161ShowsIt() throws IOException {
        String source = Resources.text("trace.s");
        Result result = run(source, "trace161", "-X", "-tkujtxidne", "-ft", "kernel");
        assertThat(result.code()).isZero();
        assertThat(result.err())
                .contains(
                        "\nsys161: Tracing enabled: kinsn uinsn jump tlb exn irq disk net emufs \n");
        assertThat(trace()).isEqualTo(Resources.text("trace.approved.txt"));
    }

    @Test
    void intoAFileTheConsoleIsRepeated() throws IOException {
        Result result = run(PRINTS, "trace161", "-tk", "-ft", "kernel");
        assertThat(result.out()).isEqualTo("\n");
        assertThat(trace())
                .contains(
                        "trace: 00 at 80001008: sw $t1, 0($t0): 10 -> [0xbfe00000]\n"
                                + "console: `\\n' (10 / 0xa)\n"
                                + "trace: 00 at 8000100c: addiu $t1, $z0, 65: 0 + 65 -> 65\n")
                .endsWith("trace: 00 at 8000101c: sw $t1, 4($t0): 107 -> [0xbffe0004]\n");
    }

    @Test
    void onStandardOutputLinesAreKeptApart() throws IOException {
        String source = PRINTS.replace("10; sw", "65; sw");
        assertThat(run(source, "trace161", "-tk", "-f-", "kernel").out())
                .contains(
                        "[0xbfe00000]\nA\ntrace: 00 at 8000100c: addiu $t1, $z0, 65: 0 + 65 -> 65\n");
    }

    @Test
    void withoutAFileItGoesToStandardError() throws IOException {
        Result result = run(PRINTS, "run", "-t", "k", "kernel");
        assertThat(result.out()).isEqualTo("\n");
        assertThat(result.err())
                .contains(
                        "kseg: Tracing enabled: kinsn \n",
                        "trace: 00 at 80001000: lui $t0, 0xbfe0");
    }

    @Test
    void jsonHasAnObjectALine() throws IOException {
        run(PRINTS, "run", "-t", "k", "-f", "t", "--trace-format=json", "kernel");
        assertThat(trace().lines())
                .startsWith(
                        "{\"cycle\":0,\"cpu\":0,\"kind\":\"kinsn\",\"text\":\"at 80001000: lui $t0,"
                                + " 0xbfe0\"}",
                        "{\"cycle\":1,\"cpu\":0,\"kind\":\"kinsn\",\"text\":\"at 80001004: addiu $t1,"
                                + " $z0, 10: 0 + 10 -> 10\"}",
                        "{\"cycle\":2,\"cpu\":0,\"kind\":\"kinsn\",\"text\":\"at 80001008: sw $t1,"
                                + " 0($t0): 10 -> [0xbfe00000]\"}",
                        "{\"kind\":\"console\",\"character\":10}");
    }

    @Test
    void flags() throws IOException {
        assertThat(run(PRINTS, "trace161", "-tkq", "kernel"))
                .isEqualTo(
                        new Result(
                                2,
                                "",
                                "sys161: Unknown trace flag q\n"
                                        + "sys161:     there are k u j t x i d n e\n"));
        assertThat(run(PRINTS, "trace161", "-tkk", "kernel").err())
                .doesNotContain("Tracing", "trace:");
        assertThat(run(PRINTS, "sys161", "-tkq", "-fnowhere/t", "-P", "kernel").code())
                .as("sys161 ignores them")
                .isZero();
        assertThat(run(PRINTS, "trace161", "-tk", "-fnowhere/t", "kernel").code()).isEqualTo(2);
    }
}
