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
import org.junit.jupiter.params.provider.ValueSource;

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

    /** A profile pauses from the first cycles on for 600,000. */
    private static final String PAUSING =
            """
            lui $t0, 0xbffe
            sw $zero, 0x14($t0)
            lui $t1, 4          # 300,000 times around, two steps each
            lui $t2, 1
            li $t3, 27680
            sub $t2, $t2, $t3
            add $t1, $t1, $t2
            bnez $t1, .
            addiu $t1, $t1, -1
            li $t1, 1
            sw $t1, 0x14($t0)
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

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aProfiledRunIsTheSameRun(boolean strict) {
        MachineSpec usual = GuestRig.spec(2, 5, 1000);
        MachineSpec spec = strict ? usual.asSystem161() : usual;
        try (GuestRig alone = GuestRig.boot(spec, EngineKind.INTERPRETER, COMMANDS);
                GuestRig profiled = GuestRig.boot(spec, EngineKind.INTERPRETER, COMMANDS)) {
            alone.machine().run(LIMIT);
            Profile profile = profiled.machine().profile(0x80000000, 0x80040000);
            profiled.machine().run(LIMIT);
            assertThat(profiled.machine().stateHash()).isEqualTo(alone.machine().stateHash());
            assertThat(profile.arcs()).hasSizeGreaterThan(10);
            assertThat(IntStream.of(profile.samples()).sum()).isBetween(30, 2 * 120);
        }
    }

    /** One sample in 25,000 cycles: 40 of a million, less 24 of the 600,000 that it pauses. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aProfileThatPausesCountsNothingMeanwhile(boolean strict) {
        var card = new SlotConfig(30, new DeviceConfig.TraceConfig());
        var usual = new MachineSpec(1, 1 << 20, false, List.of(card), 1, 10_000, 0, 0);
        try (Machine machine =
                machine(strict ? usual.asSystem161() : usual, EngineKind.JIT, PAUSING)) {
            Profile profile = machine.profile(0x80000000, 0x80040000);
            machine.run(RunLimit.atStep(1_000_000));
            assertThat(IntStream.of(profile.samples()).sum()).isBetween(15, 17);
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
        try (Machine machine = machine(spec, engine, SWITCHING)) {
            machine.trace(
                    (_, _, _, text, endsLine) -> shown.append(text).append(endsLine ? "\n" : ""),
                    Set.of());
            machine.run(RunLimit.atStep(40));
        }
        assertThat(shown.toString().lines().map(line -> line.split(":")[0]))
                .containsExactly("at 80001010", "at 80001014", "at 80001018");
    }

    private static Machine machine(MachineSpec spec, EngineKind engine, String source) {
        Machine machine = Machine.create(spec, HostPorts.none(), engine);
        int paddr = 0x1000;
        for (int word : Assembler.assemble(source, 0x80001000)) {
            machine.memory().putWord(paddr, word);
            paddr += 4;
        }
        machine.cpu(0).start(0x80001000);
        return machine;
    }
}
