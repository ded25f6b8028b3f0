package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import kseg.config.DeviceConfig;
import kseg.config.SlotConfig;
import kseg.cpu.Cpu;
import kseg.isa.Assembler;
import kseg.port.TraceKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Strict mode, one peculiarity of System/161 2.0.8 at a time. Jitter follows from the numbers in
 * {@link kseg.time.GlibcRandomTest}, of which the first decides when time starts.
 */
class StrictTest {
    private static final int CODE = 0x80001000;

    /** 1804289383 modulo 10 ms. */
    private static final long START_NANOS = 4_289_383;

    private static final long START_CYCLE = START_NANOS / 40;
    private static final int SERIAL = 0;
    private static final int TIMER = 1;
    private static final int R_WRITE_IRQ = 4;
    private static final int READY = 2;

    /** Leaves the boot ROM's vectors; the refill vector puts EPC into $k0 and stays. */
    private static final String VECTORS =
            """
            mtc0 $zero, $12
            lui $t0, 0x8000
            li $t1, 0x401a7000  # mfc0 $k0, $14
            sw $t1, 0($t0)
            sw $t1, 0x80($t0)
            li $t1, 0x1000ffff  # b .
            sw $t1, 4($t0)
            sw $t1, 0x84($t0)
            """;

    /** Maps page 0x5000 to the second page of code, which stays otherwise empty. */
    private static final String MAPPED =
            VECTORS
                    + """
                    li $t0, 0x5000
                    mtc0 $t0, $10
                    li $t0, 0x2600
                    mtc0 $t0, $2
                    mtc0 $zero, $0
                    tlbwi
                    """;

    private static MachineSpec spec(int cpus) {
        var slots =
                List.of(
                        new SlotConfig(SERIAL, new DeviceConfig.SerialConfig()),
                        new SlotConfig(TIMER, new DeviceConfig.TimerConfig()));
        return new MachineSpec(cpus, 1 << 20, false, slots, 1, 1, 0, 0).asSystem161();
    }

    private static Machine machine(int cpus, String source) {
        var machine = Machine.create(spec(cpus), HostPorts.none(), EngineKind.JIT);
        int paddr = CODE & 0x1fffffff;
        for (int word : Assembler.assemble(source, CODE)) {
            machine.memory().putWord(paddr, word);
            paddr += 4;
        }
        machine.cpu(0).start(CODE);
        return machine;
    }

    private static Machine ran(String source, int cycles) {
        Machine machine = machine(1, source);
        machine.run(RunLimit.atCycle(START_CYCLE + cycles));
        return machine;
    }

    private static boolean hasSent(Machine machine) {
        var serial = machine.board().bus().device(SERIAL);
        return serial != null && (serial.peek(R_WRITE_IRQ) & READY) != 0;
    }

    @Test
    void timeStartsWithinTheFirst10Ms() {
        try (Machine machine = machine(1, "b .\n nop")) {
            assertThat(machine.nanos()).isEqualTo(START_NANOS);
        }
    }

    /** The fetch behind RFE is made, and fails, in the same cycle; trace161 2.0.8 shows both. */
    @Test
    void aReturnToAPageThatIsMissingIsTraced() {
        String source = VECTORS + "li $t0, 0x5000\n li $t1, 12\n mtc0 $t1, $12\n jr $t0\n rfe";
        var text = new StringBuilder();
        try (Machine machine = machine(1, source)) {
            machine.trace(
                    (_, _, _, piece, endsLine) -> text.append(piece).append(endsLine ? "\n" : ""),
                    EnumSet.of(TraceKind.EXCEPTION, TraceKind.TLB));
            machine.run(RunLimit.atCycle(START_CYCLE + 60));
        }
        assertThat(text.toString().lines().toList())
                .containsExactly(
                        "Return from exception: user mode, interrupts on, sp 0",
                        "tlblookup:  00005/000 -> no match",
                        "exception: code 2 (TLB miss - load, miss), expc 5000, vaddr 5000, sp 0");
    }

    /** Once with slot 31 enabled, once without, when nothing wakes the CPU. */
    @ParameterizedTest
    @ValueSource(ints = {-1, 0x7fffffff})
    void powerOffNeedsARunningCpu(int enabled) {
        String source =
                "lui $t0, 0xbfff\n li $t1, %d\n sw $t1, 0x7e0c($t0)\n sw $zero, 0x7e08($t0)\n wait"
                        .formatted(enabled);
        try (Machine machine = machine(1, source)) {
            Exit end = machine.run(RunLimit.atCycle(10_000_000));
            assertThat(end).isInstanceOf(enabled < 0 ? Exit.PowerOff.class : Exit.Idle.class);
        }
    }

