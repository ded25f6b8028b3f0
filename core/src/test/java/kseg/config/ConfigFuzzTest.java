package kseg.config;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code bench/fuzz config} starts from and has found. */
class ConfigFuzzTest {
    static Stream<Path> inputs() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/kseg/config/fuzz"))) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void input(Path file) throws IOException {
        byte[] input = Files.readAllBytes(file);
        assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> ConfigFuzz.fuzzerTestOneInput(input));
    }
}
