package kseg.device;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kseg.bus.BusError;
import kseg.bus.CardId;
import kseg.bus.Width;
import kseg.port.DisplaySink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScreenTest {
    private static final int SLOT = 5;
    private static final int CURSOR = 0x00;
    private static final int SIZE = 0x04;
    private static final int DATA = 0x08;
    private static final int READ_IRQ = 0x0c;
    private static final int MEMORY = 0x8000;
    private static final long CHARACTER = 20_833;

    private final Bench bench = new Bench();

    private static final class Bench {
        final Rig rig = new Rig();
        final Screen screen;

        Bench() {
            DisplaySink display =
                    new DisplaySink() {
                        @Override
                        public void cell(int row, int column, int character) {
                            rig.log.add("%d,%d:%c".formatted(row, column, character));
                        }

                        @Override
                        public void cursor(int row, int column) {
                            rig.log.add("cursor %d,%d".formatted(row, column));
                        }
                    };
            screen =
                    rig.attach(
                            SLOT,
                            CardId.SCREEN,
                            new Screen(
                                    rig.line(SLOT),
                                    rig.clock(SLOT),
                                    display,
                                    rig::message,
                                    80,
                                    25));
        }

        int read(int offset) {
            return rig.read(SLOT, offset);
        }

        void write(int offset, int value) {
            rig.write(SLOT, offset, value);
        }

        void storeByte(int offset, int value) {
            rig.bus.write(SLOT << 16 | offset, value, Width.BYTE);
        }
    }

    @Test
    void theSizeHasColumnsAboveRowsAndIsFixed() {
        assertThat(bench.read(SIZE)).isEqualTo(80 << 16 | 25);
        bench.write(SIZE, 40 << 16 | 10);
        assertThat(bench.read(SIZE)).isEqualTo(80 << 16 | 25);
    }

    @Test
    void theCursorMovesAndMayLeaveTheScreen() {
        assertThat(bench.read(CURSOR)).isZero();
        bench.write(CURSOR, 7 << 16 | 3);
        bench.write(CURSOR, -1);
        assertThat(bench.read(CURSOR)).isEqualTo(-1);
        assertThat(bench.rig.log).containsExactly("cursor 3,7", "cursor 65535,65535");
    }

    @Test
    void cellsAreBytesRowByRow() {
        bench.storeByte(MEMORY + 80 + 1, 'x');
        bench.storeByte(MEMORY + 80 + 1, 'x');
        bench.write(MEMORY + 78 + 2, 'a' << 24 | 'x' << 16 | 'b' << 8 | 'c');
        assertThat(bench.rig.log).containsExactly("1,1:x", "1,0:a", "1,2:b", "1,3:c");
        assertThat(bench.rig.bus.read(SLOT << 16 | MEMORY + 81, Width.BYTE)).isEqualTo('x');
    }

    @Test
    void memoryBeyondTheLastRowIsJustMemory() {
        bench.write(MEMORY + 80 * 25, 0x41414141);
        bench.write(0xfffc, 0x42424242);
        assertThat(bench.rig.log).isEmpty();
        assertThat(bench.read(0xfffc)).isEqualTo(0x42424242);
    }

    @Test
    void aNewDisplayIsShownEverything() {
        bench.storeByte(MEMORY, 'h');
        bench.write(CURSOR, 1 << 16);
        bench.rig.log.clear();
        bench.screen.repaint();
        assertThat(bench.rig.log)
                .hasSize(80 * 25 + 1)
                .startsWith("0,0:h", "0,1:\0")
                .endsWith("cursor 0,1");
    }

    @Test
    void theKeyboardReadsAsTheSerialConsole() {
        bench.write(READ_IRQ, 1);
        bench.screen.receive("ok".getBytes(ISO_8859_1));
        assertThat(bench.rig.raised(SLOT)).isTrue();
        assertThat(bench.read(READ_IRQ)).isEqualTo(3);
        assertThat(bench.read(DATA)).isEqualTo('o');
        bench.write(READ_IRQ, 1);
        assertThat(bench.rig.raised(SLOT)).isFalse();
        bench.rig.pass(CHARACTER);
        assertThat(bench.rig.raised(SLOT)).isTrue();
        assertThat(bench.read(DATA)).isEqualTo('k');
        assertThat(bench.screen.counts().reads()).isEqualTo(2);
        assertThatThrownBy(() -> bench.write(DATA, 0)).isSameAs(BusError.INSTANCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x10, 0x7ffc})
    void elsewhereIsABusError(int register) {
        assertThatThrownBy(() -> bench.read(register)).isSameAs(BusError.INSTANCE);
        assertThatThrownBy(() -> bench.write(register, 0)).isSameAs(BusError.INSTANCE);
    }

    @Test
    void aScreenMustFitItsMemory() {
        assertThatThrownBy(() ->
                        new Screen(
                                bench.rig.line(6),
                                bench.rig.clock(6),
                                new DisplaySink() {
                                    @Override
                                    public void cell(int row, int column, int c) {}

                                    @Override
                                    public void cursor(int row, int column) {}
                                },
                                bench.rig::message,
                                256,
                                129))
                .hasMessageContaining("256 by 129");
    }

    @Test
    void stateSavedWhileReceivingContinuesTheSame() {
        bench.write(MEMORY + 100, 0x61626364);
        bench.write(CURSOR, 5);
        bench.screen.receive("abc".getBytes(ISO_8859_1));
        bench.rig.pass(CHARACTER * 2);
        Bench other = new Bench();
        other.rig.restore(bench.rig.save());
        for (Bench each : new Bench[] {bench, other}) {
            assertThat(each.read(DATA)).isEqualTo('a');
            each.write(READ_IRQ, 0);
            each.rig.pass(CHARACTER);
            assertThat(each.read(DATA)).isEqualTo('b');
        }
        assertThat(other.rig.save().toBytes()).isEqualTo(bench.rig.save().toBytes());
        assertThat(other.read(MEMORY + 100)).isEqualTo(0x61626364);
    }
}
