package kseg.engine;

import static org.assertj.core.api.Assertions.assertThat;

import kseg.cpu.Exc;
import kseg.machine.EngineKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Code that changes: a store is seen by the next fetch of that word, by whatever name. */
class CodeChangeTest extends EngineSuite {
    private static final String TLB_ALIAS = tlb(50, 0x00800000, 0x2000 | V | D);

    CodeChangeTest(EngineKind kind) {
        super(kind);
    }

    /** The store patches the instruction so many words behind it, in the same block. */
    @ParameterizedTest
    @CsvSource({
        "0x8000, 0x2000, 0",
        "0x8000, 0x2000, 1",
        "0x8000, 0x2000, 5",
        "0xa000, 0x2000, 0",
        "0xa000, 0x2000, 5",
        "0x0080, 0, 0",
        "0x0080, 0, 5",
    })
    void aStoreChangesItsOwnBlock(String segment, String offset, int distance) {
        kernel(
                TLB_ALIAS + "li $t0, 0x24020002", // li $v0, 2
                "lui $t1, %s\n sw $t0, %s+%d($t1)\n %s li $v0, 1\n b .\n nop"
                        .formatted(segment, offset, 8 + 4 * distance, "nop\n".repeat(distance)));
        rig.run(200);
        expectRegister("v0", 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x8000", "0xa000"})
    void aLoopPatchesItself(String segment) {
        // The immediate of "addiu $v0, $v0, 1" grows by one in each of 100 rounds.
        kernel(
                "li $s0, 100\n lui $t1, " + segment,
                """
                x: lw $t0, 0x2010($t1)
                addiu $t0, $t0, 1
                sw $t0, 0x2010($t1)
                addiu $s0, $s0, -1
                addiu $v0, $v0, 1
                bgtz $s0, x
                nop
                b .
                nop
                """);
        rig.run(900);
        expectRegister("v0", 101 * 102 / 2 - 1);
    }

    /** A page of code, called once, that then holds data. */
    private static final String CODE_THEN_DATA =
            """
            li $t0, 0x24420001  # addiu $v0, $v0, 1
            sw $t0, 0($s0)
            li $t0, 0x03e00008  # jr $ra
            sw $t0, 4($s0)
            jalr $s0
            nop
            x: sw $t2, 12($s0)
            addiu $t2, $t2, -1
            bgtz $t2, x
            nop
            """;

    @Test
    void codeThatBecameDataBecomesCodeAgain() {
        kernel(
                "li $s0, 0x80004000\n li $t2, 600",
                CODE_THEN_DATA
                        + """
                        li $t0, 0x24420010  # addiu $v0, $v0, 16
                        sw $t0, 0($s0)
                        jalr $s0
                        nop
                        b .
                        nop
                        """);
        rig.run(2600);
        expectRegister("v0", 17);
    }

    @Test
    void storesToCodeThatBecameDataAreFree() {
        kernel("li $s0, 0x80004000\n li $t2, 600", CODE_THEN_DATA + "b .\n nop");
        rig.run(100);
        assertThat(rig.memory().mayMapWritable(rig.memory().frame(4))).isFalse();
        rig.run(2600);
        assertThat(rig.memory().mayMapWritable(rig.memory().frame(4))).isTrue();
    }

    @Test
    void aRecursiveFunctionPatchesItself() {
        // On the way down the immediate of "addiu $v0, $v0, 1" grows 20 times; then all add it.
        kernel(
                "li $a0, 20\n lui $t1, 0x8000\n li $sp, 0x80008000",
                """
                jal f
                nop
                b .
                nop
                f: blez $a0, x
                addiu $a0, $a0, -1
                addiu $sp, $sp, -8
                sw $ra, 4($sp)
                lw $t0, 0x2034($t1)
                addiu $t0, $t0, 1
                sw $t0, 0x2034($t1)
                jal f
                nop
                addiu $v0, $v0, 1
                lw $ra, 4($sp)
                addiu $sp, $sp, 8
                x: jr $ra
                nop
                """);
        rig.run(600);
        expectRegister("v0", 20 * 21);
        expectRegister("sp", 0x80008000);
    }

    @Test
    void aFunctionCalledThroughARegisterIsPatched() {
        // Functions f and g in turns, 200 calls; before the last 50 f returns 5 instead of 1. The
        // device read leaves compiled code, which learns on the occasion where the calls lead.
        kernel(
                "li $s0, 200\n li $s1, 50\n li $t2, 0xbfe00000\n li $t5, 0x24030005",
                """
                la $t1, f
                x: lw $t3, 0($t2)
                andi $t0, $s0, 1
                sll $t0, $t0, 3
                addu $t9, $t1, $t0
                jalr $t9
                addiu $s0, $s0, -1
                bne $s0, $s1, y
                addu $v0, $v0, $v1
                sw $t5, 4($t1)
                y: bgtz $s0, x
                nop
                b .
                nop
                f: jr $ra
                li $v1, 1
                jr $ra
                li $v1, 2
                """);
        rig.run(2700);
        expectRegister("v0", 75 * (1 + 2) + 25 * (5 + 2));
    }

    @Test
    void aStoreInTheSlotChangesTheTarget() {
        kernel(
                "li $t0, 0x24020002\n lui $t1, 0x8000",
                "b x\n sw $t0, 0x2010($t1)\n nop\n nop\n x: li $v0, 1\n b .\n nop");
        rig.run(200);
        expectRegister("v0", 2);
    }

    @Test
    void aStoreBeforeABranchChangesItsSlot() {
        kernel(
                "li $t0, 0x24020002\n lui $t1, 0x8000",
                "sw $t0, 0x2008($t1)\n b x\n li $v0, 1\n nop\n x: b .\n nop");
        rig.run(200);
        expectRegister("v0", 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sb $t0, 0x2007($t1)", "sh $t0, 0x2006($t1)", "swr $t0, 0x2007($t1)"})
    void partialStoresChangeCodeToo(String store) {
        kernel("li $t0, 0x24020002\n lui $t1, 0x8000", store + "\n li $v0, 1\n b .\n nop");
        rig.run(200);
        expectRegister("v0", 2);
    }

    @Test
    void scChangesCodeToo() {
        kernel(
                "li $t0, 0x24020002\n lui $t1, 0x8000",
                "ll $t2, 0x2008($t1)\n sc $t0, 0x2008($t1)\n li $v0, 1\n b .\n nop");
        rig.run(200);
        expectRegister("v0", 2);
    }

    /** A branch is written where there was none, and a trap where there was an addition. */
    @Test
    void blocksChangeTheirShape() {
        kernel(
                "li $t0, 0x10000003\n lui $t1, 0x8000", // b to 4 words on
                """
                li $s0, 3
                x: addiu $s0, $s0, -1
                addiu $v0, $v0, 1
                nop
                addiu $v0, $v0, 16
                nop
                nop
                bgtz $s0, x
                sw $t0, 0x2008($t1)
                b .
                nop
                """);
        rig.run(200);
        // The first round adds 1 and 16; then the branch skips both.
        expectRegister("v0", 17);
    }

    /** One virtual page shows first one frame's code, then another's. */
    @Test
    void remappingChangesCode() {
        String first = tlb(50, 0x00800000, 0x7000 | V);
        kernel(
                first,
                """
                li $t0, 0x00800000
                jalr $t0
                nop
                li $k0, 0x8200
                mtc0 $k0, $2
                li $k0, 0x00800140
                mtc0 $k0, $10
                li $k0, 0x3200
                mtc0 $k0, $0
                tlbwi
                jalr $t0
                nop
                b .
                nop
                """);
        rig.place(0x7000, 0x00800000, "jr $ra\n addiu $v0, $v0, 1");
        rig.place(0x8000, 0x00800000, "jr $ra\n addiu $v0, $v0, 16");
        rig.run(200);
        expectRegister("v0", 17);
    }

    /** The page's own code unmaps it: the next fetch is from nowhere. */
    @Test
    void codeUnmapsItself() {
        kernel(
                tlb(50, 0x00800000, 0x7000 | V) + cp0(0, 50 << 8) + cp0(2, 0),
                "li $t0, 0x00800140\n mtc0 $t0, $10\n li $t0, 0x00800000\n jr $t0\n nop");
        rig.place(0x7000, 0x00800000, "nop\n tlbwi\n li $v0, 1");
        rig.run(200);
        expectException(GENERAL, Exc.TLBL, 0, 0x00800008, false);
        expectRegister("v0", 0);
    }
}
