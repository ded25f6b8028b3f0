package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kseg.cli.Kseg.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Strict mode against what sys161 2.0.8 printed and reported of the same program. */
@Timeout(60)
class StrictRunTest {
    private static final String CONFIGURATION =
            """
            0 serial
            1 timer
            2 disk file=D.img rpm=7200
            3 random seed=5
            31 mainboard ramsize=1M cpus=2
            """;

    @TempDir Path directory;

    @Test
    void aRunReportsWhatSystem161Reports() throws IOException {
        MiniKernel.write(directory.resolve("kernel"), Resources.text("strict.s"));
        Files.writeString(directory.resolve("sys161.conf"), CONFIGURATION);
        Kseg kseg = new Kseg(directory);
        assertThat(kseg.run("disk161", "create", "D.img", "5M").code()).isZero();
        Result result = kseg.run("sys161", "-X", "--strict-sys161", "kernel");
        String report =
                result.err()
                        .replaceFirst("(?m)^sys161: System/161 release.*\n", "")
                        .replaceFirst("(?m)^sys161: Elapsed real time.*\n", "");
        assertThat(result.out() + report).isEqualTo(Resources.text("strict.approved.txt"));
        assertThat(result.code()).isZero();
    }

    /** Each line of it, to the one that System/161 writes when it puts its cards away. */
    @Test
    void aTraceIsSystem161s() throws IOException {
        MiniKernel.write(directory.resolve("kernel"), Resources.text("strict-trace.s"));
        Files.writeString(
                directory.resolve("sys161.conf"),
                "0 serial\n1 emufs dir=.\n30 trace\n31 mainboard ramsize=1M\n");
        Result result =
                new Kseg(directory)
                        .run("trace161", "-X", "--strict-sys161", "-tkujtxidne", "-ft", "kernel");
        assertThat(result.code()).isZero();
        assertThat(Files.readString(directory.resolve("t")))
                .isEqualTo(Resources.text("strict-trace.approved.txt"));
    }
}
