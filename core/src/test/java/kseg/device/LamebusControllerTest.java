package kseg.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kseg.bus.BusError;
import kseg.bus.CardId;
import org.junit.jupiter.api.Test;

class LamebusControllerTest {
    private static final int SLOT = 31;
    private static final int OWN = 31 * 0x400;
    private static final int RAMSZ = OWN + 0x200;
    private static final int IRQS = OWN + 0x204;
    private static final int PWR = OWN + 0x208;
    private static final int IRQE = OWN + 0x20c;
    private static final int CPUS = OWN + 0x210;
    private static final int CPUE = OWN + 0x214;
    private static final int SELF = OWN + 0x218;
    private static final int CIRQE = 0x8000;
    private static final int CIPI = 0x8004;
    private static final int CRAM = 0x8300;
    private static final int CPU = 0x400;

    private static Rig rig(int cpus, boolean old) {
        Rig rig = new Rig();
        rig.cpus = cpus;
        LamebusController controller =
                new LamebusController(
                        rig.bus,
                        rig.clock(SLOT),
                        rig,
                        rig.line(SLOT),
                        rig::misuse,
                        8 << 20,
                        old,
                        false);
        rig.attach(SLOT, old ? CardId.OLD_MAINBOARD : CardId.MAINBOARD, controller);
        return rig;
    }

    private static void busError(Rig rig, int register) {
        assertThatThrownBy(() -> rig.read(SLOT, register)).isSameAs(BusError.INSTANCE);
        assertThatThrownBy(() -> rig.write(SLOT, register, 0)).isSameAs(BusError.INSTANCE);
        assertThat(rig.bus.peek(SLOT << 16 | register)).isZero();
    }

    @Test
    void everySlotHasAConfigurationRegion() {
        Rig rig = rig(1, false);
        rig.attach(
                7,
                CardId.DISK,
                new Timer(rig.line(7), rig.clock(7), () -> {}, rig::misuse, new TimeOfDay(0)));
        assertThat(rig.read(SLOT, 7 * 0x400)).isEqualTo(1);
        assertThat(rig.read(SLOT, 7 * 0x400 + 4)).isEqualTo(3);
        assertThat(rig.read(SLOT, 7 * 0x400 + 8)).isEqualTo(2);
        assertThat(rig.read(SLOT, OWN + 4)).isEqualTo(10);
        assertThat(rig.read(SLOT, OWN + 8)).isEqualTo(1);
        for (int offset = 0; offset < 12; offset += 4) {
            int empty = 8 * 0x400 + offset;
            assertThat(rig.read(SLOT, empty)).isZero();
            assertThatThrownBy(() -> rig.write(SLOT, empty, 1)).isSameAs(BusError.INSTANCE);
        }
        busError(rig, 8 * 0x400 + 12);
        busError(rig, 8 * 0x400 + 0x200);
        busError(rig, OWN + 0x21c);
        busError(rig, OWN + 0x3fc);
    }

    @Test
    void theRamSizeIsInBytesAndReadOnly() {
        Rig rig = rig(1, false);
        assertThat(rig.read(SLOT, RAMSZ)).isEqualTo(8 << 20);
        for (int register : new int[] {RAMSZ, IRQS, CPUS, SELF}) {
            assertThatThrownBy(() -> rig.write(SLOT, register, 0)).isSameAs(BusError.INSTANCE);
        }
    }

    @Test
    void aRaisedLineInterruptsEveryCpuThatAllowsIt() {
        Rig rig = rig(3, false);
        assertThat(rig.read(SLOT, IRQE)).isEqualTo(-1);
        rig.write(SLOT, CIRQE + CPU, 0);
        rig.line(5).set(true);
        assertThat(rig.read(SLOT, IRQS)).isEqualTo(1 << 5);
        assertThat(rig.log).containsExactly("cpu0 lamebus on", "cpu2 lamebus on");
        rig.log.clear();

        rig.line(6).set(true);
        assertThat(rig.log).isEmpty();
        rig.write(SLOT, CIRQE + CPU, 1 << 6);
        assertThat(rig.read(SLOT, CIRQE + CPU)).isEqualTo(1 << 6);
        assertThat(rig.log).containsExactly("cpu1 lamebus on");
        rig.log.clear();

        rig.write(SLOT, IRQE, 1 << 5);
        assertThat(rig.log).containsExactly("cpu1 lamebus off");
        rig.log.clear();
        rig.line(5).set(false);
        assertThat(rig.read(SLOT, IRQS)).isEqualTo(1 << 6);
        assertThat(rig.log).containsExactly("cpu0 lamebus off", "cpu2 lamebus off");
    }

    @Test
    void writingCipiDrivesTheIpiLine() {
        Rig rig = rig(2, false);
        rig.write(SLOT, CIPI + CPU, 5);
        assertThat(rig.read(SLOT, CIPI + CPU)).isEqualTo(-1);
        assertThat(rig.read(SLOT, CIPI)).isZero();
        rig.write(SLOT, CIPI + CPU, 0);
        assertThat(rig.read(SLOT, CIPI + CPU)).isZero();
        assertThat(rig.log).containsExactly("cpu1 ipi on", "cpu1 ipi off");
    }

