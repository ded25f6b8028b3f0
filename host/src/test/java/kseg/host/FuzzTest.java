package kseg.host;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code bench/fuzz meter} and {@code bench/fuzz hub} start from and have found. */
class FuzzTest {
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private static Stream<Path> files(String directory) throws IOException {
        Path inputs = Path.of("src/test/resources/kseg/host", directory);
        try (Stream<Path> files = Files.list(inputs)) {
            return files.sorted().toList().stream();
        }
    }

    static Stream<Path> meterInputs() throws IOException {
        return files("fuzz-meter");
    }

    static Stream<Path> hubInputs() throws IOException {
        return files("fuzz-hub");
    }

    @ParameterizedTest
    @MethodSource("meterInputs")
    void meter(Path file) throws IOException {
        byte[] input = Files.readAllBytes(file);
        assertTimeoutPreemptively(LONGEST, () -> MeterFuzz.fuzzerTestOneInput(input));
    }

    @ParameterizedTest
    @MethodSource("hubInputs")
    void hub(Path file) throws IOException {
        assumeTrue(UnixFiles.here().isPresent(), "no unix datagram sockets: skipped");
        byte[] input = Files.readAllBytes(file);
        assertTimeoutPreemptively(LONGEST, () -> HubFuzz.fuzzerTestOneInput(input));
    }
}
