package kseg.engine;

import static org.assertj.core.api.Assertions.assertThat;

import kseg.cpu.Cpu;
import kseg.machine.EngineKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Interrupts are taken before an exact step, COUNT and COMPARE meet in an exact cycle. */
class InterruptTest extends EngineSuite {
    private static final int ALL_ENABLED = 0xff01;

    private static final String PROGRAM =
            """
            li $s0, 6
            x: addiu $s0, $s0, -1
            jal f
            addu $v0, $v0, $s0
            mult $v0, $s0
            bnez $s0, x
            mflo $v1
            b .
            addiu $a0, $a0, 1
            f: lw $t0, 0($t1)
            beqz $t0, y
            sw $v0, 0($t1)
            addiu $v0, $v0, 3
            y: jr $ra
            xor $v0, $v0, $t0
            """;

    InterruptTest(EngineKind kind) {
        super(kind);
    }

    private void program() {
        rig.clear();
        kernel("li $t1, " + DATA + "\n" + cp0(12, ALL_ENABLED), PROGRAM);
    }

    /** Before every step of a program, delay slots included: EPC is the branch then, and BD set. */
    @Test
    void aLineInterruptsBeforeAnyStep() {
        int end = 220;
        for (int cycle = 100; cycle < end; cycle++) {
            program();
            rig.reset();
            rig.runTo(cycle);
            Cpu cpu = rig.cpu();
            int epc = cpu.inSlot ? cpu.pc - 4 : cpu.pc;
            boolean inSlot = cpu.inSlot;
            rig.line(cycle, Cpu.LINE_LAMEBUS, true);
            rig.run(end + 5);
            int cause = (inSlot ? 0x80000000 : 0) | Cpu.LINE_LAMEBUS;
            assertThat(hex(rig.cp0(14))).as("EPC at %d", cycle).isEqualTo(hex(epc));
            assertThat(hex(rig.cp0(13))).as("Cause at %d", cycle).isEqualTo(hex(cause));
            assertThat(hex(rig.cp0(12))).isEqualTo(hex(0xff04));
        }
    }

    /** Acceptance takes no time, and a handler that only returns leaves no trace. */
    @Test
    void aProgramResultIsTheSameWhereverItIsInterrupted() {
        program();
        rig.run(220);
        int v0 = rig.reg("v0");
        int v1 = rig.reg("v1");
        String handler = "lui $k0, 0xbfe0\n sw $zero, 0($k0)\n mfc0 $k1, $14\n nop\n jr $k1\n rfe";
        for (int cycle = 100; cycle < 200; cycle += 3) {
            program();
            rig.place(GENERAL, handler).line(cycle, Cpu.LINE_LAMEBUS, true);
            rig.run(240);
            expectRegister("v0", v0);
            expectRegister("v1", v1);
            assertThat(rig.cpu().counters().interrupts()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0xfb01, 0xff00, 0x0001})
    void aMaskedLineDoesNotInterrupt(int status) {
        kernel(cp0(12, status), "b .\n mfc0 $v0, $13");
        rig.line(0, Cpu.LINE_LAMEBUS, true);
        rig.run(200);
        assertThat(rig.cpu().counters().interrupts()).isZero();
        expectRegister("v0", Cpu.LINE_LAMEBUS);
    }

    @Test
    void enablingTakesAPendingInterruptBeforeTheNextStep() {
        kernel("", cp0(12, ALL_ENABLED) + "li $v0, 1");
        rig.line(0, Cpu.LINE_IPI, true);
        rig.run(200);
        expectRegister("v0", 0);
        assertThat(hex(rig.cp0(14))).isEqualTo(hex(CpuRig.BODY + 8));
        assertThat(hex(rig.cp0(13))).isEqualTo(hex(Cpu.LINE_IPI));
    }

    @Test
    void rfeEnablesBeforeTheStepAfterIt() {
        kernel(cp0(12, 0xff04), "la $t0, x\n jr $t0\n rfe\n nop\n x: li $v0, 1");
        rig.line(0, Cpu.LINE_LAMEBUS, true);
        rig.run(200);
        expectRegister("v0", 0);
        assertThat(hex(rig.cp0(14))).isEqualTo(hex(CpuRig.BODY + 20));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x100, 0x200})
    void softwareInterruptsAreBitsOfCause(int bit) {
        kernel("", cp0(12, ALL_ENABLED) + cp0(13, bit) + "li $v0, 1");
        rig.run(200);
        expectRegister("v0", 0);
        assertThat(hex(rig.cp0(13))).isEqualTo(hex(bit));
        assertThat(hex(rig.cp0(14))).isEqualTo(hex(CpuRig.BODY + 16));
    }

