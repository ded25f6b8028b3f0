package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kseg.config.DeviceConfig;
import kseg.config.SlotConfig;
import kseg.isa.Assembler;
import org.junit.jupiter.api.Test;

/** What a CPU sees of time through its devices. */
class TimeTest {
    private static final int TEXT = 0x80001000;
    private static final int A0 = 4;
    private static final int V0 = 2;
    private static final int V1 = 3;

    /** Reads the clock's nanoseconds before and after 2 x 100,000 steps of a loop. */
    private static final String CLOCK =
            """
            lui $a1, 0xbfe1
            lw $v0, 4($a1)
            nop
            lui $a0, 1
            ori $a0, $a0, 0x86a0
            loop: bne $a0, $0, loop
            addiu $a0, $a0, -1
            lw $v1, 4($a1)
            end: b end
            nop
            """;

    /** A countdown of 0 us that restarts itself; then a loop. */
    private static final String NO_COUNTDOWN =
            """
            lui $a1, 0xbfe1
            addiu $t0, $0, 1
            sw $t0, 8($a1)
            sw $0, 16($a1)
            loop: b loop
            addiu $v0, $v0, 1
            """;

    @Test
    void aTimerRestartedWithNoCountdownDoesNotStopTime() {
        try (var machine = machine(NO_COUNTDOWN)) {
            assertThat(machine.run(RunLimit.atStep(1_004))).isEqualTo(new Exit.Limit());
            assertThat(machine.cpu(0).gpr[V0]).isEqualTo(500);
        }
    }

    @Test
    void aDeviceSeesTheTimeOfTheStepThatReadsIt() {
        try (var machine = machine(CLOCK)) {
            machine.run(RunLimit.atStep(300_000));
            int[] registers = machine.cpu(0).gpr;
            assertThat(registers[A0]).isEqualTo(-1);
            long before = 1 * Timeline.NANOS_PER_CYCLE;
            assertThat(registers[V0]).isEqualTo((int) before);
            long between = 1 + 2 + 1 + 2 * 100_001;
            assertThat(registers[V1])
                    .isEqualTo((int) (before + between * Timeline.NANOS_PER_CYCLE));
        }
    }

    private static Machine machine(String program) {
        var slots = List.of(new SlotConfig(1, new DeviceConfig.TimerConfig()));
        var spec = new MachineSpec(1, 1 << 20, false, slots, 1, 10_000, 0, 0);
        Machine machine = Machine.create(spec, HostPorts.none(), EngineKind.INTERPRETER);
        int[] words = Assembler.assemble(program, TEXT);
        for (int i = 0; i < words.length; i++) {
            machine.memory().putWord((TEXT & 0x1fffffff) + 4 * i, words[i]);
        }
        machine.cpu(0).start(TEXT);
        return machine;
    }
}
