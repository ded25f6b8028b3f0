package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import kseg.config.DeviceConfig;
import kseg.config.SlotConfig;
import kseg.isa.Assembler;
import kseg.journal.Input;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a machine that gets nowhere is stopped: exactly, and never one that gets anywhere. */
@ParameterizedClass
@EnumSource(EngineKind.class)
class PatienceTest {
    private static final int CODE = 0x80001000;
    private static final int SERIAL = 2;
    private static final Patience SHORT = new Patience(8_000, 16_000);

    /** Takes the timer's interrupt each 40 us, 1000 cycles, and goes back to sleep. */
    private static final String TICKS =
            """
            lui $t0, 0xbfe1         # slot 1: timer
            li $t1, 1
            sw $t1, 8($t0)          # restart
            li $t1, 40
            sw $t1, 0x10($t0)
            again: wait
            lw $zero, 12($t0)       # acknowledge
            b again
            nop
            """;

    private final EngineKind kind;

    PatienceTest(EngineKind kind) {
        this.kind = kind;
    }

    private Machine machine(String source) {
        var timer = new SlotConfig(1, new DeviceConfig.TimerConfig());
        var serial = new SlotConfig(SERIAL, new DeviceConfig.SerialConfig());
        var spec = new MachineSpec(1, 1 << 20, false, List.of(timer, serial), 1, 1000, 0, 0);
        var machine = Machine.create(spec, HostPorts.none(), kind);
        int paddr = CODE & 0x1fffffff;
        for (int word : Assembler.assemble(source, CODE)) {
            machine.memory().putWord(paddr, word);
            paddr += 4;
        }
        machine.cpu(0).start(CODE);
        return machine;
    }

    @Test
    void aKernelThatComputesForNothing() {
        try (Machine machine = machine("b .; nop")) {
            machine.setPatience(SHORT);
            assertThat(machine.run(RunLimit.atCycle(7_999))).isEqualTo(new Exit.Limit());
            assertThat(machine.run(RunLimit.NONE)).isEqualTo(new Exit.Watchdog(8_000));
            assertThat(machine.position().cycle()).isEqualTo(8_000);
            // Going on is allowed, and as patient as before.
            assertThat(machine.run(RunLimit.NONE)).isEqualTo(new Exit.Watchdog(8_000));
            assertThat(machine.position().cycle()).isEqualTo(16_000);
        }
    }

    @Test
    void aMachineThatOnlyMindsItsTimer() {
        try (Machine machine = machine(TICKS)) {
            machine.setPatience(SHORT);
            assertThat(machine.run(RunLimit.NONE)).isEqualTo(new Exit.Deadlock(16_000));
            assertThat(machine.position().cycle()).isEqualTo(16_000);
        }
    }

    @Test
    void lookingChangesNothing() {
        try (Machine watched = machine(TICKS);
                Machine alone = machine(TICKS)) {
            watched.setPatience(new Patience(Patience.NEVER, 100_000));
            assertThat(watched.run(RunLimit.atCycle(90_000))).isEqualTo(new Exit.Limit());
            assertThat(alone.run(RunLimit.atCycle(90_000))).isEqualTo(new Exit.Limit());
            assertThat(watched.stateHash()).isEqualTo(alone.stateHash());
            assertThat(watched.position()).isEqualTo(alone.position());
        }
    }

    @Test
    void withoutPatienceNothingEnds() {
        try (Machine machine = machine("b .; nop")) {
            assertThat(machine.run(RunLimit.atCycle(100_000))).isEqualTo(new Exit.Limit());
        }
    }

    /** Each is progress: a character printed, an instruction of a user, an input. */
    @Test
    void progressBeginsTheTimeAnew() {
        String prints =
                """
                lui $t0, 0xbfe2         # slot 2: serial
                again: li $t1, 3000
                loop: bnez $t1, loop
                addiu $t1, $t1, -1
                b again
                sw $t1, 0($t0)
                """;
        String computesAsUser =
                """
                lui $t0, 0x40
                mtc0 $t0, $10           # EntryHi
                li $t1, 0x1200          # this page, valid
                mtc0 $t1, $2            # EntryLo
                tlbwi
                li $t2, 0x8             # KUp: RFE leads to user mode
                mtc0 $t2, $12
                lui $k0, 0x40
                addiu $k0, $k0, 44
                jr $k0
                rfe
                b .
                nop
                """;
        try (Machine user = machine(computesAsUser)) {
            user.setPatience(SHORT);
            assertThat(user.run(RunLimit.atCycle(200_000))).isEqualTo(new Exit.Limit());
            assertThat(user.cpu(0).userMode()).isTrue();
        }
        try (Machine printing = machine(prints)) {
            printing.setPatience(SHORT);
            assertThat(printing.run(RunLimit.atCycle(200_000))).isEqualTo(new Exit.Limit());
        }
        try (Machine typedAt = machine("b .; nop")) {
            typedAt.setPatience(SHORT);
            for (int cycle = 5_000; cycle < 50_000; cycle += 5_000) {
                assertThat(typedAt.run(RunLimit.atCycle(cycle))).isEqualTo(new Exit.Limit());
                typedAt.input(new Input(Input.Kind.CHARACTERS, SERIAL, new byte[] {'x'}));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7, -1})
    void tooShortAPatienceIsRefused(long cycles) {
        assertThatThrownBy(() -> new Patience(cycles, Patience.NEVER))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Patience(Patience.NEVER, cycles))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
