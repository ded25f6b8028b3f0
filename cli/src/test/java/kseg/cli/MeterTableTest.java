package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Expected tables were printed by System/161's stat161 for the same lines. */
class MeterTableTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final MeterTable table =
            new MeterTable(new PrintStream(bytes, true, StandardCharsets.UTF_8));

    private String after(String... lines) throws Exception {
        for (String line : lines) {
            table.take(line);
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        bytes.reset();
        return text;
    }

    @Test
    void rowsAreDifferencesAndColumnsOnlyGrow() throws Exception {
        assertThat(after("HELLO 2\r", "HEAD nsec idle\r", "WIDTH 6 4\r", "DATA 100 5\r"))
                .isEqualTo("\nnsec   idle \n100    5    \n");
        assertThat(after("DATA 12345778 6", "data 12345779 6"))
                .isEqualTo("12345678 1    \n1        0    \n");
    }

    @Test
    void aHeadingComesEvery22Lines() throws Exception {
        after("HEAD n");
        for (int i = 0; i < 22; i++) {
            after("DATA " + i);
        }
        assertThat(after("DATA 22")).isEqualTo("\nn \n1 \n");
    }

    @Test
    void whatIsNotUnderstood() throws Exception {
        assertThat(after("HEAD a b", "DATA 1"))
                .isEqualTo("stat161: Invalid packet (wrong number of fields)\n");
        assertThat(after("NOISE 1")).isEqualTo("stat161: Invalid packet (improper header)\n");
        assertThat(after("BAD Invalid number"))
                .isEqualTo("stat161: sys161 error: Invalid number\n");
        assertThat(after("", "OK", "ERROR")).isEmpty();
        assertThatThrownBy(() -> after("HELLO 3")).hasMessageContaining("Wrong protocol version 3");
    }
}