    /** A device's answer to a store interrupts before the next step. */
    @Test
    void aStoreToADeviceInterruptsAtOnce() {
        kernel(
                "li $t0, 0xbfe00000\n li $t1, 1\n" + cp0(12, ALL_ENABLED),
                "sw $t1, 0($t0)\n li $v0, 1");
        rig.run(200);
        expectRegister("v0", 0);
        assertThat(hex(rig.cp0(14))).isEqualTo(hex(CpuRig.BODY + 4));
    }

    @Test
    void aStoreToADeviceFromASlotInterruptsAtTheTarget() {
        kernel(
                "li $t0, 0xbfe00000\n li $t1, 1\n" + cp0(12, ALL_ENABLED),
                "b x\n sw $t1, 0($t0)\n nop\n x: li $v0, 1");
        rig.run(200);
        assertThat(hex(rig.cp0(14))).isEqualTo(hex(CpuRig.BODY + 12));
        assertThat(hex(rig.cp0(13))).isEqualTo(hex(Cpu.LINE_LAMEBUS));
    }

    // COUNT and COMPARE: sys161.md 5.4

    /** COUNT is 1 at step 0; it meets 40 before step 39, and again every 40 steps. */
    @Test
    void compareInterruptsInTheCycleCountMeetsIt() {
        rig.place(
                CpuRig.CODE,
                "mtc0 $zero, $12\n li $t0, 40\n mtc0 $t0, $11\n li $t0, 0x8001\n mtc0 $t0, $12\n"
                        + " .space 400");
        rig.place(GENERAL, "mfc0 $v0, $9\n mfc0 $v1, $13\n b .\n nop");
        rig.run(120);
        assertThat(hex(rig.cp0(14))).isEqualTo(hex(CpuRig.CODE + 4 * 39));
        expectRegister("v0", 0); // COUNT restarted from 0 in the cycle of its match
        expectRegister("v1", Cpu.LINE_TIMER);
    }

    @Test
    void writingCompareClearsTheLineAndTheTimerIsPeriodic() {
        rig.place(
                CpuRig.CODE,
                "mtc0 $zero, $12\n li $s0, 40\n mtc0 $s0, $11\n li $t0, 0x8001\n mtc0 $t0, $12\n x: b x\n addiu $s1, $s1, 1");
        rig.place(GENERAL, "mtc0 $s0, $11\n addiu $v0, $v0, 1\n mfc0 $k0, $14\n jr $k0\n rfe");
        // The tenth match is before step 399, the handler's second instruction is step 400.
        rig.run(400);
        expectRegister("v0", 9);
        rig.run(401);
        expectRegister("v0", 10);
    }

    @Test
    void countIsWritableAndCompareBelowItRestartsIt() {
        rig.place(
                CpuRig.CODE,
                """
                mfc0 $s0, $9
                li $t0, 1000
                mtc0 $t0, $9
                mfc0 $s1, $9
                li $t0, 100
                mtc0 $t0, $11
                mfc0 $s2, $9
                b .
                nop
                """);
        rig.run(20);
        expectRegister("s0", 1);
        expectRegister("s1", 1001);
        expectRegister("s2", 1);
        assertThat(rig.cpu().cp0().matchAt()).isEqualTo(5 + 100);
    }

    @Test
    void compareNeverMatchesBeforeItIsWritten() {
        kernel(cp0(12, ALL_ENABLED) + cp0(9, -3), "b .\n nop");
        rig.run(300);
        assertThat(rig.cpu().counters().interrupts()).isZero();
    }

    // WAIT: sys161.md 5.1

    @ParameterizedTest
    @ValueSource(ints = {Cpu.LINE_LAMEBUS, Cpu.LINE_IPI, Cpu.LINE_TIMER})
    void waitFallsThroughIfALineIsUpEvenMasked(int line) {
        kernel("", "wait\n li $v0, 1\n b .\n nop");
        rig.line(0, line, true);
        rig.run(200);
        expectRegister("v0", 1);
    }

    @Test
    void waitRetiresAndStops() {
        kernel("", "nop\n wait\n li $v0, 1");
        rig.run(200);
        assertThat(rig.cpu().waiting).isTrue();
        assertThat(hex(rig.cpu().pc)).isEqualTo(hex(CpuRig.BODY + 8));
        expectRegister("v0", 0);
    }

    @Test
    void exceptionsInALoopDoNotHoldInterruptsOff() {
        kernel(cp0(12, ALL_ENABLED), "x: syscall");
        rig.place(
                GENERAL,
                "mfc0 $k0, $13\n andi $k0, $k0, 0x400\n bnez $k0, .\n mfc0 $k1, $14\n jr $k1\n rfe");
        rig.line(170, Cpu.LINE_LAMEBUS, true);
        rig.run(200);
        assertThat(rig.cpu().counters().interrupts()).isEqualTo(1);
    }
}
