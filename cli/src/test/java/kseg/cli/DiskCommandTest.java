package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import kseg.cli.Kseg.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskCommandTest {
    @TempDir Path directory;

    private Result disk(String... args) {
        String[] all = new String[args.length + 1];
        all[0] = "disk";
        System.arraycopy(args, 0, all, 1, args.length);
        return new Kseg(directory).run(all);
    }

    @Test
    void createInfoResize() {
        String five = "D.img: 5242880 bytes (10240 sectors; 5120K; 5M)\n";
        assertThat(disk("create", "D.img", "5M")).isEqualTo(new Result(0, five, ""));
        assertThat(disk("info", "D.img", "D.img")).isEqualTo(new Result(0, five + five, ""));
        assertThat(disk("resize", "D.img", "+512K").out()).contains("11264 sectors");
        assertThat(disk("resize", "D.img", "-1M").out()).contains("9216 sectors");
        assertThat(disk("setsize", "D.img", "128s").out()).contains("128 sectors; 64K; 0M");
        assertThat(disk("create", "-f", "D.img", "5M").out()).isEqualTo(five);
        assertThat(disk("status", "D.img").out()).isEqualTo(five);
    }

    @Test
    void onlyRegularFilesAreImages() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "no mkfifo: skipped");
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        Files.createDirectory(directory.resolve("d"));
        Files.writeString(
                directory.resolve("sys161.conf"),
                "0 serial\n2 disk file=pipe\n31 mainboard ramsize=8M\n");
        Files.write(directory.resolve("demo"), Resources.bytes("guests/kseg-demo"));
        Result refused = new Result(2, "", "kseg: pipe: is not a regular file, so no disk image\n");
        // Opening the pipe would wait for ever, and not even be interrupted.
        assertTimeoutPreemptively(
                Duration.ofMinutes(1),
                () -> {
                    assertThat(disk("info", "pipe")).isEqualTo(refused);
                    assertThat(disk("resize", "pipe", "5M")).isEqualTo(refused);
                    assertThat(disk("create", "-f", "pipe", "5M")).isEqualTo(refused);
                    assertThat(new Kseg(directory).run("run", "demo", "q")).isEqualTo(refused);
                });
        assertThat(disk("info", "d").err())
                .isEqualTo("kseg: d: is a directory, not a disk image\n");
    }

    @Test
    void refusals() {
        assertThat(disk("info", "none.img"))
                .isEqualTo(
                        new Result(
                                2,
                                "",
                                """
                                kseg: none.img: no such file
                                kseg:     make it: kseg disk create none.img 5M
                                """));
        assertThat(disk("create", "D.img", "5MB"))
                .isEqualTo(
                        new Result(
                                2,
                                "",
                                """
                                kseg: "5MB" is no size
                                kseg:     a size is a number with an optional suffix: b bytes, s 512-byte sectors, k, m or g
                                """));
        assertThat(disk("create", "D.img", "100").err())
                .startsWith("kseg: D.img: a disk cannot have 100 bytes\n");
        assertThat(disk("create", "D.img", "64K").code()).isZero();
        assertThat(disk("create", "D.img", "64K").err())
                .isEqualTo("kseg: D.img: exists already\nkseg:     use -f to overwrite it\n");
        assertThat(disk("resize", "D.img", "-1M").err())
                .startsWith("kseg: D.img: a disk cannot have -983040 bytes\n");
        assertThat(disk("create", "no/such/D.img", "64K").err())
                .isEqualTo("kseg: no/such/D.img: no such file\n");
    }
}
