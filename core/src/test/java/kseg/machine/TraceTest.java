package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import kseg.config.DeviceConfig;
import kseg.config.SlotConfig;
import kseg.engine.trace.Profile;
import kseg.isa.Assembler;
import kseg.port.TraceKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether and what is traced does not change a run. */
class TraceTest {
    private static final RunLimit LIMIT = RunLimit.atCycle(3_000_000);
    private static final String COMMANDS = "counter;disk 0 write 3 x;disk 0 read 3;q";

    private static final String SWITCHING =
            """
            lui $t0, 0xbffe
            li $t1, 107         # k
            nop
            sw $t1, 0($t0)      # on
            addiu $t2, $t2, 1
            addiu $t2, $t2, 2
            sw $t1, 4($t0)      # off
            addiu $t2, $t2, 3
            b .
            nop
            """;

    private final Map<TraceKind, Integer> lines = new EnumMap<>(TraceKind.class);

    private long run(EngineKind engine, Set<TraceKind> kinds) {
        try (GuestRig rig = GuestRig.boot(GuestRig.spec(2, 5, 1000), engine, COMMANDS)) {
            rig.machine()
                    .trace(
                            (kind, _, _, _, endsLine) ->
                                    lines.merge(kind, endsLine ? 1 : 0, Integer::sum),
                            kinds);
            rig.machine().run(LIMIT);
            assertThat(rig.machine().position().cycle()).isGreaterThan(1_000_000);
            return rig.machine().stateHash();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTracedRunIsTheSameRun(EngineKind engine) {
        long untraced = run(engine, Set.of());
        assertThat(lines).isEmpty();
        assertThat(run(engine, EnumSet.allOf(TraceKind.class))).isEqualTo(untraced);
        assertThat(lines)
                .containsKeys(
                        TraceKind.KERNEL, TraceKind.JUMP, TraceKind.EXCEPTION, TraceKind.INTERRUPT);
    }

    @Test
    void aProfiledRunIsTheSameRun() {
        long alone = run(EngineKind.INTERPRETER, Set.of());
        try (GuestRig rig =
                GuestRig.boot(GuestRig.spec(2, 5, 1000), EngineKind.INTERPRETER, COMMANDS)) {
            Profile profile = rig.machine().profile(0x80000000, 0x80040000);
            rig.machine().run(LIMIT);
            assertThat(rig.machine().stateHash()).isEqualTo(alone);
            assertThat(profile.arcs()).hasSizeGreaterThan(10);
            assertThat(IntStream.of(profile.samples()).sum()).isGreaterThan(30);
        }
    }

    @Test
    void tracingCanBeginAndEndAtAnyInstant() {
        long untraced = run(EngineKind.JIT, Set.of());
        try (GuestRig rig = GuestRig.boot(GuestRig.spec(2, 5, 1000), EngineKind.JIT, COMMANDS)) {
            for (int i = 1; i <= 300; i++) {
                Set<TraceKind> kinds = i % 2 == 0 ? Set.of() : EnumSet.of(TraceKind.KERNEL);
                rig.machine().trace((_, _, _, _, _) -> {}, kinds);
                rig.machine().run(RunLimit.atCycle(i * 10_000L));
            }
            assertThat(rig.machine().stateHash()).isEqualTo(untraced);
        }
    }

    /** The trace card at slot 30 takes effect from the next instruction on, both ways. */
    @ParameterizedTest
    @EnumSource
    void theGuestSwitchesBetweenTwoInstructions(EngineKind engine) {
        var card = new SlotConfig(30, new DeviceConfig.TraceConfig());
        var spec = new MachineSpec(1, 1 << 20, false, List.of(card), 1, 10_000, 0, 0);
        StringBuilder shown = new StringBuilder();
        try (Machine machine = Machine.create(spec, HostPorts.none(), engine)) {
            int paddr = 0x1000;
            for (int word : Assembler.assemble(SWITCHING, 0x80001000)) {
                machine.memory().putWord(paddr, word);
                paddr += 4;
            }
            machine.cpu(0).start(0x80001000);
            machine.trace(
                    (_, _, _, text, endsLine) -> shown.append(text).append(endsLine ? "\n" : ""),
                    Set.of());
            machine.run(RunLimit.atStep(40));
        }
        assertThat(shown.toString().lines().map(line -> line.split(":")[0]))
                .containsExactly("at 80001010", "at 80001014", "at 80001018");
    }
}
