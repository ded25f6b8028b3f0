package kseg.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import kseg.bus.BusError;
import kseg.bus.CardId;
import kseg.port.BlockStore;
import kseg.port.DeviceTrace;
import kseg.port.HostFailureException;
import kseg.time.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskTest {
    private static final int SLOT = 2;
    private static final int SECTORS = 0x00;
    private static final int STATUS = 0x04;
    private static final int SECTOR = 0x08;
    private static final int RPM = 0x0c;
    private static final int BUFFER = 0x8000;
    private static final int IDLE = 0;
    private static final int READ = 1;
    private static final int WRITE = 3;
    private static final int READ_DONE = 4;
    private static final int WRITE_DONE = 6;
    private static final int SIZE = 10_240;

    /** 7200 rpm: whole seconds start a revolution. */
    private static final long REVOLUTION = 8_333_333;

    private static final long FIRST_SEEK = 63_581_713;

    private final Bench bench = new Bench();

    /** An image whose every word is its sector number; some sectors are bad. */
    private static final class Image implements BlockStore {
        final Set<Integer> bad = new HashSet<>();
        final StringBuilder logged = new StringBuilder();

        @Override
        public int sectors() {
            return SIZE;
        }

        @Override
        public void read(int sector, byte[] into) {
            if (bad.contains(sector)) {
                Arrays.fill(into, 0, 100, (byte) 0xee);
                throw new HostFailureException("bad sector");
            }
            for (int i = 0; i < into.length; i += 4) {
                Words.put(into, i, sector);
            }
        }

        @Override
        public void written(int sector, byte[] data) {
            if (bad.contains(sector)) {
                throw new HostFailureException("disk full");
            }
            logged.append("%d:%x ".formatted(sector, Words.get(data, 0)));
        }
    }

    private static final class Bench {
        final Rig rig = new Rig();
        final Image image = new Image();
        final TimeOfDay timeOfDay = new TimeOfDay(5);
        final Disk disk;

        Bench() {
            this(false);
        }

        Bench(boolean oldStepsCount) {
            disk =
                    rig.attach(
                            SLOT,
                            CardId.DISK,
                            new Disk(
                                    SLOT,
                                    rig.line(SLOT),
                                    rig.clock(SLOT),
                                    image,
                                    rig.exchange,
                                    rig::misuse,
                                    timeOfDay,
                                    new DoomCounter(3, () -> rig.log.add("doom")),
                                    7200,
                                    oldStepsCount,
                                    DeviceTrace.NONE));
        }

        int read(int offset) {
            return rig.read(SLOT, offset);
        }

        void write(int offset, int value) {
            rig.write(SLOT, offset, value);
        }

        void start(int sector, int command) {
            write(SECTOR, sector);
            write(STATUS, command);
        }

        /** Runs until the line rises; says when that was. */
        long finish() {
            while (!rig.raised(SLOT)) {
                rig.step();
            }
            return rig.nanos;
        }

        long transfer(int sector, int command) {
            start(sector, command);
            finish();
            return rig.nanos;
        }
    }

    @Test
    void theRegistersTellSizeAndSpeed() {
        assertThat(bench.read(SECTORS)).isEqualTo(SIZE);
        assertThat(bench.read(RPM)).isEqualTo(7200);
        assertThat(bench.read(STATUS)).isZero();
        bench.write(SECTOR, 77);
        assertThat(bench.read(SECTOR)).isEqualTo(77);
        for (int register : new int[] {SECTORS, RPM}) {
            assertThatThrownBy(() -> bench.write(register, 0)).isSameAs(BusError.INSTANCE);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x10, 0x7ffc, 0x8200, 0xfffc})
    void elsewhereIsABusError(int register) {
        assertThatThrownBy(() -> bench.read(register)).isSameAs(BusError.INSTANCE);
        assertThatThrownBy(() -> bench.write(register, 0)).isSameAs(BusError.INSTANCE);
    }

    @Test
    void theBufferIs512BytesOfWords() {
        for (int i = 0; i < 512; i += 4) {
            assertThat(bench.read(BUFFER + i)).isZero();
            bench.write(BUFFER + i, 0x10203 * i);
        }
        assertThat(bench.read(BUFFER + 508)).isEqualTo(0x10203 * 508);
        assertThat(bench.read(BUFFER)).isZero();
    }

    @Test
    void aReadSeeksWaitsForTheSectorAndFillsTheBuffer() {
        bench.start(0, READ);
        assertThat(bench.read(STATUS)).isEqualTo(READ);
        bench.rig.pass(FIRST_SEEK);
        assertThat(bench.rig.raised(SLOT)).isFalse();

        // The head arrives 5,248,382 ns into the eighth revolution. Sector 0 has been read when
        // sector 1 of 53 begins, in the ninth.
        long sectorTime = REVOLUTION / 53;
        assertThat(bench.finish()).isEqualTo(8 * REVOLUTION + sectorTime + 500);
        assertThat(bench.read(STATUS)).isEqualTo(READ_DONE);
        assertThat(bench.read(BUFFER)).isZero();
        bench.write(STATUS, IDLE);
        assertThat(bench.rig.raised(SLOT)).isFalse();
        assertThat(bench.read(STATUS)).isZero();
        assertThat(bench.disk.counts().reads()).isEqualTo(1);
    }

    @Test
    void whatHasPassedUnderTheHeadIsInTheTrackBuffer() {
        bench.transfer(0, READ);
        bench.write(STATUS, IDLE);
        bench.rig.pass(REVOLUTION);
        long start = bench.rig.nanos;
        assertThat(bench.transfer(1, READ)).isEqualTo(start + 500);
        assertThat(bench.read(BUFFER + 508)).isEqualTo(1);
        assertThat(bench.transfer(52, READ)).isEqualTo(start + 1000);
    }

    @Test
    void aWriteWaitsForItsSectorToComeRound() {
        bench.transfer(0, READ);
        long copied = bench.rig.nanos + 500;
        bench.write(BUFFER, 0xabcd);
        bench.start(10, WRITE);
        assertThat(bench.read(STATUS)).isEqualTo(WRITE);
        assertThat(bench.rig.raised(SLOT)).isFalse();
        long sectorTime = REVOLUTION / 53;
        long angle = copied % REVOLUTION;
        assertThat(bench.finish()).isEqualTo(copied - angle + 11 * sectorTime);
        assertThat(bench.read(STATUS)).isEqualTo(WRITE_DONE);
        assertThat(bench.image.logged.toString()).isEqualTo("10:abcd ");

        bench.write(BUFFER, 0);
        bench.transfer(10, READ);
        assertThat(bench.read(BUFFER)).isEqualTo(0xabcd);
        assertThat(bench.disk.overlay().sectors()).isEqualTo(1);
        assertThat(bench.disk.counts().writes()).isEqualTo(1);
    }

    @Test
    void thePlatterTurnsWithTheTimeOfDay() {
        bench.timeOfDay.setNanos(bench.rig.clock(SLOT), 1_000_000);
        long sectorTime = REVOLUTION / 53;
        assertThat(bench.transfer(0, READ))
                .isEqualTo(8 * REVOLUTION + sectorTime - 1_000_000 + 500);
    }

    @Test
    void theBufferIsNotLatched() {
        bench.write(BUFFER, 1);
        bench.start(3, WRITE);
        bench.rig.pass(60_000_000);
        bench.write(BUFFER, 2);
        bench.finish();
        assertThat(bench.image.logged.toString()).isEqualTo("3:2 ");
    }

    @ParameterizedTest
    @ValueSource(ints = {SIZE, SIZE + 1, 0x7fffffff, 0x80000000, 0xffffffff})
    void aSectorBeyondTheEndFailsAtOnce(int sector) {
        bench.start(sector, READ);
        assertThat(bench.read(STATUS)).isEqualTo(12);
        assertThat(bench.rig.raised(SLOT)).isTrue();
        bench.write(STATUS, WRITE);
        assertThat(bench.read(STATUS)).isEqualTo(14);
        bench.write(STATUS, IDLE);
        assertThat(bench.rig.raised(SLOT)).isFalse();
        assertThat(bench.rig.queue.size()).isZero();
    }

    @Test
    void whatTheHostCannotDoIsAMediaError() {
        bench.image.bad.add(5);
        bench.write(BUFFER, 0x12345678);
        bench.transfer(5, READ);
        assertThat(bench.read(STATUS)).isEqualTo(20);
        assertThat(bench.read(BUFFER)).isEqualTo(0x12345678);
        bench.transfer(5, WRITE);
        assertThat(bench.read(STATUS)).isEqualTo(22);
        assertThat(bench.disk.overlay().sectors()).isZero();
        assertThat(bench.disk.counts().reads()).isZero();
        assertThat(bench.disk.counts().writes()).isZero();
    }

    @Test
    void aReplayTakesTheHostsFailuresFromTheJournal() {
        bench.image.bad.add(5);
        bench.transfer(5, READ);
        bench.transfer(5, WRITE);
        bench.transfer(6, WRITE);
        bench.transfer(7, READ);

        Bench replay = new Bench();
        replay.rig.exchange.replay(bench.rig.exchange.journal);
        replay.transfer(5, READ);
        assertThat(replay.read(STATUS)).isEqualTo(20);
        replay.transfer(5, WRITE);
        assertThat(replay.read(STATUS)).isEqualTo(22);
        replay.transfer(6, WRITE);
        replay.transfer(7, READ);
        assertThat(replay.read(BUFFER)).isEqualTo(7);
        assertThat(replay.image.logged.toString()).isEmpty();
        assertThat(replay.rig.save().toBytes()).isEqualTo(bench.rig.save().toBytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 5, 0x80000001, -1})
    void otherCommandsAreMisuse(int command) {
        bench.write(STATUS, command);
        assertThat(bench.rig.log)
                .containsExactly(
                        "misuse: disk: Invalid write "
                                + Integer.toUnsignedString(command)
                                + " to status register");
        assertThat(bench.read(STATUS)).isZero();
    }

    @Test
    void anAbortedSeekStillEndsBeforeTheNextOperation() {
        bench.start(0, READ);
        bench.rig.pass(1_000_000);
        bench.write(STATUS, IDLE);
        assertThat(bench.read(STATUS)).isZero();
        bench.start(1, READ);
        assertThat(bench.rig.queue.size()).isEqualTo(1);
        bench.rig.until(FIRST_SEEK);
        assertThat(bench.rig.raised(SLOT)).isFalse();
        assertThat(bench.finish()).isEqualTo(8 * REVOLUTION + 2 * (REVOLUTION / 53) + 500);
    }

    @Test
    void anAbortedRotationIsNoStepOfTheNextOperation() {
        bench.start(0, READ);
        bench.rig.pass(FIRST_SEEK);
        bench.write(STATUS, IDLE);
        bench.start(30, WRITE);
        long rotated = 8 * REVOLUTION + REVOLUTION / 53;
        assertThat(bench.finish()).isEqualTo(8 * REVOLUTION + 31 * (REVOLUTION / 53));
        assertThat(rotated).isLessThan(bench.rig.nanos);
    }

    /** As System/161 has it: the write is done when the rotation of the read is. */
    @Test
    void inStrictModeItIsOne() {
        Bench strict = new Bench(true);
        strict.start(0, READ);
        strict.rig.pass(FIRST_SEEK);
        strict.write(STATUS, IDLE);
        strict.start(30, WRITE);
        assertThat(strict.finish()).isEqualTo(8 * REVOLUTION + REVOLUTION / 53);
    }

    @Test
    void anAbortedOperationNeverCompletes() {
        bench.start(0, READ);
        bench.write(STATUS, IDLE);
        bench.rig.pass(1_000_000_000);
        assertThat(bench.read(STATUS)).isZero();
        assertThat(bench.rig.raised(SLOT)).isFalse();
        assertThat(bench.read(BUFFER)).isZero();
    }

    @Test
    void theSectorRegisterMayChangeUnderWay() {
        bench.start(0, READ);
        bench.rig.pass(1000);
        bench.write(SECTOR, 9_000);
        bench.finish();
        assertThat(bench.read(BUFFER)).isEqualTo(9_000);
    }

    @Test
    void everyWriteCommandCountsForDoom() {
        bench.write(SECTOR, SIZE);
        bench.write(STATUS, WRITE);
        bench.write(STATUS, READ);
        bench.write(STATUS, WRITE);
        assertThat(bench.rig.log).isEmpty();
        bench.write(STATUS, WRITE);
        assertThat(bench.rig.log).containsExactly("doom");
        bench.write(STATUS, WRITE);
        assertThat(bench.rig.log).hasSize(1);
    }

    @Test
    void snapshotsShareTheOverlayAndDoNotDisturbEachOther() {
        bench.write(BUFFER, 1);
        bench.transfer(4, WRITE);
        var saved = bench.rig.save();
        bench.write(BUFFER, 2);
        bench.transfer(4, WRITE);
        Bench other = new Bench();
        other.rig.restore(saved);
        other.transfer(4, READ);
        assertThat(other.read(BUFFER)).isEqualTo(1);
        bench.transfer(4, READ);
        assertThat(bench.read(BUFFER)).isEqualTo(2);
    }

    @Test
    void stateSavedInTheMiddleOfAnyOperationContinuesTheSame() {
        Random random = new Random(3);
        for (int round = 0; round < 50; round++) {
            Bench one = new Bench();
            one.rig.jitter = new Generator(round, 0);
            for (int i = 0; i < 3; i++) {
                one.write(BUFFER, random.nextInt());
                one.start(random.nextInt(SIZE), random.nextBoolean() ? READ : WRITE);
                one.rig.pass(random.nextInt(100_000_000));
            }
            one.start(random.nextInt(SIZE), random.nextBoolean() ? READ : WRITE);
            one.rig.pass(random.nextInt(80_000_000));
            one.rig.jitter = null;
            Bench two = new Bench();
            two.rig.restore(one.rig.save());
            assertThat(two.finish()).isEqualTo(one.finish());
            assertThat(two.read(BUFFER)).isEqualTo(one.read(BUFFER));
            assertThat(two.rig.save().toBytes()).isEqualTo(one.rig.save().toBytes());
        }
    }
}
