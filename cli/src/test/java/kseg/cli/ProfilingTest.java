package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import kseg.cli.Kseg.Result;
import kseg.image.ElfImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Profiles of a kernel that does nothing but call a function: 6 instructions a call. */
@Timeout(60)
class ProfilingTest {
    private static final String CALLS = "s: jal f; nop; b s; nop; f: jr $ra; nop";
    private static final int CALLS_MADE = 100_000;

    @TempDir Path directory;

    private Result run(String... options) throws IOException {
        MiniKernel.write(directory.resolve("kernel"), CALLS);
        String[] words = new String[options.length + 4];
        words[0] = "run";
        words[1] = "--ram=1M";
        words[2] = "--max-cycles=" + 6 * CALLS_MADE;
        System.arraycopy(options, 0, words, 3, options.length);
        words[words.length - 1] = "kernel";
        return new Kseg(directory).run(words);
    }

    @Test
    void gmonHasSamplesAndCalls() throws IOException {
        Result result = run("-P");
        assertThat(result.code()).isEqualTo(16);
        byte[] bytes = Files.readAllBytes(directory.resolve("gmon.out"));
        assertThat(result.err()).contains("kseg: " + bytes.length + " bytes written to gmon.out\n");
        ByteBuffer gmon = ByteBuffer.wrap(bytes);
        byte[] magic = new byte[4];
        gmon.get(magic);
        assertThat(new String(magic, StandardCharsets.US_ASCII)).isEqualTo("gmon");
        assertThat(gmon.getInt()).isEqualTo(1);
        assertThat(gmon.position(20).get()).as("a histogram").isZero();
        assertThat(gmon.getInt()).isEqualTo(0x80001000);
        assertThat(gmon.getInt()).isEqualTo(0x80001020);
        assertThat(gmon.getInt()).as("bins of 16 bytes").isEqualTo(2);
        assertThat(gmon.getInt()).as("samples a second").isEqualTo(1000);
        gmon.position(gmon.position() + 16);
        int samples = gmon.getShort() + gmon.getShort();
        assertThat(samples).isEqualTo(6 * CALLS_MADE / 25_000 - 1);
        assertThat(gmon.get()).as("a call").isEqualTo((byte) 1);
        assertThat(gmon.getInt()).isEqualTo(0x80001004);
        assertThat(gmon.getInt()).isEqualTo(0x80001010);
        assertThat(gmon.getInt()).isEqualTo(CALLS_MADE);
        assertThat(gmon.hasRemaining()).isFalse();
    }

    @Test
    void foldedHasStacks() throws IOException {
        run("--folded=stacks");
        List<String> lines = Files.readAllLines(directory.resolve("stacks"));
        // 25,000 cycles are 4,166 calls and 4 instructions: 4, then 2, then 0 into a call.
        assertThat(lines).containsExactly("0x80001000 7", "0x80001008 8", "0x80001010 8");
    }

    @Test
    void stacksAreNamedAndAddedUp() throws Exception {
        ElfImage demo = ElfImage.parse(Resources.bytes("guests/kseg-demo"), "demo");
        int start = demo.symbols().named("_start").orElseThrow().vaddr();
        Map<List<Integer>, Integer> stacks =
                Map.of(
                        List.of(start, start + 4),
                        2,
                        List.of(start, start + 8),
                        3,
                        List.of(start),
                        1);
        assertThat(Profiling.folded(stacks, demo.symbols())).isEqualTo("_start 6\n");
    }

    @Test
    void sys161IgnoresItAndTrace161HasItInTheReport() throws IOException {
        Files.writeString(directory.resolve("sys161.conf"), "31 mainboard ramsize=1M\n");
        MiniKernel.write(directory.resolve("kernel"), CALLS);
        Kseg kseg = new Kseg(directory);
        assertThat(kseg.run("sys161", "--max-cycles=1000", "-P", "kernel").err())
                .doesNotContain("gmon.out");
        assertThat(kseg.run("trace161", "--max-cycles=1000", "-P", "kernel").err())
                .containsPattern(
                        "real time: .*\nsys161: \\d+ bytes written to gmon.out\nsys161: Elapsed virtual");
    }
}
