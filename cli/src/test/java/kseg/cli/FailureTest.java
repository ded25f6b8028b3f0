package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import kseg.port.HostFailureException;
import org.junit.jupiter.api.Test;

class FailureTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private ExitCode report(Throwable e) {
        Messages messages = new Messages(new PrintStream(err, true, StandardCharsets.UTF_8));
        return Failure.report(
                new Host(System.in, System.out, messages, Path.of(""), Caller.UNKNOWN), e);
    }

    @Test
    void aBugIsOneLineAndAFile() throws IOException {
        assertThat(report(new IllegalStateException("never"))).isEqualTo(ExitCode.BUG);
        String line = err.toString(StandardCharsets.UTF_8);
        assertThat(line)
                .matches(
                        "kseg: a bug in Kseg: java.lang.IllegalStateException: never;"
                                + " please report it with \\S+\n");
        Path file = Path.of(line.substring(line.lastIndexOf(' ') + 1).strip());
        assertThat(Files.readString(file)).contains("kseg.cli.FailureTest", "Java ");
        Files.delete(file);
    }

    @Test
    void hostFailures() {
        assertThat(report(new HostFailureException("DISK1.img: No space left on device")))
                .isEqualTo(ExitCode.HOST_FAILURE);
        assertThat(err).hasToString("kseg: DISK1.img: No space left on device\n");
    }

    @Test
    void aNameTheHostCannotHaveIsTheUsers() {
        Kseg.Result result = new Kseg(Path.of("")).run("disk", "info", "a\0b");
        assertThat(result.code()).isEqualTo(ExitCode.REFUSED.code());
        assertThat(result.err()).startsWith("kseg: a\0b: no name a file can have in this locale\n");
    }

    @Test
    void tooLittleMemory() {
        assertThat(report(new OutOfMemoryError("Java heap space")))
                .isEqualTo(ExitCode.HOST_FAILURE);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("too little memory", "--ram");
    }
}
