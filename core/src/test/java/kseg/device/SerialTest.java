package kseg.device;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kseg.bus.BusError;
import kseg.bus.CardId;
import kseg.time.Generator;
import org.junit.jupiter.api.Test;

class SerialTest {
    private static final int SLOT = 1;
    private static final int DATA = 0x00;
    private static final int WRITE_IRQ = 0x04;
    private static final int READ_IRQ = 0x08;
    private static final int ENABLE = 1;
    private static final int READY = 2;
    private static final int FORCE = 4;
    private static final long CHARACTER = 20_833;

    private final Bench bench = new Bench(false);

    /** A rig with a serial card, and what it sent. */
    private static final class Bench {
        final Rig rig = new Rig();
        final StringBuilder sent = new StringBuilder();
        final Serial serial;

        Bench(boolean overrun) {
            serial =
                    rig.attach(
                            SLOT,
                            CardId.SERIAL,
                            new Serial(
                                    rig.line(SLOT),
                                    rig.clock(SLOT),
                                    c -> sent.append((char) c),
                                    rig::message,
                                    overrun));
        }

        int read(int offset) {
            return rig.read(SLOT, offset);
        }

        void write(int offset, int value) {
            rig.write(SLOT, offset, value);
        }

        void type(String text) {
            serial.receive(text.getBytes(ISO_8859_1));
        }

        boolean raised() {
            return rig.raised(SLOT);
        }

        /** Reads as an interrupt handler does: take the character, clear ready. */
        char take() {
            char c = (char) read(DATA);
            write(READ_IRQ, ENABLE);
            return c;
        }

        /** Lets time pass; takes each character as it comes. */
        String listen(long nanos) {
            StringBuilder heard = new StringBuilder();
            long end = rig.nanos + nanos;
            while (true) {
                if ((read(READ_IRQ) & READY) != 0) {
                    heard.append(take());
                } else if (rig.queue.nextNanos() <= end) {
                    rig.step();
                } else {
                    rig.until(end);
                    return heard.toString();
                }
            }
        }
    }

    @Test
    void nothingIsReadyAtReset() {
        assertThat(bench.read(WRITE_IRQ)).isZero();
        assertThat(bench.read(READ_IRQ)).isZero();
        assertThat(bench.read(DATA)).isZero();
        bench.write(WRITE_IRQ, ENABLE);
        bench.write(READ_IRQ, ENABLE);
        assertThat(bench.raised()).isFalse();
    }

    @Test
    void aCharacterIsSentAtOnceAndIsCompleteAfterItsTime() {
        bench.write(WRITE_IRQ, ENABLE);
        bench.write(DATA, 'A');
        assertThat(bench.sent.toString()).isEqualTo("A");
        bench.rig.pass(CHARACTER - 1);
        assertThat(bench.raised()).isFalse();
        bench.rig.pass(1);
        assertThat(bench.read(WRITE_IRQ)).isEqualTo(ENABLE | READY);
        assertThat(bench.raised()).isTrue();
        bench.write(WRITE_IRQ, ENABLE);
        assertThat(bench.raised()).isFalse();
    }

    @Test
    void aCharacterWrittenWhileOneIsUnderWayIsLost() {
        bench.write(DATA, 'A');
        bench.write(DATA, 'B');
        bench.rig.pass(CHARACTER);
        bench.write(DATA, 'C');
        assertThat(bench.sent.toString()).isEqualTo("AC");
        assertThat(bench.serial.counts().writes()).isEqualTo(2);
    }

    @Test
    void onlyTheLowByteIsSent() {
        bench.write(DATA, 0x12345680);
        assertThat(bench.sent.toString()).isEqualTo("\u0080");
    }

