package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kseg.config.DeviceConfig;
import kseg.config.SlotConfig;
import kseg.isa.Assembler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WAIT on a machine: who wakes a CPU, when, and what stands still meanwhile; sys161.md 5.1. */
@ParameterizedClass
@EnumSource(EngineKind.class)
class WaitTest {
    private static final int CODE = 0x80001000;

    /** Seven steps, WAIT the last. */
    private static final String SLEEP =
            """
            lui $t0, 0xbfe1     # slot 1
            li $t1, 1000        # microseconds
            sw $t1, 0x10($t0)
            li $t2, %d
            mtc0 $t2, $12
            nop
            wait
            li $v0, 1
            b .
            nop
            """;

    private static final int STATUS_LAMEBUS_ENABLED = 0x0401;

    private final EngineKind kind;

    WaitTest(EngineKind kind) {
        this.kind = kind;
    }

    private Machine machine(List<SlotConfig> slots, String source) {
        var spec = new MachineSpec(1, 1 << 20, false, slots, 1, 1000, 0, 0);
        var machine = Machine.create(spec, HostPorts.none(), kind);
        int paddr = CODE & 0x1fffffff;
        for (int word : Assembler.assemble(source, CODE)) {
            machine.memory().putWord(paddr, word);
            paddr += 4;
        }
        machine.cpu(0).start(CODE);
        return machine;
    }

    private Machine withTimer(int status) {
        var timer = new SlotConfig(1, new DeviceConfig.TimerConfig());
        return machine(List.of(timer), SLEEP.formatted(status));
    }

    /** With interrupts off the program goes on; with them on the handler comes first. */
    @ParameterizedTest
    @ValueSource(ints = {0, 0x0400, STATUS_LAMEBUS_ENABLED})
    void aCardWakesTheCpuInTheCycleOfItsEvent(int status) {
        try (Machine machine = withTimer(status)) {
            machine.run(RunLimit.atCycle(20));
            assertThat(machine.cpu(0).waiting).isTrue();
            assertThat(machine.position()).isEqualTo(new Position(7, 20, 0));
            long wake = machine.nextEventCycle();
            assertThat(wake).isBetween(25_000L, 25_300L);
            machine.run(RunLimit.atStep(8));
            assertThat(machine.position()).isEqualTo(new Position(8, wake + 1, 0));
            boolean interrupted = status == STATUS_LAMEBUS_ENABLED;
            assertThat(machine.cpu(0).gpr[2]).isEqualTo(interrupted ? 0 : 1);
            assertThat(machine.cpu(0).counters().interrupts()).isEqualTo(interrupted ? 1 : 0);
        }
    }

    @Test
    void countStandsStillWhileWaiting() {
        try (Machine machine = withTimer(0)) {
            machine.run(RunLimit.atStep(8));
            assertThat(machine.cpu(0).cp0().read(9, 0)).isEqualTo(1 + 8);
            assertThat(machine.idleCycles()).isEqualTo(machine.position().cycle() - 8);
        }
    }

    /** The processor's own timer does not count while it waits, so it cannot wake it. */
    @Test
    void compareDoesNotWake() {
        String source = "li $t0, 100\n mtc0 $t0, $11\n wait\n li $v0, 1\n b .\n nop";
        try (Machine machine = machine(List.of(), source)) {
            assertThat(machine.run(RunLimit.atCycle(10_000))).isEqualTo(new Exit.Idle());
            assertThat(machine.cpu(0).waiting).isTrue();
            assertThat(machine.cpu(0).gpr[2]).isZero();
        }
    }
}
