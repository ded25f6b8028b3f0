package kseg.engine;

import kseg.machine.EngineKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Branches, their delay slots, links and targets in every combination. */
class DelaySlotTest extends EngineSuite {
    DelaySlotTest(EngineKind kind) {
        super(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "beq, 5, 5, 1",
        "beq, 5, 6, 0",
        "bne, 5, 5, 0",
        "bne, 5, 6, 1",
    })
    void branchesOnTwoRegisters(String branch, int left, int right, int taken) {
        branch("%s $t0, $t1, x".formatted(branch), left, right, taken, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "blez, -1, 1, 0", "blez, 0, 1, 0", "blez, 1, 0, 0",
        "bgtz, -1, 0, 0", "bgtz, 0, 0, 0", "bgtz, 1, 1, 0",
        "bltz, -1, 1, 0", "bltz, 0, 0, 0", "bltz, 1, 0, 0",
        "bgez, -1, 0, 0", "bgez, 0, 1, 0", "bgez, 1, 1, 0",
        "bltzal, -1, 1, 1", "bltzal, 0, 0, 1", "bltzal, 1, 0, 1",
        "bgezal, -1, 0, 1", "bgezal, 0, 1, 1", "bgezal, 1, 1, 1",
    })
    void branchesOnOneRegister(String branch, int value, int taken, int links) {
        branch("%s $t0, x".formatted(branch), value, 0, taken, links);
    }

    private void branch(String branch, int left, int right, int taken, int links) {
        kernel(
                "li $t0, %d\n li $t1, %d\n".formatted(left, right),
                branch + "\n addiu $v0, $v0, 1\n addiu $v0, $v0, 16\n x: b .\n nop");
        rig.run(150);
        expectRegister("v0", taken == 1 ? 1 : 17);
        expectRegister("ra", links == 1 ? CpuRig.BODY + 8 : 0);
    }

    @Test
    void theConditionIsReadBeforeTheSlotWritesIt() {
        kernel("", "beqz $t0, x\n li $t0, 1\n li $v0, 1\n x: b .\n nop");
        rig.run(150);
        expectRegister("v0", 0);
        expectRegister("t0", 1);
    }

    @Test
    void theTargetIsReadBeforeTheSlotWritesIt() {
        kernel("", "la $t0, x\n jr $t0\n li $t0, 0\n li $v0, 1\n x: b .\n nop");
        rig.run(150);
        expectRegister("v0", 0);
    }

    @Test
    void theSlotSeesTheLink() {
        kernel("", "jal x\n move $v0, $ra\n x: b .\n nop");
        rig.run(150);
        expectRegister("v0", CpuRig.BODY + 8);
        rig.clear();
        kernel("", "la $t0, x\n jalr $t1, $t0\n move $v0, $t1\n x: b .\n nop");
        rig.run(150);
        expectRegister("v0", CpuRig.BODY + 16);
        expectRegister("ra", 0);
    }

    @Test
    void linkToRegisterZeroIsDropped() {
        kernel("", "la $t0, x\n jalr $zero, $t0\n move $v0, $zero\n x: b .\n nop");
        rig.run(150);
        expectRegister("v0", 0);
    }

    @Test
    void theSlotIsATarget() {
        kernel(
                "li $t0, 3",
                "x: b y\n y: addiu $t0, $t0, -1\n bgtz $t0, y\n addiu $v0, $v0, 1\n b .\n nop");
        rig.run(150);
        // y runs in the slot, again as the target, then as the target of the loop.
        expectRegister("t0", 0);
        expectRegister("v0", 2);
    }

    @Test
    void aBranchBranchesToItself() {
        kernel("", "b .\n addiu $t0, $t0, 1");
        rig.run(150);
        int before = rig.reg("t0");
        rig.runTo(170);
        expectRegister("t0", before + 10);
    }

    /** The second branch's slot is the instruction at the first one's target. */
    @Test
    void aBranchInASlotHasItsSlotAtTheFirstTarget() {
        kernel(
                "",
                """
                b x
                b y
                addiu $v0, $v0, 1
                x: addiu $v0, $v0, 2
                addiu $v0, $v0, 4
                y: addiu $v0, $v0, 8
                b .
                nop
                """);
        rig.run(150);
        expectRegister("v0", 10);
    }

    @Test
    void aBranchNotTakenInASlotStillHasASlot() {
        kernel(
                "",
                """
                b x
                bnez $zero, y
                addiu $v0, $v0, 1
                x: addiu $v0, $v0, 2
                addiu $v0, $v0, 4
                y: addiu $v0, $v0, 8
                b .
                nop
                """);
        rig.run(150);
        // x runs as its slot; then what follows x.
        expectRegister("v0", 2 + 4 + 8);
    }

    @Test
    void jumpsCrossPagesBothWays() {
        kernel(
                "",
                """
                b x
                nop
                .space 4076
                y: addiu $v0, $v0, 4
                b z
                addiu $v0, $v0, 8
                .space 0x1000
                x: addiu $v0, $v0, 1
                j y
                addiu $v0, $v0, 2
                z: b .
                nop
                """);
        rig.run(200);
        expectRegister("v0", 15);
    }

    @ParameterizedTest
    @CsvSource({"b x", "j x", "jal x", "bgezal $zero x", "jr $t1"})
    void aBranchIsTheLastWordOfItsPage(String branch) {
        kernel(
                "la $t1, " + (CpuRig.BODY + 4),
                """
                b s
                x: addiu $v0, $v0, 1
                b .
                addiu $v1, $v1, 1
                .space 4076
                s: %s
                addiu $v0, $v0, 2
                """
                        .formatted(branch.replace("zero x", "zero, x")));
        rig.run(160);
        expectRegister("v0", 4);
    }

    /** The region is the slot's, not the jump's. */
    @Test
    void jumpsGoToTheRegionOfTheirSlot() {
        String unmapData = tlb(1, 0x20000000, 0);
        kernel(
                unmapData + tlb(50, 0x0ffff000, 0x7000 | V) + tlb(51, DATA, 0x8000 | V),
                "li $t0, 0x0ffffffc\n jr $t0\n nop");
        rig.place(0x7ffc, 0x0ffffffc, "jal 0x10000010");
        rig.place(0x8000, DATA, "li $v0, 1\n nop\n nop\n nop\n addiu $v0, $v0, 2\n b .\n nop");
        rig.run(200);
        expectRegister("v0", 3);
        expectRegister("ra", DATA + 4);
    }
}