    @Test
    void theLineIsUpWhileARegisterEnabledIsReadyOrForced() {
        bench.write(WRITE_IRQ, READY);
        assertThat(bench.raised()).isFalse();
        bench.write(WRITE_IRQ, READY | ENABLE);
        assertThat(bench.raised()).isTrue();
        bench.write(WRITE_IRQ, FORCE | ENABLE);
        assertThat(bench.raised()).isTrue();
        bench.write(WRITE_IRQ, ENABLE);
        assertThat(bench.raised()).isFalse();
        bench.write(READ_IRQ, FORCE | ENABLE);
        assertThat(bench.raised()).isTrue();
        bench.write(READ_IRQ, -1 & ~ENABLE);
        assertThat(bench.read(READ_IRQ)).isEqualTo(READY | FORCE);
        assertThat(bench.raised()).isFalse();
    }

    @Test
    void theFirstCharacterArrivesAtOnceTheNextACharacterTimeLater() {
        bench.write(READ_IRQ, ENABLE);
        bench.type("hi");
        assertThat(bench.raised()).isTrue();
        assertThat(bench.take()).isEqualTo('h');
        assertThat(bench.raised()).isFalse();
        bench.rig.pass(CHARACTER - 1);
        assertThat(bench.raised()).isFalse();
        bench.rig.pass(1);
        assertThat(bench.raised()).isTrue();
        assertThat(bench.take()).isEqualTo('i');
        bench.rig.pass(10 * CHARACTER);
        assertThat(bench.read(READ_IRQ)).isEqualTo(ENABLE);
        assertThat(bench.read(DATA)).isEqualTo('i');
    }

    @Test
    void charactersAreBytes() {
        bench.type("\u00ff");
        assertThat(bench.read(DATA)).isEqualTo(0xff);
    }

    @Test
    void anUnreadCharacterHoldsTheNextBackUntilACharacterTimeBoundary() {
        bench.type("ab");
        bench.rig.pass(CHARACTER * 3 + 7);
        assertThat(bench.take()).isEqualTo('a');
        // Held since 1 character time; the attempt at 4 succeeds.
        bench.rig.until(CHARACTER * 4 - 1);
        assertThat(bench.read(DATA)).isEqualTo('a');
        bench.rig.until(CHARACTER * 4);
        assertThat(bench.read(DATA)).isEqualTo('b');
        assertThat(bench.rig.log).isEmpty();
    }

    @Test
    void theNextCharacterDoesNotComeBetweenReadingAndClearing() {
        bench.type("abc");
        bench.rig.pass(CHARACTER - 1);
        assertThat(bench.read(DATA)).isEqualTo('a');
        bench.rig.pass(2);
        bench.write(READ_IRQ, ENABLE);
        bench.rig.until(CHARACTER * 2 - 1);
        assertThat(bench.raised()).isFalse();
        bench.rig.until(CHARACTER * 2);
        assertThat(bench.raised()).isTrue();
        // And the other way round.
        bench.rig.until(CHARACTER * 3 - 1);
        bench.write(READ_IRQ, ENABLE);
        bench.rig.pass(2);
        assertThat(bench.read(DATA)).isEqualTo('b');
        bench.rig.until(CHARACTER * 4);
        assertThat(bench.raised()).isTrue();
        assertThat(bench.take()).isEqualTo('c');
    }

    @Test
    void softwareThatNeverClearsReadyGetsACharacterEveryOtherTime() {
        bench.type("abc");
        for (int i = 0; i < 3; i++) {
            bench.rig.until(CHARACTER * 2 * i);
            assertThat(bench.read(DATA)).isEqualTo('a' + i);
        }
    }

    @Test
    void clearingReadyWithoutReadingLetsTheNextOneOverwrite() {
        bench.type("ab");
        bench.rig.pass(CHARACTER * 2);
        bench.write(READ_IRQ, 0);
        bench.rig.pass(CHARACTER * 2);
        assertThat(bench.read(DATA)).isEqualTo('b');
    }

    @Test
    void softwareThatSetsReadyAgainKeepsHoldingBack() {
        bench.type("ab");
        bench.rig.pass(CHARACTER * 2);
        bench.write(READ_IRQ, 0);
        bench.write(READ_IRQ, READY);
        bench.rig.pass(CHARACTER * 10);
        assertThat(bench.rig.bus.peek(SLOT * 0x10000 + DATA)).isEqualTo('a');
        bench.write(READ_IRQ, 0);
        bench.rig.pass(CHARACTER * 2);
        assertThat(bench.rig.bus.peek(SLOT * 0x10000 + DATA)).isEqualTo('b');
    }

