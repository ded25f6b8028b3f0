package kseg.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every rule of the grammar broken once; the messages are golden, in config-errors.approved.txt.
 */
class Sys161ConfigErrorsTest {

    /**
     * One case of the golden file: the rule it breaks, the configuration, and the message it must
     * give.
     */
    record Case(String rule, String config, List<SlotOverride> overrides, String message) {
        @Override
        public String toString() {
            return rule;
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void message(Case c) {
        try {
            Sys161Config.parse(c.config(), "sys161.conf", c.overrides());
        } catch (UserErrorException e) {
            assertThat(e.getMessage()).isEqualTo(c.message());
            return;
        }
        fail("accepted");
    }

    static Stream<Case> cases() {
        String golden;
        try (InputStream in =
                Sys161ConfigErrorsTest.class.getResourceAsStream("config-errors.approved.txt")) {
            golden = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Stream.of(golden.split("\n?== ")).skip(1).map(Sys161ConfigErrorsTest::read);
    }

    private static Case read(String text) {
        String[] parts = text.split("\n--\n", 2);
        List<String> lines = new ArrayList<>(parts[0].lines().toList());
        String rule = lines.removeFirst();
        List<SlotOverride> overrides = new ArrayList<>();
        while (!lines.isEmpty() && lines.getFirst().startsWith("-C ")) {
            try {
                overrides.add(SlotOverride.parse(lines.removeFirst().substring(3)));
            } catch (UserErrorException e) {
                throw new IllegalArgumentException(e);
            }
        }
        String message =
                parts[1].endsWith("\n") ? parts[1].substring(0, parts[1].length() - 1) : parts[1];
        return new Case(rule, String.join("\n", lines), overrides, message);
    }
}
