package kseg.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import kseg.cpu.Exc;
import kseg.isa.CpuModel;
import kseg.machine.EngineKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Loads, stores, LL and SC, register $0 and overflow: values and what is left alone. */
class MemoryAccessTest extends EngineSuite {
    private final EngineKind kind;

    MemoryAccessTest(EngineKind kind) {
        super(kind);
        this.kind = kind;
    }

    @ParameterizedTest
    @CsvSource({
        "lb, 0, 0xffffff80", "lbu, 0, 0x80", "lb, 3, 0x7f", "lbu, 3, 0x7f",
        "lh, 0, 0xffff8001", "lhu, 0, 0x8001", "lh, 2, 0x027f", "lhu, 2, 0x027f",
        "lw, 0, 0x8001027f",
    })
    void loadsExtend(String load, int offset, String value) {
        kernel(
                "",
                "li $t0, 0x8001027f\n li $t1, %d\n sw $t0, 0($t1)\n %s $v0, %d($t1)\n b .\n nop"
                        .formatted(DATA, load, offset));
        rig.run(150);
        expectRegister("v0", Integer.parseUnsignedInt(value.substring(2), 16));
    }

    /** A loaded register is there for the next instruction: there are no load delays. */
    @Test
    void loadsInterlock() {
        kernel("", "li $t1, %d\n lw $v0, 0($t1)\n addiu $v0, $v0, 1\n b .\n nop".formatted(DATA));
        rig.place(DATA_PADDR, 41);
        rig.run(150);
        expectRegister("v0", 42);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lwl", "lwr", "swl", "swr"})
    void unalignedAccessesMoveTheBytesOfTheModel(String insn) {
        for (boolean littleEndian : new boolean[] {false, true}) {
            var bench = new CpuRig(kind, CpuModel.R3000A, littleEndian);
            var random = new Random(1);
            for (int trial = 0; trial < 24; trial++) {
                int offset = 4 + trial % 4 + 4 * random.nextInt(2);
                int register = random.nextInt();
                int[] words = random.ints(4).toArray();
                unaligned(bench, insn, littleEndian, offset, register, words);
            }
        }
    }

    private void unaligned(
            CpuRig bench, String insn, boolean little, int offset, int register, int[] words) {
        bench.clear();
        String source =
                "lui $t1, 0x8000\n li $t0, %d\n %s $t0, %d($t1)\n b .\n nop"
                        .formatted(register, insn, 0x4000 + offset);
        bench.place(CpuRig.CODE, source).place(0x4000, words);
        bench.run(10);
        byte[] memory = new byte[16];
        for (int i = 0; i < 16; i++) {
            memory[i] = (byte) (words[i >> 2] >>> 8 * (little ? i & 3 : 3 - (i & 3)));
        }
        int expected = model(insn, little, memory, offset, register);
        String what = "%s %d of %08x, little %b".formatted(insn, offset, register, little);
        assertThat(hex(bench.reg("t0"))).as(what).isEqualTo(hex(expected));
        for (int i = 0; i < 16; i++) {
            assertThat((byte) bench.memory().byteAt(0x4000 + i)).as(what).isEqualTo(memory[i]);
        }
    }

    /**
     * Byte by byte. Left: from the byte at the address to the word's end on the side of the less
     * significant bytes, filling the register from its most significant byte. Right: the converse.
     */
    private static int model(String insn, boolean little, byte[] memory, int at, int register) {
        boolean left = insn.endsWith("l");
        boolean load = insn.startsWith("l");
        int step = left == little ? -1 : 1;
        int result = register;
        int shift = left ? 24 : 0;
        for (int i = at; i >> 2 == at >> 2 && i >= 0; i += step) {
            if (load) {
                result = result & ~(0xff << shift) | (memory[i] & 0xff) << shift;
            } else {
                memory[i] = (byte) (register >>> shift);
            }
            shift += left ? -8 : 8;
        }
        return result;
    }

    @Test
    void storesOfPartsLeaveTheRestAlone() {
        kernel(
                "",
                """
                li $t1, %d
                li $t0, 0x11223344
                sw $t0, 0($t1)
                li $t0, 0xaabbccdd
                sb $t0, 1($t1)
                sh $t0, 2($t1)
                lw $v0, 0($t1)
                b .
                nop
                """
                        .formatted(DATA));
        rig.run(150);
        expectRegister("v0", 0x11ddccdd);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "addiu $zero, $zero, 7",
                "ori $zero, $t0, 7",
                "addu $zero, $t0, $t0",
                "lui $zero, 7",
                "lw $zero, 0($t1)",
                "lb $zero, 3($t1)",
                "lwl $zero, 0($t1)",
                "mflo $zero",
                "mfc0 $zero, $12",
                "jalr $zero, $t2",
                "ll $zero, 0($t1)",
                "sc $zero, 0($t1)",
                "sltiu $zero, $zero, 1",
                "sll $zero, $t0, 1"
            })
    void registerZeroIsHardwired(String insn) {
        kernel(
                "li $t0, 9\n li $t1, %d\n mtlo $t0\n la $t2, %d".formatted(DATA, CpuRig.BODY + 8),
                insn + "\n nop\n move $v0, $zero\n sw $zero, 4($t1)\n b .\n nop");
        rig.place(DATA_PADDR, 0x77777777, 0x77777777);
        rig.run(150);
        expectRegister("zero", 0);
        expectRegister("v0", 0);
        assertThat(rig.word(DATA_PADDR + 4)).isZero();
    }

