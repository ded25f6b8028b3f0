package kseg.engine;

import static org.assertj.core.api.Assertions.assertThat;

import kseg.bus.BusError;
import kseg.bus.PhysicalBus;
import kseg.bus.Width;
import kseg.cpu.Cpu;
import kseg.cpu.Mmu;
import kseg.cpu.PreciseStep;
import kseg.engine.interpret.Interpreter;
import kseg.isa.Assembler;
import kseg.isa.CpuModel;
import kseg.memory.FramePool;
import kseg.memory.PageMaps;
import kseg.memory.PhysicalMemory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The second processor model of the same definition: R3000A, in both byte orders. */
class R3000aTest {
    private static final int TEXT = 0x80001000;
    private static final int DATA = 0x2000;
    private static final int V0 = 2;
    private static final int V1 = 3;
    private static final int RAM_BYTES = 1 << 20;
    private static final int GENERAL_VECTOR_BOOT = 0xbfc00180;

    private static final class Nothing implements PhysicalBus {
        @Override
        public int read(int paddr, Width width) {
            throw BusError.INSTANCE;
        }

        @Override
        public void write(int paddr, int value, Width width) {
            throw BusError.INSTANCE;
        }

        @Override
        public boolean isRom(int paddr) {
            return false;
        }
    }

    /** A bare CPU with a megabyte of memory. */
    private static final class Rig {
        final PhysicalMemory memory;
        final Cpu cpu;
        private final Interpreter engine;

        Rig(boolean little, String program) {
            FramePool pool = FramePool.forRam(RAM_BYTES);
            var maps = new PageMaps();
            var code = new CodePages(pool, maps, CpuModel.R3000A, little);
            memory = new PhysicalMemory(pool, maps, code, RAM_BYTES);
            cpu = new Cpu(0, CpuModel.R3000A, little);
            var precise =
                    new PreciseStep(
                            new Mmu(memory, new Nothing()),
                            reason -> {
                                throw new AssertionError(reason);
                            });
            engine = new Interpreter(precise, code);
            int[] words = Assembler.assemble(program, TEXT);
            for (int i = 0; i < words.length; i++) {
                int word = little ? Integer.reverseBytes(words[i]) : words[i];
                memory.putWord((TEXT & 0x1fffffff) + 4 * i, word);
            }
            cpu.start(TEXT);
        }

        Rig run(int steps) {
            cpu.stopAt = cpu.cycles + steps;
            engine.run(cpu);
            return this;
        }

        int gpr(int number) {
            return cpu.gpr[number];
        }
    }

    @ParameterizedTest
    @CsvSource({"false, 0x11, 0x1122, 0x3344", "true, 0x44, 0x3344, 0x1122"})
    void byteOrderDecidesWhichPartOfAWordComesFirst(
            boolean little, String first, String low, String high) {
        Rig rig =
                new Rig(
                                little,
                                """
                                lui $a0, 0x8000
                                ori $a0, $a0, 0x2000
                                lui $t0, 0x1122
                                ori $t0, $t0, 0x3344
                                sw $t0, 0($a0)
                                lbu $v0, 0($a0)
                                lhu $v1, 0($a0)
                                lhu $t1, 2($a0)
                                sh $t0, 4($a0)
                                sb $t0, 6($a0)
                                lw $t2, 4($a0)
                                """)
                        .run(11);
        assertThat(rig.gpr(V0)).isEqualTo(Integer.decode(first));
        assertThat(rig.gpr(V1)).isEqualTo(Integer.decode(low));
        assertThat(rig.gpr(9)).isEqualTo(Integer.decode(high));
        assertThat(rig.gpr(10)).isEqualTo(little ? 0x00443344 : 0x33444400);
        assertThat(rig.memory.byteAt(DATA)).isEqualTo(Integer.decode(first));
    }

    @ParameterizedTest
    @CsvSource({"false, lwl, lwr", "true, lwr, lwl"})
    void unalignedPairsLoadAWordInEitherByteOrder(boolean little, String at, String end) {
        Rig rig =
                new Rig(
                        little,
                        """
                        lui $a0, 0x8000
                        ori $a0, $a0, 0x2000
                        %s $v0, 1($a0)
                        %s $v0, 4($a0)
                        """
                                .formatted(at, end));
        for (int i = 0; i < 8; i++) {
            rig.memory.putByte(DATA + i, 0x10 + i);
        }
        rig.run(4);
        assertThat(rig.gpr(V0)).isEqualTo(little ? 0x14131211 : 0x11121314);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anIsolatedCacheKeepsStoresFromMemory(boolean little) {
        Rig rig =
                new Rig(
                                little,
                                """
                                lui $a0, 0x8000
                                ori $a0, $a0, 0x2000
                                addiu $t0, $0, 7
                                sw $t0, 0($a0)
                                lui $t1, 0x41
                                mtc0 $t1, $12
                                nop
                                sw $0, 0($a0)
                                sb $0, 3($a0)
                                mtc0 $0, $12
                                nop
                                lw $v0, 0($a0)
                                sw $t1, 0($a0)
                                lw $v1, 0($a0)
                                """)
                        .run(14);
        assertThat(rig.gpr(V0)).isEqualTo(7);
        assertThat(rig.gpr(V1)).isEqualTo(0x410000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ll $v0, 0($0)", "sc $v0, 0($0)", "sync", "wait", "cache 0, 0($0)"})
    void whatSystem161AddedIsReserved(String instruction) {
        Rig rig = new Rig(false, "nop\n" + instruction).run(2);
        assertThat(rig.cpu.pc).isEqualTo(GENERAL_VECTOR_BOOT);
        assertThat(rig.cpu.cp0().read(13, 0) >>> 2 & 31).isEqualTo(10);
        assertThat(rig.cpu.cp0().read(14, 0)).isEqualTo(TEXT + 4);
    }

    @ParameterizedTest
    @CsvSource({"1, 62", "5, 58", "56, 63", "112, 63", "55, 8"})
    void randomCountsDownFrom63To8(int nops, int slot) {
        Rig rig = new Rig(false, "nop\n".repeat(nops) + "mfc0 $v0, $1").run(nops + 1);
        assertThat(rig.gpr(V0) >>> 8).isEqualTo(slot);
    }

    @ParameterizedTest
    @CsvSource({"'mtc1 $t0, $f0', 1", "'lwc2 $2, 0($0)', 2"})
    void aCoprocessorThatIsNotThereIsUnusable(String instruction, int coprocessor) {
        Rig rig = new Rig(true, instruction).run(1);
        int cause = rig.cpu.cp0().read(13, 0);
        assertThat(cause >>> 2 & 31).isEqualTo(11);
        assertThat(cause >>> 28 & 3).isEqualTo(coprocessor);
    }
}
