package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScreenTextTest {
    private final ScreenText screen = new ScreenText(3);

    private String printed() {
        var out = new ByteArrayOutputStream();
        screen.print(new Messages(new PrintStream(out, true, StandardCharsets.UTF_8)));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void showsWhatWasWrittenLastInAFrame() {
        screen.cell(1, 3, 'x');
        screen.cell(0, 0, 'H');
        screen.cell(0, 1, 'a');
        screen.cell(0, 1, 'i');
        screen.cell(1, 0, 0x1b);
        screen.cell(1, 1, 0);
        assertThat(printed())
                .isEqualTo(
                        """
                        kseg: the screen in slot 3:
                        kseg: +----+
                        kseg: |Hi  |
                        kseg: |?  x|
                        kseg: +----+
                        """);
    }

    @Test
    void saysNothingOfAScreenNeverUsed() {
        screen.cell(0, 0, ' ');
        screen.cell(24, 79, 0);
        assertThat(printed()).isEmpty();
    }
}
