package kseg.engine;

import static org.assertj.core.api.Assertions.assertThat;

import kseg.cpu.Exc;
import kseg.machine.EngineKind;
import org.junit.jupiter.api.Test;

/** The TLB as programs see it: matching, ASIDs, G, RANDOM, and the instructions that edit it. */
class AddressTranslationTest extends EngineSuite {
    private static final int PAGE = 0x00800000;

    AddressTranslationTest(EngineKind kind) {
        super(kind);
    }

    @Test
    void anEntryBelongsToItsAsid() {
        kernel(
                tlb(50, PAGE, 0x7000 | V | D),
                "li $t0, %d\n lw $v0, 0($t0)\n".formatted(PAGE)
                        + cp0(10, 6 << 6)
                        + "lw $v1, 0($t0)");
        rig.place(0x7000, 42);
        rig.run(200);
        expectRegister("v0", 42);
        expectException(REFILL, Exc.TLBL, 0, CpuRig.BODY + 16, false);
        assertThat(hex(rig.cp0(10))).isEqualTo(hex(PAGE | 6 << 6));
    }

    @Test
    void aGlobalEntryBelongsToAll() {
        kernel(
                tlb(50, PAGE, 0x7000 | V | G),
                cp0(10, 6 << 6) + "li $t0, %d\n lw $v0, 0($t0)\n b .\n nop".formatted(PAGE));
        rig.place(0x7000, 42);
        rig.run(200);
        expectRegister("v0", 42);
    }

    @Test
    void returningToAnAsidFindsItsPagesAgain() {
        String use = "lw $v0, 0($t0)\n addu $v1, $v1, $v0\n";
        kernel(
                tlb(50, PAGE, 0x7000 | V)
                        + cp0(10, PAGE | 6 << 6)
                        + cp0(2, 0x8000 | V)
                        + cp0(0, 51 << 8)
                        + "tlbwi",
                "li $t0, %d\n".formatted(PAGE)
                        + use
                        + cp0(10, 6 << 6)
                        + use
                        + cp0(10, ASID << 6)
                        + use
                        + "b .\n nop");
        rig.place(0x7000, 1).place(0x8000, 16);
        rig.run(200);
        expectRegister("v1", 18);
    }

    /** D is tested at every store, also after loads have filled the maps, and after D is set. */
    @Test
    void storesNeedDirty() {
        kernel(
                tlb(50, PAGE, 0x7000 | V),
                """
                li $t0, %d
                lw $v0, 0($t0)
                sw $v0, 4($t0)
                li $v1, 1
                b .
                nop
                """
                        .formatted(PAGE));
        rig.place(
                GENERAL,
                "lui $k0, 0\n" + tlb(50, PAGE, 0x7000 | V | D) + "mfc0 $k1, $14\n jr $k1\n rfe");
        rig.place(0x7000, 42);
        rig.run(200);
        expectRegister("v1", 1);
        assertThat(rig.word(0x7004)).isEqualTo(42);
        assertThat(rig.cpu().counters().exceptions()).isEqualTo(1);
    }

    @Test
    void nIsKeptAndMeansNothing() {
        kernel(
                tlb(50, PAGE, 0x7000 | V | 0x800),
                cp0(0, 50 << 8)
                        + "tlbr\n mfc0 $v0, $2\n li $t0, %d\n lw $v1, 0($t0)\n b .\n nop"
                                .formatted(PAGE));
        rig.place(0x7000, 42);
        rig.run(200);
        expectRegister("v0", 0x7000 | V | 0x800);
        expectRegister("v1", 42);
    }

    @Test
    void tlbpFindsOrSetsP() {
        kernel(
                tlb(50, PAGE, 0x7000) + tlb(9, PAGE + 0x1000, G),
                cp0(10, PAGE | ASID << 6)
                        + "tlbp\n mfc0 $s0, $0\n"
                        + cp0(10, PAGE | 6 << 6)
                        + "tlbp\n mfc0 $s1, $0\n"
                        + cp0(10, PAGE + 0x1000 | 6 << 6)
                        + "tlbp\n mfc0 $s2, $0\n b .\n nop");
        rig.run(200);
        expectRegister("s0", 50 << 8);
        expectRegister("s1", 0x80000000 | 50 << 8);
        expectRegister("s2", 9 << 8);
    }