    @Test
    void aDriverThatClearsAfterReadingLosesNothingWhateverItsDelay() {
        String text = "the quick brown fox jumps over the lazy dog".repeat(20);
        for (int delay = 1; delay < 60_000; delay += 977) {
            Bench slow = new Bench(false);
            slow.rig.jitter = new Generator(delay, 0);
            slow.type(text);
            StringBuilder heard = new StringBuilder();
            while (heard.length() < text.length()) {
                while ((slow.read(READ_IRQ) & READY) == 0) {
                    slow.rig.step();
                }
                slow.rig.pass(delay);
                heard.append((char) slow.read(DATA));
                slow.rig.pass(1040);
                slow.write(READ_IRQ, ENABLE);
            }
            assertThat(heard.toString()).isEqualTo(text);
        }
    }

    @Test
    void aKernelThatDoesNotReadForASecondIsReported() {
        bench.type("abc");
        bench.rig.pass(CHARACTER * 48_001 - 1);
        assertThat(bench.rig.log).isEmpty();
        bench.rig.pass(1);
        assertThat(bench.rig.log).containsExactly("Kernel not responding; console input suspended");
        bench.rig.pass(CHARACTER * 2_000);
        bench.take();
        bench.rig.pass(CHARACTER);
        assertThat(bench.rig.log)
                .hasSize(2)
                .last()
                .isEqualTo("Held up to 50001 input characters while kernel unresponsive");
        assertThat(bench.take()).isEqualTo('b');
        bench.rig.pass(CHARACTER);
        assertThat(bench.take()).isEqualTo('c');
        assertThat(bench.rig.log).hasSize(2);
    }

    @Test
    void nothingTypedIsEverLost() {
        String text = "0123456789".repeat(500);
        assertThat(bench.serial.room()).isEqualTo(511);
        bench.type(text);
        assertThat(bench.serial.room()).isZero();
        assertThat(bench.listen(CHARACTER * 5001)).isEqualTo(text);
        assertThat(bench.serial.counts().reads()).isEqualTo(5000);
        assertThat(bench.rig.log).isEmpty();
    }

    @Test
    void withOverrunWhatExceeds511CharactersIsDroppedAndReportedOnce() {
        Bench small = new Bench(true);
        small.type("x".repeat(600));
        assertThat(small.rig.log).containsExactly("Input buffer overrun");
        // One character is in the data register, 511 in the queue.
        assertThat(small.listen(CHARACTER * 600)).hasSize(512);
        small.type("y".repeat(600));
        assertThat(small.rig.log).hasSize(2);
    }

    @Test
    void elsewhereIsABusError() {
        for (int register : new int[] {0x0c, 0x10, 0x8000, 0xfffc}) {
            assertThatThrownBy(() -> bench.read(register)).isSameAs(BusError.INSTANCE);
            assertThatThrownBy(() -> bench.write(register, 0)).isSameAs(BusError.INSTANCE);
        }
    }

    @Test
    void stateSavedAtAnyMomentContinuesTheSame() {
        for (int moment = 0; moment < 40; moment++) {
            Bench one = new Bench(false);
            one.write(DATA, 'o');
            one.type("one two three four");
            one.rig.pass(moment * 7_919L);
            if (moment % 3 == 0) {
                one.read(DATA);
            }
            Bench two = new Bench(false);
            two.rig.restore(one.rig.save());
            assertThat(two.rig.save().toBytes()).isEqualTo(one.rig.save().toBytes());
            String heard = one.listen(CHARACTER * 30);
            assertThat(heard).endsWith("four");
            assertThat(two.listen(CHARACTER * 30)).isEqualTo(heard);
            assertThat(two.rig.save().toBytes()).isEqualTo(one.rig.save().toBytes());
        }
    }
}
