package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The comparison with other machines: its arithmetic, and its images. Nothing is measured here. */
class BenchTest {
    private static final Path BENCH = Path.of("..", "bench");

    /** Skipped without the cross compiler that built the images; in CI that is a failure. */
    @Test
    void theImagesAreWhatTheirSourcesBuild() throws Exception {
        List<String> command = new ArrayList<>(List.of("./check-images"));
        if ("true".equals(System.getenv("CI"))) {
            command.add("--require");
        }
        String output = output(command);
        assumeFalse(output.contains("SKIPPED"), output);
        assertThat(output).contains("images are what their sources build to");
    }

    @Test
    void theTablesSayWhatWasMeasured() throws Exception {
        boolean python = Files.isExecutable(Path.of("/usr/bin/python3"));
        assumeTrue(python || "true".equals(System.getenv("CI")), "no /usr/bin/python3");
        assertThat(output(List.of("/usr/bin/python3", "-m", "unittest"))).contains("OK");
    }

    private static String output(List<String> command) throws Exception {
        Process process =
                new ProcessBuilder(command)
                        .directory(BENCH.toFile())
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
