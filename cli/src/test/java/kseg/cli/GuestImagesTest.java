package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The guest images in the repository: packed into the jar, and what their sources build. */
class GuestImagesTest {
    private static final Path GUESTS = Path.of("..", "guests");

    @Test
    void theDemoGuestIsInTheJar() throws IOException {
        try (InputStream image = Main.class.getResourceAsStream("guests/kseg-demo")) {
            assertThat(image).isNotNull();
            assertThat(image.readAllBytes())
                    .isEqualTo(Files.readAllBytes(GUESTS.resolve("images/kseg-demo")));
        }
    }

    /** Skipped without the cross compiler that built the images; in CI that is a failure. */
    @Test
    void theImagesAreWhatTheirSourcesBuild() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no /bin/sh");
        List<String> command = new ArrayList<>(List.of("./check-images"));
        if ("true".equals(System.getenv("CI"))) {
            command.add("--require");
        }
        Process process =
                new ProcessBuilder(command)
                        .directory(GUESTS.toFile())
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assumeFalse(output.contains("SKIPPED"), output);
        assertThat(output).contains("kseg-demo matches its sources");
    }
}