    @Test
    void cpusArePresentFromBit0AndEachKnowsItself() {
        assertThat(rig(5, false).read(SLOT, CPUS)).isEqualTo(0x1f);
        Rig rig = rig(32, false);
        assertThat(rig.read(SLOT, CPUS)).isEqualTo(-1);
        rig.current = 31;
        assertThat(rig.read(SLOT, SELF)).isEqualTo(1 << 31);
        assertThat(rig.read(SLOT, CPUE)).isEqualTo(1);
    }

    @Test
    void enablingACpuStartsItAsItsCramSays() {
        Rig rig = rig(4, false);
        rig.write(SLOT, CRAM + 2 * CPU, 0x80001000);
        rig.write(SLOT, CRAM + 2 * CPU + 4, 0x1234);
        rig.write(SLOT, CPUE, 0b101);
        assertThat(rig.read(SLOT, CPUE)).isEqualTo(0b101);
        assertThat(rig.log).containsExactly("cpu2 start pc=80001000 a0=00001234 sp=9fff8c00");
        rig.log.clear();
        rig.write(SLOT, CPUE, 0b101);
        assertThat(rig.log).isEmpty();
        rig.write(SLOT, CPUE, 0xfffffff0);
        assertThat(rig.log).containsExactly("cpu0 stop", "cpu2 stop");
        assertThat(rig.read(SLOT, CPUE)).isZero();
    }

    @Test
    void aMisalignedStartAddressIsMisuse() {
        Rig rig = rig(2, false);
        rig.write(SLOT, CRAM + CPU, 0x80001002);
        rig.write(SLOT, CPUE, 3);
        assertThat(rig.log)
                .containsExactly(
                        "misuse: Kernel entry point is not properly aligned",
                        "cpu1 start pc=80001000 a0=00000000 sp=9fff8800");
    }

    @Test
    void cramIs256ZeroedBytesPerCpu() {
        Rig rig = rig(2, false);
        for (int offset = 0; offset < 0x100; offset += 4) {
            assertThat(rig.read(SLOT, CRAM + offset)).isZero();
            rig.write(SLOT, CRAM + offset, ~offset);
        }
        assertThat(rig.read(SLOT, CRAM + 0xfc)).isEqualTo(~0xfc);
        assertThat(rig.read(SLOT, CRAM)).isEqualTo(~0);
        assertThat(rig.read(SLOT, CRAM + CPU)).isZero();
        busError(rig, CRAM + 2 * CPU);
        busError(rig, CIRQE + 2 * CPU);
        busError(rig, 0x8008);
        busError(rig, 0x82fc);
        busError(rig, 0xfffc);
    }

    @Test
    void powerGoesOffFiveMillisecondsAfterWriting0() {
        Rig rig = rig(1, false);
        assertThat(rig.read(SLOT, PWR)).isEqualTo(-1);
        rig.write(SLOT, IRQE, 0);
        rig.write(SLOT, PWR, 0);
        rig.pass(4_999_999);
        assertThat(rig.log).isEmpty();
        rig.pass(1);
        assertThat(rig.log).containsExactly("power off");
    }

    @Test
    void powerStatesWithoutTheMainBoardAreMisuse() {
        Rig rig = rig(1, false);
        rig.write(SLOT, PWR, 0x80000001);
        assertThat(rig.log).isEmpty();
        rig.write(SLOT, PWR, 0x7fffffff);
        assertThat(rig.log).containsExactly("misuse: Invalid power state");
        assertThat(rig.queue.size()).isZero();
    }

    @Test
    void theOldBoardHasNoCpuRegisters() {
        Rig rig = rig(1, true);
        assertThat(rig.read(SLOT, OWN + 4)).isEqualTo(1);
        assertThat(rig.read(SLOT, OWN + 8)).isEqualTo(2);
        for (int register : new int[] {CPUS, CPUE, SELF, CIRQE, CIPI, CRAM}) {
            busError(rig, register);
        }
        rig.line(0).set(true);
        assertThat(rig.log).containsExactly("cpu0 lamebus on");
    }

    @Test
    void theOldBoardsPowerRegisterCannotBeRead() {
        Rig rig = rig(1, true);
        assertThat(rig.read(SLOT, PWR)).isZero();
        rig.write(SLOT, PWR, 3);
        rig.write(SLOT, PWR, 0);
        rig.pass(5_000_000);
        assertThat(rig.log)
                .containsExactly(
                        "misuse: Read from LAMEbus controller power register", "power off");
    }

    @Test
    void stateIsSavedAndRestoredWithoutDisturbingTheCpus() {
        Rig rig = rig(32, false);
        rig.write(SLOT, IRQE, 0xff);
        rig.line(3).set(true);
        rig.write(SLOT, CIRQE + 31 * CPU, 0);
        rig.write(SLOT, CIPI + 31 * CPU, 1);
        rig.write(SLOT, CRAM + 31 * CPU + 0xfc, 9);
        rig.write(SLOT, CPUE, 3);
        rig.write(SLOT, PWR, 0);
        rig.pass(1_000_000);

        Rig other = rig(32, false);
        other.restore(rig.save());
        assertThat(other.log).isEmpty();
        assertThat(other.save().toBytes()).isEqualTo(rig.save().toBytes());
        assertThat(other.read(SLOT, CRAM + 31 * CPU + 0xfc)).isEqualTo(9);
        other.line(3).set(false);
        assertThat(other.log).hasSize(31).doesNotContain("cpu31 lamebus off");
        other.pass(4_000_000);
        assertThat(other.log).last().isEqualTo("power off");
    }
}