    @Test
    void tlbrReadsBackWhatExists() {
        kernel(
                cp0(10, 0xdeadbeef) + cp0(2, 0xdeadbeef) + cp0(0, 50 << 8) + "tlbwi",
                cp0(10, 0)
                        + cp0(2, 0)
                        + cp0(0, 50 << 8)
                        + "tlbr\n mfc0 $v0, $10\n mfc0 $v1, $2\n b .\n nop");
        rig.run(200);
        expectRegister("v0", 0xdeadbec0);
        expectRegister("v1", 0xdeadbe00);
    }

    /** TLBR brings another ASID into EntryHi: what was mapped before is not any more. */
    @Test
    void tlbrChangesTheAddressSpace() {
        kernel(
                tlb(50, PAGE, 0x7000 | V)
                        + cp0(10, 0x00900000 | 6 << 6)
                        + cp0(2, 0)
                        + cp0(0, 51 << 8)
                        + "tlbwi",
                "li $t0, %d\n lw $v0, 0($t0)\n tlbr\n lw $v1, 0($t0)".formatted(PAGE));
        rig.place(0x7000, 42);
        rig.run(200);
        expectRegister("v0", 42);
        expectException(REFILL, Exc.TLBL, 0, CpuRig.BODY + 12, false);
    }

    /** sys161.md 5.4: 63 at the first instruction, then 8, 9, ... 63, 8. */
    @Test
    void randomRunsFrom8To63() {
        rig.place(
                CpuRig.CODE,
                "mfc0 $s0, $1\n mfc0 $s1, $1\n mfc0 $s2, $1\n .space 220\n mfc0 $s3, $1\n mfc0 $s4, $1\n b .\n nop");
        rig.run(70);
        expectRegister("s0", 63 << 8);
        expectRegister("s1", 8 << 8);
        expectRegister("s2", 9 << 8);
        expectRegister("s3", 9 << 8);
        expectRegister("s4", 10 << 8);
    }

    @Test
    void tlbwrWritesTheEntryRandomNames() {
        rig.place(
                CpuRig.CODE,
                "mtc0 $zero, $12\n li $k0, 0x00800000\n mtc0 $k0, $10\n nop\n tlbwr\n b .\n nop");
        rig.run(20);
        // Step 0 sees 63, step n sees 7 + n: TLBWR is step 4 and li is one instruction.
        assertThat(hex(rig.cpu().tlb().hi(11))).isEqualTo(hex(PAGE));
    }

    @Test
    void duplicateEntriesAreMisuse() {
        kernel(tlb(50, PAGE, 0x7000 | V) + tlb(51, PAGE, 0x7000 | V), "b .\n nop");
        rig.run(200);
        assertThat(rig.misuses()).hasSize(1);
        assertThat(rig.misuses().getFirst()).contains("Duplicate TLB entries").contains("800");
    }

    @Test
    void userModeUsesTheSameEntries() {
        user(
                "",
                "li $t0, %d\n li $t1, 7\n sw $t1, 0($t0)\n lw $v0, 0($t0)\n syscall"
                        .formatted(DATA));
        rig.run(200);
        expectException(GENERAL, Exc.SYSCALL, 0, USER_BODY + 16, false);
        expectRegister("v0", 7);
    }

    /** What kernel mode has touched does not become accessible to user mode. */
    @Test
    void userModeProfitsNotFromTheKernelsPages() {
        user("lui $t0, 0x8000\n lw $v0, 0x2000($t0)\n sw $v0, 0x7000($t0)", "sw $v0, 0x7000($t0)");
        rig.run(200);
        expectException(GENERAL, Exc.ADES, 0, USER_BODY, false);
    }
}
