package kseg.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kseg.bus.BusError;
import kseg.bus.CardId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerTest {
    private static final int SLOT = 0;
    private static final int SECONDS = 0x00;
    private static final int NANOS = 0x04;
    private static final int RESTART = 0x08;
    private static final int STATUS = 0x0c;
    private static final int COUNTDOWN = 0x10;
    private static final int SPEAKER = 0x14;

    private final Rig rig = rig();

    private static Rig rig() {
        Rig rig = new Rig();
        Timer timer =
                new Timer(
                        rig.line(SLOT),
                        rig.clock(SLOT),
                        () -> rig.message("[BEEP]"),
                        rig::misuse,
                        new TimeOfDay(1_700_000_000L));
        rig.attach(SLOT, CardId.TIMER, timer);
        return rig;
    }

    @Test
    void theTimeOfDayIsTheEpochPlusMachineTime() {
        rig.pass(2_500_000_123L);
        assertThat(rig.read(SLOT, SECONDS)).isEqualTo(1_700_000_002);
        assertThat(rig.read(SLOT, NANOS)).isEqualTo(500_000_123);
    }

    @Test
    void writingTheTimeShiftsTheEpoch() {
        rig.pass(2_500_000_123L);
        rig.write(SLOT, SECONDS, 0xfffffffe);
        assertThat(rig.read(SLOT, NANOS)).isEqualTo(500_000_123);
        rig.write(SLOT, NANOS, 999_999_999);
        assertThat(rig.read(SLOT, SECONDS)).isEqualTo(0xfffffffe);
        assertThat(rig.read(SLOT, NANOS)).isEqualTo(999_999_999);
        rig.pass(1);
        assertThat(rig.read(SLOT, SECONDS)).isEqualTo(0xffffffff);
        assertThat(rig.read(SLOT, NANOS)).isZero();
    }

    @Test
    void theCountdownRaisesTheLineWhenItEnds() {
        rig.write(SLOT, COUNTDOWN, 10_000);
        assertThat(rig.read(SLOT, COUNTDOWN)).isEqualTo(10_000);
        rig.pass(9_999_999);
        assertThat(rig.raised(SLOT)).isFalse();
        rig.pass(1);
        assertThat(rig.raised(SLOT)).isTrue();
        rig.pass(1_000_000_000);
        assertThat(rig.queue.size()).isZero();
    }

    @Test
    void readingTheStatusTellsAndLowersTheLine() {
        assertThat(rig.read(SLOT, STATUS)).isZero();
        rig.write(SLOT, COUNTDOWN, 1);
        rig.pass(1000);
        assertThat(rig.bus.peek(STATUS)).isEqualTo(1);
        assertThat(rig.raised(SLOT)).isTrue();
        assertThat(rig.read(SLOT, STATUS)).isEqualTo(1);
        assertThat(rig.raised(SLOT)).isFalse();
        assertThat(rig.read(SLOT, STATUS)).isZero();
    }

    @Test
    void aNewCountdownReplacesTheOld() {
        rig.write(SLOT, COUNTDOWN, 5);
        rig.pass(4_999);
        rig.write(SLOT, COUNTDOWN, 5);
        rig.pass(4_999);
        assertThat(rig.raised(SLOT)).isFalse();
        rig.pass(1);
        assertThat(rig.raised(SLOT)).isTrue();
    }

    @Test
    void withRestartItCountsAgain() {
        rig.write(SLOT, RESTART, 77);
        assertThat(rig.read(SLOT, RESTART)).isEqualTo(77);
        rig.write(SLOT, COUNTDOWN, 10);
        for (int i = 1; i <= 5; i++) {
            rig.until(10_000 * i - 1);
            assertThat(rig.read(SLOT, STATUS)).isZero();
            rig.until(10_000 * i);
            assertThat(rig.read(SLOT, STATUS)).isEqualTo(1);
        }
        rig.write(SLOT, RESTART, 0);
        rig.pass(10_000);
        assertThat(rig.queue.size()).isZero();
    }

    @Test
    void aRestartingCountdownOfNothingDoesNotStopTime() {
        rig.write(SLOT, RESTART, 1);
        rig.write(SLOT, COUNTDOWN, 0);
        rig.pass(10_000);
        assertThat(rig.nanos).isEqualTo(10_000);
        assertThat(rig.raised(SLOT)).isTrue();
    }

    @Test
    void theLongestCountdownIsUnsigned() {
        rig.write(SLOT, COUNTDOWN, -1);
        rig.until(0xffffffffL * 1000 - 1);
        assertThat(rig.raised(SLOT)).isFalse();
        rig.pass(1);
        assertThat(rig.raised(SLOT)).isTrue();
    }

    @Test
    void anyWriteToTheSpeakerBeeps() {
        rig.write(SLOT, SPEAKER, 0);
        rig.write(SLOT, SPEAKER, 9);
        assertThat(rig.log).containsExactly("[BEEP]", "[BEEP]");
    }

    @ParameterizedTest
    @ValueSource(ints = {SPEAKER, 0x18, 0x1c})
    void readingWhatCannotBeReadIsMisuse(int register) {
        assertThat(rig.read(SLOT, register)).isZero();
        assertThat(rig.log).containsExactly("misuse: Illegal timer register read");
    }

    @ParameterizedTest
    @ValueSource(ints = {STATUS, 0x18, 0x1c})
    void writingWhatCannotBeWrittenIsMisuse(int register) {
        rig.write(SLOT, register, 1);
        assertThat(rig.log).containsExactly("misuse: Illegal timer register write");
        assertThat(rig.queue.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x20, 0x24, 0x8000, 0xfffc})
    void elsewhereIsABusError(int register) {
        assertThatThrownBy(() -> rig.read(SLOT, register)).isSameAs(BusError.INSTANCE);
        assertThatThrownBy(() -> rig.write(SLOT, register, 0)).isSameAs(BusError.INSTANCE);
    }

    @Test
    void stateSavedInMidCountdownContinuesTheSame() {
        rig.write(SLOT, SECONDS, 5);
        rig.write(SLOT, RESTART, 1);
        rig.write(SLOT, COUNTDOWN, 10);
        rig.pass(25_000);
        Rig other = rig();
        other.restore(rig.save());
        for (Rig each : new Rig[] {rig, other}) {
            assertThat(each.read(SLOT, STATUS)).isEqualTo(1);
            each.pass(4_999);
            assertThat(each.raised(SLOT)).isFalse();
            each.pass(1);
            assertThat(each.raised(SLOT)).isTrue();
            assertThat(each.read(SLOT, SECONDS)).isEqualTo(5);
        }
        assertThat(other.save().toBytes()).isEqualTo(rig.save().toBytes());
    }
}
