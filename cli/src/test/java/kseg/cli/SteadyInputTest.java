package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A line typed at once arrives whole, in order, and no faster than System/161 would type it. */
class SteadyInputTest {
    private static final long SLICE_NANOS = 10_000_000;
    private static final String LINE = "p /testbin/frack do createwrite small\r";

    private final SteadyInput input =
            new SteadyInput(new FixedInput(LINE.getBytes(StandardCharsets.US_ASCII)));

    private String take() {
        return new String(input.take(Duration.ZERO), StandardCharsets.US_ASCII);
    }

    @Test
    void aFewCharactersASlice() {
        StringBuilder typed = new StringBuilder(take());
        assertThat(typed).hasSize(5);
        assertThat(take()).isEmpty();
        for (long now = SLICE_NANOS; !input.ended(); now += SLICE_NANOS) {
            input.guestDid(now, true);
            String some = take();
            assertThat(some.length()).isBetween(1, 5);
            typed.append(some);
        }
        assertThat(typed.toString()).isEqualTo(LINE);
    }

    @Test
    void shortSlicesAddUp() {
        take();
        input.guestDid(1_500_000, false);
        assertThat(take()).isEmpty();
        input.guestDid(3_000_000, false);
        assertThat(take()).hasSize(1);
        input.guestDid(4_000_000, false);
        assertThat(take()).hasSize(1);
    }

    @Test
    void aGuestThatWaitsForEverIsTypedAt() {
        take();
        input.guestDid(1_500_000, true);
        assertThat(take()).isEmpty();
        input.guestDid(1_500_000, true);
        assertThat(take()).hasSize(5);
    }
}