    /** A character takes 21 us, but the chunk was to last for 50,000 cycles, which are 2 ms. */
    @Test
    void anEventWaitsForTheEndOfTheChunk() {
        try (Machine machine = machine(1, "lui $t0, 0xbfe0\n sw $zero, 0($t0)\n b .\n nop")) {
            machine.run(RunLimit.atCycle(START_CYCLE + 49_999));
            assertThat(hasSent(machine)).isFalse();
            machine.run(RunLimit.atCycle(START_CYCLE + 50_000));
            assertThat(hasSent(machine)).isTrue();
            assertThat(machine.runCycles()).isEqualTo(50_000);
        }
    }

    /** The chunk was to end at the timer's event, before which the character's now comes. */
    @Test
    void anEventBeforeOneThatIsRunToIsOnTime() {
        String source =
                """
                lui $t0, 0xbfe1
                li $t1, 4000
                sw $t1, 0x10($t0)   # the third cycle
                li $t2, 30000
                addiu $t2, $t2, -1
                bnez $t2, . - 4
                nop
                lui $t0, 0xbfe0
                sw $zero, 0($t0)    # cycle 4 + 3 * 30000 + 2
                b .
                nop
                """;
        long timer = 4_000_000 + (long) (846930886 * 40_000.0 / Integer.MAX_VALUE);
        long character = 20_833 + (long) (1681692777 * 208.33 / Integer.MAX_VALUE);
        try (Machine machine = machine(1, source)) {
            machine.run(RunLimit.atStep(10));
            assertThat(machine.nextEventCycle())
                    .isEqualTo(Math.ceilDiv(START_NANOS + 2 * 40 + timer, 40));
            long written = START_NANOS + (4 + 3 * 30_000 + 1) * 40;
            long due = Math.ceilDiv(written + character - START_NANOS, 40);
            machine.run(RunLimit.atStep(due - 1));
            assertThat(hasSent(machine)).isFalse();
            machine.run(RunLimit.atStep(due));
            assertThat(hasSent(machine)).isTrue();
        }
    }

    /** What is skipped of a chunk counts as run and as idle, but not for the CPU. */
    @Test
    void idleTimeIsCountedTwice() {
        String source =
                "lui $t0, 0xbfe1\n li $t1, 9000\n sw $t1, 0x10($t0)\n wait\n li $v0, 1\n b .\n nop";
        try (Machine machine = machine(1, source)) {
            machine.run(RunLimit.atStep(5));
            assertThat(machine.cpu(0).gpr[2]).isEqualTo(1);
            assertThat(machine.runCycles()).isEqualTo(50_001);
            long due = 9_000_000 + (long) (846930886 * 90_000.0 / Integer.MAX_VALUE) + 2 * 40;
            long jumped = due - 50_000 * 40;
            assertThat(machine.idleCycles()).isEqualTo(50_000 - 4 + jumped / 40);
            assertThat(machine.idleCycles(0)).isZero();
            assertThat(machine.nanos()).isEqualTo(START_NANOS + due + 40);
        }
    }

    @Test
    void hiAndLoAreBusyForACycle() {
        String source =
                """
                mfc0 $s0, $9
                mult $zero, $zero
                mflo $t0            # waits
                mflo $t0            # waits
                nop
                mfhi $t0
                mfc0 $s1, $9
                b .
                nop
                """;
        try (Machine machine = ran(source, 20)) {
            int[] r = machine.cpu(0).gpr;
            assertThat(r[17] - r[16]).isEqualTo(6 + 2);
            var counters = machine.cpu(0).counters();
            assertThat(counters.kernelCycles() - counters.kernelRetired()).isEqualTo(2);
        }
    }

    /** The instruction two before the page's end has not been executed. */
    @Test
    void theNextPageIsFetchedTwoInstructionsEarly() {
        String source = MAPPED + "li $t0, 0x5ff0\n jr $t0\n nop";
        try (Machine machine = ran(source, 60)) {
            assertThat(machine.cpu(0).gpr[26]).isEqualTo(0x5ff8);
            assertThat(machine.cpu(0).cp0().read(8, 0)).isEqualTo(0x6000);
            // Neither COUNT nor RANDOM counts the cycle of the fault, which the statistics do.
            var counters = machine.cpu(0).counters();
            assertThat(counters.kernelCycles() - machine.cpu(0).cycles).isOne();
        }
    }

