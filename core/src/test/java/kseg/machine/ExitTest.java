package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kseg.isa.Assembler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where a machine stands when something ends its run. */
class ExitTest {
    private static final int CODE = 0x80001000;

    private static Machine machine(String source) {
        return machine(source, EngineKind.INTERPRETER);
    }

    private static Machine machine(String source, EngineKind engine) {
        var spec = new MachineSpec(1, 1 << 20, false, List.of(), 1, 1000, 0, 0);
        var machine = Machine.create(spec, HostPorts.none(), engine);
        int paddr = CODE & 0x1fffffff;
        for (int word : Assembler.assemble(source, CODE)) {
            machine.memory().putWord(paddr, word);
            paddr += 4;
        }
        machine.cpu(0).start(CODE);
        return machine;
    }

    /** The position, time and state are those of the step that ended it, however it was reached. */
    @Test
    void misuseStopsBehindItsStep() {
        String source =
                """
                nop
                tlbwi
                li $t0, 0x100
                mtc0 $t0, $0
                tlbwi               # step 4: the same entry in another slot
                nop
                """;
        try (Machine whole = machine(source);
                Machine stepped = machine(source)) {
            assertThat(whole.run(RunLimit.NONE)).isInstanceOf(Exit.Misuse.class);
            assertThat(whole.position()).isEqualTo(new Position(5, 5, 0));
            assertThat(whole.nanos()).isEqualTo(5 * Timeline.NANOS_PER_CYCLE);
            for (int step = 1; step < 5; step++) {
                assertThat(stepped.run(RunLimit.atStep(step))).isEqualTo(new Exit.Limit());
            }
            assertThat(stepped.run(RunLimit.NONE)).isInstanceOf(Exit.Misuse.class);
            assertThat(stepped.position()).isEqualTo(whole.position());
            assertThat(stepped.stateHash()).isEqualTo(whole.stateHash());
        }
    }

    /** BEV is set at power-on; the ROM has no handlers. */
    @ParameterizedTest
    @EnumSource(EngineKind.class)
    void anExceptionBeforeThereAreHandlersEndsTheRun(EngineKind engine) {
        String source =
                """
                li $s0, 7
                nop
                lw $t0, 16($zero)   # step 2
                nop
                """;
        try (Machine whole = machine(source, engine);
                Machine stepped = machine(source, engine)) {
            assertThat(whole.run(RunLimit.NONE)).isEqualTo(new Exit.Crash(0));
            assertThat(whole.position()).isEqualTo(new Position(3, 3, 0));
            assertThat(whole.cpu(0).pc).isEqualTo(0xbfc00100);
            assertThat(whole.cpu(0).cp0().read(14, 0)).isEqualTo(CODE + 8);
            assertThat(whole.cpu(0).cp0().read(8, 0)).isEqualTo(16);
            for (int step = 1; step < 3; step++) {
                assertThat(stepped.run(RunLimit.atStep(step))).isEqualTo(new Exit.Limit());
            }
            assertThat(stepped.run(RunLimit.NONE)).isEqualTo(new Exit.Crash(0));
            assertThat(stepped.stateHash()).isEqualTo(whole.stateHash());
            // Who goes on sees the ROM run to its breakpoint.
            assertThat(whole.run(RunLimit.atStep(100))).isEqualTo(new Exit.Limit());
            assertThat(whole.run(RunLimit.NONE)).isEqualTo(new Exit.Crash(0));
            assertThat(whole.cpu(0).cp0().read(14, 0)).isEqualTo(0xbfc00ffc);
        }
    }
}
