package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RecentTextTest {
    private final RecentText text = new RecentText();

    private void print(String printed) {
        for (byte character : printed.getBytes(StandardCharsets.UTF_8)) {
            text.add(character);
        }
    }

    @Test
    void theLastLinesWithoutEmptyOnes() {
        assertThat(text.lines(3)).isEmpty();
        print("one\r\n\r\ntwo\n  three \n\nmenu: ");
        assertThat(text.lines(3)).containsExactly("two", "  three", "menu:");
    }

    @Test
    void whatATerminalWouldObeyIsLeftOut() {
        print("\033[31mred\007\0 gr\u00fcn\n");
        assertThat(text.lines(8)).containsExactly("[31mred grün");
    }

    @Test
    void muchTextCostsNothing() {
        for (int i = 0; i < 10_000; i++) {
            print("line " + i + "\n");
        }
        assertThat(text.lines(2)).containsExactly("line 9998", "line 9999");
        print("x".repeat(10_000));
        assertThat(text.lines(8)).containsExactly("x".repeat(160) + "...");
    }
}