    @Test
    void aJumpFaultsItselfWhenItsTargetIsNotMapped() {
        String source = VECTORS + "li $t0, 0x7000\n jalr $t0\n nop";
        try (Machine machine = ran(source, 60)) {
            int jump = CODE + 4 * Assembler.assemble(VECTORS, CODE).length + 4;
            assertThat(machine.cpu(0).gpr[26]).isEqualTo(jump);
            assertThat(machine.cpu(0).gpr[31]).isEqualTo(jump + 8);
        }
    }

    @Test
    void entryHiNamesTheLastPageUsed() {
        String source =
                MAPPED + "mtc0 $zero, $10\n li $t0, 0x5008\n lw $t1, 0($t0)\n mfc0 $s0, $10\n b .";
        try (Machine machine = ran(source, 60)) {
            assertThat(machine.cpu(0).gpr[16]).isEqualTo(0x5000);
        }
    }

    @Test
    void everyExceptionWritesBadVaddrAndContext() {
        String source = VECTORS + "li $t0, -1\n mtc0 $t0, $8\n mtc0 $t0, $4\n syscall\n nop";
        try (Machine machine = ran(source, 60)) {
            assertThat(machine.cpu(0).cp0().read(8, 0)).isZero();
            assertThat(machine.cpu(0).cp0().read(4, 0)).isEqualTo(0xffe00000);
        }
    }

    @Test
    void registerZeroIsARegister() {
        try (Machine machine = ran("li $zero, 5\n addu $s0, $zero, $zero\n b .\n nop", 10)) {
            assertThat(machine.cpu(0).gpr[16]).isEqualTo(10);
            assertThat(machine.cpu(0).gpr[0]).as("as NOP left it").isEqualTo(5);
        }
    }

    /** CPU 1 executes its first instruction in the cycle in which CPU 0 starts it. */
    @Test
    void cpusRunInLockstep() {
        String source =
                """
                lui $t0, 0xbfff
                ori $t3, $t0, 0x8700  # CRAM of CPU 1
                li $t1, 0x80001040
                sw $t1, 0($t3)
                li $t2, 3
                sw $t2, 0x7e14($t0)   # CPUs enabled
                b .
                nop
                """;
        try (Machine machine = machine(2, source)) {
            machine.memory().putWord(0x1040, 0x1000ffff); // b .
            machine.run(RunLimit.atCycle(START_CYCLE + 1000));
            Cpu zero = machine.cpu(0);
            Cpu one = machine.cpu(1);
            assertThat(zero.cycles).isEqualTo(1000);
            assertThat(machine.idleCycles(1)).isEqualTo(6);
            assertThat(one.cycles).isEqualTo(1000 - 6);
            assertThat(machine.position().step()).isEqualTo(zero.cycles + one.cycles);
        }
    }

    /** The same state at the same instant, whether or not somebody looked, saved or went back. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void stoppingToLookChangesNothing(int cpus) {
        RunLimit end = RunLimit.atCycle(14_000_000);
        try (var straight = GuestRig.boot(strictGuest(cpus), EngineKind.JIT, COMMANDS);
                var stopped = GuestRig.boot(strictGuest(cpus), EngineKind.JIT, COMMANDS)) {
            straight.machine().run(end);
            Machine machine = stopped.machine();
            for (int i = 1; machine.position().cycle() < end.cycle(); i++) {
                long cycle = machine.position().cycle() + 77_777;
                machine.run(RunLimit.atCycle(Math.min(cycle, end.cycle())));
                if (i % 50 == 0) {
                    try (Machine.Snapshot here = machine.snapshot()) {
                        machine.run(RunLimit.atStep(machine.position().step() + 3333));
                        machine.restore(here);
                    }
                }
            }
            assertThat(machine.position()).isEqualTo(straight.machine().position());
            assertThat(machine.stateHash()).isEqualTo(straight.machine().stateHash());
            assertThat(straight.console()).contains("kseg-demo");
        }
    }

    private static final String COMMANDS = "cpus;counter;disk 0 read 7";

    private static MachineSpec strictGuest(int cpus) {
        return GuestRig.spec(cpus, 1, 1).asSystem161();
    }
}
