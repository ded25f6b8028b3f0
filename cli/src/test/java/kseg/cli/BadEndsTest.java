package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import kseg.cli.Kseg.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Guests that come to a bad end, each with its own exit code and words. */
@Timeout(60)
class BadEndsTest {
    @TempDir Path directory;

    private Result run(String source, String... options) throws IOException {
        MiniKernel.write(directory.resolve("kernel"), source);
        String[] all = new String[options.length + 3];
        all[0] = "run";
        all[1] = "--stats=none";
        System.arraycopy(options, 0, all, 2, options.length);
        all[all.length - 1] = "kernel";
        return new Kseg(directory).run(all);
    }

    @Test
    void misuse() throws IOException {
        Result result =
                run("lui $t0, 0xbfff; ori $t0, $t0, 0x7e08; li $t1, 1; sw $t1, 0($t0); b .; nop");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .matches(
                        "kseg: Invalid power state.*\n"
                                + "kseg: You did something the hardware didn't like.\n"
                                + "kseg: In real life the machine would hang for no apparent reason,\n"
                                + "kseg: or maybe start to act strangely.\n"
                                + "kseg:   cpu0 at 0x800010[0-9a-f]{2}\n");
    }

    @Test
    void waitingForEver() throws IOException {
        Result exit = run("wait; b .; nop");
        assertThat(exit.code()).isEqualTo(17);
        Result wait = run("wait; b .; nop", "--on-eof=wait");
        assertThat(wait.code()).isEqualTo(19);
        assertThat(wait.err())
                .isEqualTo(
                        "kseg: every processor waits, and nothing can ever happen any more\n"
                                + "kseg:   cpu0 at 0x80001004, waiting\n");
    }

    @Test
    void computingForEver() throws IOException {
        Result limit = run("b .; nop", "--max-cycles=1000001", "--engine=jit");
        assertThat(limit.code()).isEqualTo(16);
        Result dog = run("b .; nop", "-Z", "2");
        assertThat(dog.code()).isEqualTo(18);
        assertThat(dog.err())
                .matches(
                        "kseg: Caution: no progress in 2 seconds\n"
                                + "kseg: No progress in 4 seconds; stopping \\(-Z\\)\n"
                                + "kseg:   cpu0 at 0x8000100[04]\n");
        assertThat(run("b .; nop", "-Z", "1").code()).isEqualTo(2);
    }

    @Test
    void exceptionsWithoutHandlersGoOnForEver() throws IOException {
        // Zeros are nops: from the vector through all of memory, and again.
        assertThat(run("syscall", "--max-cycles=100000").code()).isEqualTo(16);
    }
}