    @Test
    void overflowLeavesTheTargetAndTheSourceAlone() {
        kernel("li $t0, 0x7fffffff", "add $t0, $t0, $t0");
        rig.run(150);
        expectException(GENERAL, Exc.OV, 0, CpuRig.BODY, false);
        expectRegister("t0", 0x7fffffff);
    }

    @Test
    void romAndDeviceAnswerThroughKseg1() {
        kernel(
                "",
                """
                li $t0, 0xbfc00100
                lw $v0, 0($t0)
                li $t1, 0xbfe00000
                lw $v1, 0($t1)
                lw $a0, 0($t1)
                b .
                nop
                """);
        rig.run(150);
        expectRegister("v0", 0x1000ffff);
        expectRegister("v1", 1);
        expectRegister("a0", 2);
    }

    // LL and SC: sys161.md 5.2

    private void linked(String between, int success, int word) {
        rig.clear();
        kernel(
                "li $t1, %d\n li $t0, 5".formatted(DATA),
                "ll $v1, 0($t1)\n %s\n move $v0, $t0\n sc $v0, 0($t1)\n b .\n nop"
                        .formatted(between));
        rig.place(DATA_PADDR, 3, 3)
                .place(GENERAL, "mfc0 $k1, $14\n addiu $k1, $k1, 4\n jr $k1\n rfe");
        rig.run(200);
        expectRegister("v1", 3);
        expectRegister("v0", success);
        assertThat(rig.word(DATA_PADDR)).isEqualTo(word);
    }

    @Test
    void scStoresIfTheWordIsAsLlFoundIt() {
        linked("nop", 1, 5);
    }

    @Test
    void scFailsAfterAnException() {
        linked("syscall", 0, 3);
    }

    @Test
    void scFailsIfTheWordHasChanged() {
        linked("li $t2, 9\n sw $t2, 0($t1)", 0, 9);
    }

    @Test
    void scCannotSeeAValueThatCameBack() {
        linked("li $t2, 9\n sw $t2, 0($t1)\n li $t2, 3\n sw $t2, 0($t1)", 1, 5);
    }

    @Test
    void scFailsAtAnotherAddressWithoutTouchingIt() {
        linked("addiu $t1, $t1, 4", 0, 3);
        linked("lui $t1, 0x3000", 0, 3); // unmapped: no fault
    }

    @Test
    void scDoesNotEndTheLink() {
        kernel(
                "li $t1, %d".formatted(DATA),
                "ll $v1, 0($t1)\n move $t0, $v1\n sc $t0, 0($t1)\n move $t2, $v1\n sc $t2, 0($t1)\n b .\n nop");
        rig.place(DATA_PADDR, 3);
        rig.run(150);
        expectRegister("t0", 1);
        expectRegister("t2", 1);
    }

    @Test
    void scThatStoresNeedsPermission() {
        kernel("li $t1, 0x10001000", "ll $v1, 0($t1)\n sc $v1, 0($t1)");
        rig.run(150);
        expectException(GENERAL, Exc.MOD, 0, CpuRig.BODY + 4, false);
    }

    @Test
    void syncIsCountedAndDoesNothing() {
        kernel("", "sync\n sync\n b .\n nop");
        rig.run(150);
        assertThat(rig.cpu().counters().syncs()).isEqualTo(2);
    }
}
