package kseg.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import kseg.cli.Kseg.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DisasCommandTest {
    @TempDir Path directory;

    @BeforeEach
    void guest() throws IOException {
        Files.write(directory.resolve("minimal"), Resources.bytes("guests/minimal"));
    }

    private Result disas(String... args) {
        String[] all = new String[args.length + 2];
        all[0] = "disas";
        all[1] = "minimal";
        System.arraycopy(args, 0, all, 2, args.length);
        return new Kseg(directory).run(all);
    }

    @Test
    void fromASymbol() {
        assertThat(disas("--from", "_start", "--count", "2"))
                .isEqualTo(
                        new Result(
                                0,
                                """

                                _start:
                                80001000: 3c10bfff  lui $s0, 0xbfff
                                80001004: 3c11bfe0  lui $s1, 0xbfe0
                                """,
                                ""));
    }

    @Test
    void aCompiledRegion() {
        Result result = disas("--jit", "--from=_start");
        assertThat(result.out())
                .startsWith(
                        "block, can be entered:\n\n_start:\n80001000: 3c10bfff  lui $s0, 0xbfff\n")
                .containsPattern("\nbytecode, \\d+ bytes:\n    0: aload 1\n")
                .containsPattern(" ishl\n +\\d+: istore \\$s0\n")
                .containsPattern("invokevirtual CompiledRegion.rounds0\n")
                .containsPattern("ireturn\n\nrounds0, a loop [^\n]+:\nblock:\n\nfind:\n80001014: ");
        String loop = result.out().substring(result.out().indexOf("\nrounds0, "));
        assertThat(loop)
                .containsPattern("^[^=]*\nbytecode, \\d+ bytes:\n    0: iload 2\n")
                .containsPattern("\n +\\d+: istore \\$s0\n")
                .containsPattern(" lreturn\n");
        assertThat(disas("--jit").out()).isEqualTo(result.out());
        assertThat(disas("--jit", "--from=0x80700000"))
                .isEqualTo(
                        new Result(
                                2,
                                "",
                                "kseg: nothing to compile at 0x80700000\nkseg:     regions begin"
                                        + " with ordinary instructions in code of the file\n"));
    }

    @Test
    void fromAnAddress() {
        assertThat(disas("--from=0x80001004", "--count=1").out())
                .isEqualTo("80001004: 3c11bfe0  lui $s1, 0xbfe0\n");
    }

    @Test
    void allOfIt() {
        assertThat(disas().out()).startsWith("\n_start:\n80001000: ");
        assertThat(disas("--count", "3").out().lines()).hasSize(5);
    }

    @Test
    void anOutputThatIsFullIsAFailure() {
        OutputStream full =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                    }
                };
        var err = new ByteArrayOutputStream();
        Messages messages = new Messages(new PrintStream(err, true, UTF_8));
        PrintStream out = new PrintStream(new BufferedOutputStream(full), false, UTF_8);
        Host host =
                new Host(InputStream.nullInputStream(), out, messages, directory, Caller.UNKNOWN);
        assertThat(Main.run(host, "disas", "minimal")).isEqualTo(20);
        assertThat(err.toString(UTF_8))
                .isEqualTo("kseg: standard output: cannot be written any more\n");
        // What failed before keeps its code.
        assertThat(Main.run(host, "disas", "none")).isEqualTo(2);
    }

    @Test
    void refusals() throws IOException {
        assertThat(disas("--from", "_strat"))
                .isEqualTo(
                        new Result(
                                2,
                                "",
                                """
                                kseg: minimal has no symbol "_strat"
                                kseg:     did you mean _start?
                                """));
        assertThat(disas("--from", "0x80001002").err()).contains("no address of an instruction");
        assertThat(disas("--from", "0x180001000").err()).contains("no address of an instruction");
        assertThat(disas("--from", "0x90000000").err())
                .isEqualTo("kseg: minimal: nothing at 0x90000000\n");
        assertThat(disas("--count=-1").err()).isEqualTo("kseg: --count -1 is negative\n");
        Files.writeString(directory.resolve("minimal"), "no");
        assertThat(disas().err()).startsWith("kseg: minimal: offset 0x0: not an ELF file\n");
    }
}
