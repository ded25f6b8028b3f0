package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
    private static final Path DOCUMENT = Path.of("../docs/exit-codes.md");

    @Test
    void theDocumentShowsThisTable() throws IOException {
        assertThat(Files.readString(DOCUMENT)).contains("\n\n" + ExitCode.asMarkdown() + "\n");
    }

    @Test
    void codesAreDistinctAndOursAreSixteenAndAbove() {
        int[] codes = Arrays.stream(ExitCode.values()).mapToInt(ExitCode::code).toArray();
        assertThat(codes).doesNotHaveDuplicates().isSorted();
        assertThat(Arrays.stream(codes).filter(c -> c > 3)).allMatch(c -> c >= 16 && c <= 255);
    }

    @Test
    void theLauncherEndsWithCodesOfThisTable() throws IOException {
        String launcher = Files.readString(Path.of("../kseg"));
        for (ExitCode exit : ExitCode.values()) {
            if (exit.code() >= 40 && exit.code() < 50) {
                assertThat(launcher).as(exit.name()).contains("exit " + exit.code());
            }
        }
    }
}
