package kseg.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kseg.bus.BusError;
import kseg.bus.CardId;
import kseg.bus.Device;
import kseg.bus.Lamebus;
import kseg.bus.Width;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import org.junit.jupiter.api.Test;

class LamebusTest {
    private final Lamebus bus = new Lamebus();

    /** Remembers its accesses; every word reads as its offset plus 0x11223300. */
    private static final class Probe implements Device {
        final StringBuilder log = new StringBuilder();

        @Override
        public int read(int offset, Width width) {
            log.append("r%x%s ".formatted(offset, width == Width.WORD ? "" : width));
            return 0x11223300 + offset;
        }

        @Override
        public void write(int offset, int value, Width width) {
            log.append("w%x%s=%08x ".formatted(offset, width == Width.WORD ? "" : width, value));
        }

        @Override
        public int peek(int offset) {
            return ~offset;
        }

        @Override
        public void event(int kind, long argument) {
            log.append("e%d,%d ".formatted(kind, argument));
        }

        @Override
        public void save(StateWriter out) {
            out.section("probe", 1);
        }

        @Override
        public void restore(StateReader in) {
            in.section("probe", 1);
        }
    }

    @Test
    void aSlotIs64KilobytesOfItsCardsRegisters() {
        Probe low = new Probe();
        Probe high = new Probe();
        bus.attach(0, CardId.TIMER, low);
        bus.attach(30, CardId.DISK, high);

        assertThat(bus.read(0x8, Width.WORD)).isEqualTo(0x11223308);
        bus.write(0x1e8ffc, 7, Width.WORD);

        assertThat(low.log.toString()).isEqualTo("r8 ");
        assertThat(high.log.toString()).isEqualTo("w8ffc=00000007 ");
    }

    @Test
    void anEmptySlotIsABusError() {
        assertThatThrownBy(() -> bus.read(0x50000, Width.WORD)).isSameAs(BusError.INSTANCE);
        assertThatThrownBy(() -> bus.write(0x50000, 0, Width.BYTE)).isSameAs(BusError.INSTANCE);
        assertThatThrownBy(() -> bus.read(Lamebus.BYTES, Width.WORD)).isSameAs(BusError.INSTANCE);
        assertThatThrownBy(() -> bus.read(-4, Width.WORD)).isSameAs(BusError.INSTANCE);
        assertThat(bus.peek(0x50000)).isZero();
        assertThat(bus.peek(-4)).isZero();
    }

    @Test
    void aNarrowReadTakesItsPartOfTheWord() {
        bus.attach(0, CardId.TIMER, new Probe());
        assertThat(bus.read(0x44, Width.HALF)).isEqualTo(0x1122);
        assertThat(bus.read(0x46, Width.HALF)).isEqualTo(0x3344);
        assertThat(bus.read(0x44, Width.BYTE)).isEqualTo(0x11);
        assertThat(bus.read(0x45, Width.BYTE)).isEqualTo(0x22);
        assertThat(bus.read(0x46, Width.BYTE)).isEqualTo(0x33);
        assertThat(bus.read(0x47, Width.BYTE)).isEqualTo(0x44);
    }

    @Test
    void aNarrowWriteReadsAndWritesTheWholeWord() {
        Probe probe = new Probe();
        bus.attach(0, CardId.TIMER, probe);
        bus.write(0x45, 0xffffff99, Width.BYTE);
        bus.write(0x46, 0x8000abcd, Width.HALF);
        assertThat(probe.log.toString()).isEqualTo("r44 w44=11993344 r44 w44=1122abcd ");
    }

    @Test
    void peekAndEventsReachTheCard() {
        Probe probe = new Probe();
        bus.attach(3, CardId.TIMER, probe);
        assertThat(bus.peek(0x30013)).isEqualTo(~0x10);
        bus.event(3, 2, 9);
        assertThat(probe.log.toString()).isEqualTo("e2,9 ");
        assertThatThrownBy(() -> bus.event(4, 0, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aSlotHoldsOneCard() {
        bus.attach(3, CardId.TIMER, new Probe());
        assertThatThrownBy(() -> bus.attach(3, CardId.DISK, new Probe()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(bus.id(3)).isEqualTo(CardId.TIMER);
        assertThat(bus.id(4)).isNull();
        assertThat(bus.device(4)).isNull();
    }

    @Test
    void stateFitsOnlyTheSameCards() {
        bus.attach(3, CardId.TIMER, new Probe());
        StateWriter out = new StateWriter();
        bus.save(out);
        Lamebus other = new Lamebus();
        assertThatThrownBy(() -> other.restore(new StateReader(out.toBytes(), out.attachments())))
                .isInstanceOf(IllegalStateException.class);
    }
}
