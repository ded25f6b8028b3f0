package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PacedInputTest {
    private static final String TEXT = "p /testbin/palin\nq\n";
    private static final long SECOND = 1_000_000_000L;

    private final PacedInput input =
            new PacedInput(new FixedInput(TEXT.getBytes(StandardCharsets.ISO_8859_1)));

    private String take() {
        return new String(input.take(Duration.ZERO), StandardCharsets.ISO_8859_1);
    }

    @Test
    void nothingIsTypedWhileTheGuestIsBusy() {
        input.guestDid(SECOND, false);
        assertThat(take()).isEmpty();
        assertThat(input.ended()).isFalse();
    }

    @Test
    void anIdleGuestGetsAFewCharactersEachTimeAndLosesNone() {
        var typed = new StringBuilder();
        for (int i = 1; !input.ended(); i++) {
            input.guestDid(i, true);
            String some = take();
            assertThat(some).hasSizeBetween(1, 16);
            assertThat(take()).as("once for each time the guest was idle").isEmpty();
            typed.append(some);
        }
        assertThat(typed.toString()).isEqualTo(TEXT);
    }

    @Test
    void aGuestThatPollsIsTypedAtAfterTwoSeconds() {
        input.guestDid(2 * SECOND - 1, false);
        assertThat(take()).isEmpty();
        input.guestDid(2 * SECOND, false);
        assertThat(take()).hasSize(16);
    }

    @Test
    void aGuestThatHasIdledIsNotTakenForOneThatPolls() {
        input.guestDid(SECOND, true);
        assertThat(take()).isNotEmpty();
        input.guestDid(9 * SECOND, false);
        assertThat(take()).isEmpty();
    }
}
