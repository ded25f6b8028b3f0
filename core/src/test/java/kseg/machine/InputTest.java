package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import kseg.config.DeviceConfig;
import kseg.config.SlotConfig;
import kseg.isa.Assembler;
import kseg.journal.Input;
import kseg.journal.ReplayMismatchException;
import org.junit.jupiter.api.Test;

/** Inputs and their journal, where a run has ended in the midst of things. */
class InputTest {
    private static final int CODE = 0x80001000;

    /** Asks for a debugger every other cycle, while a timer goes off about every 25th. */
    private static final String BUSY =
            """
            lui $a1, 0xbfe1
            addiu $t0, $0, 1
            sw $t0, 8($a1)
            sw $0, 16($a1)
            lui $a2, 0xbfe2
            loop: b loop
            sw $0, 16($a2)
            """;

    private static Machine machine() {
        return machine(BUSY);
    }

    private static Machine machine(String program) {
        var slots =
                List.of(
                        new SlotConfig(0, new DeviceConfig.SerialConfig()),
                        new SlotConfig(1, new DeviceConfig.TimerConfig()),
                        new SlotConfig(2, new DeviceConfig.TraceConfig()));
        var spec = new MachineSpec(1, 1 << 20, false, slots, 1, 1000, 0, 0);
        var machine = Machine.create(spec, HostPorts.none(), EngineKind.INTERPRETER);
        int paddr = CODE & 0x1fffffff;
        for (int word : Assembler.assemble(program, CODE)) {
            machine.memory().putWord(paddr, word);
            paddr += 4;
        }
        machine.cpu(0).start(CODE);
        return machine;
    }

    private static void type(Machine machine) {
        machine.input(new Input(Input.Kind.CHARACTERS, 0, new byte[] {'x'}));
    }

    /** Also where the run ended before an event that was due at the same instant. */
    @Test
    void anInputComesAfterTheEventsDueAtItsPosition() {
        try (Machine live = machine();
                Machine replay = machine()) {
            int stops = 0;
            do {
                assertThat(live.run(RunLimit.NONE)).isEqualTo(new Exit.DebuggerRequest());
                stops++;
            } while (live.nextEventCycle() > live.position().cycle());
            type(live);
            live.run(RunLimit.NONE);
            replay.replay(live.journal());
            for (int i = 0; i <= stops; i++) {
                assertThat(replay.run(RunLimit.NONE)).isEqualTo(new Exit.DebuggerRequest());
            }
            assertThat(replay.position()).isEqualTo(live.position());
            assertThat(replay.stateHash()).isEqualTo(live.stateHash());
        }
    }

    @Test
    void aReplayDoesNotWriteInTheJournalOfAnother() {
        try (Machine live = machine();
                Machine replay = machine()) {
            live.run(RunLimit.atStep(4));
            type(live);
            replay.replay(live.journal());
            replay.run(RunLimit.atStep(6));
            assertThat(replay.replaying()).isFalse();
            type(replay);
            assertThat(replay.journal().size()).isEqualTo(2);
            assertThat(live.journal().size()).isEqualTo(1);
            assertThat(live.replaying()).isFalse();
        }
    }

    @Test
    void aReplayThatWouldIdleForEverDoesNotFit() {
        try (Machine live = machine();
                Machine replay = machine("wait")) {
            live.run(RunLimit.atStep(4));
            type(live);
            replay.replay(live.journal());
            assertThatThrownBy(() -> replay.run(RunLimit.NONE))
                    .isInstanceOf(ReplayMismatchException.class);
        }
    }

    @Test
    void timeEndsBeforeItOverflows() {
        try (Machine machine = machine("wait")) {
            assertThat(machine.run(RunLimit.NONE)).isEqualTo(new Exit.Idle());
            machine.idleUntil(RunLimit.LAST_CYCLE - 10);
            type(machine); // takes longer
            assertThat(machine.run(RunLimit.NONE)).isEqualTo(new Exit.Limit());
            assertThat(machine.position().cycle()).isEqualTo(RunLimit.LAST_CYCLE);
            long latest = Integer.toUnsignedLong(-1) * 1_010; // the longest countdown, with jitter
            assertThat(machine.nanos() + latest).isGreaterThan(machine.nanos());
        }
    }
}
