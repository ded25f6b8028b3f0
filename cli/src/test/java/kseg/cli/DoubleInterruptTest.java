package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DoubleInterruptTest {
    private static final byte[] INTERRUPT = {3};
    private static final long SECOND = 1_000_000_000L;

    private final DoubleInterrupt keys = new DoubleInterrupt();

    @Test
    void twiceWithoutAnAnswer() {
        assertThat(keys.sees(INTERRUPT, 10, 5 * SECOND)).isFalse();
        assertThat(keys.sees(ConsoleInput.NONE, 10, 6 * SECOND)).isFalse();
        assertThat(keys.sees(INTERRUPT, 10, 7 * SECOND)).isTrue();
    }

    @Test
    void bothAtOnce() {
        assertThat(keys.sees(new byte[] {'x', 3, 3}, 10, 0)).isTrue();
    }

    @Test
    void anAnswerCounts() {
        assertThat(keys.sees(INTERRUPT, 10, 0)).isFalse();
        assertThat(keys.sees(INTERRUPT, 12, 1)).isFalse();
        assertThat(keys.sees(INTERRUPT, 12, 2)).isTrue();
    }

    @Test
    void tooSlowOrWithSomethingBetween() {
        assertThat(keys.sees(INTERRUPT, 10, 0)).isFalse();
        assertThat(keys.sees(INTERRUPT, 10, 3 * SECOND)).isFalse();
        assertThat(keys.sees(new byte[] {'q'}, 10, 3 * SECOND)).isFalse();
        assertThat(keys.sees(INTERRUPT, 10, 3 * SECOND)).isFalse();
    }
}
