package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import kseg.engine.CompilerSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Machines that start from one power-on are as those that were made alone. */
class PowerOnTest {
    private static final String COMMANDS = "cpus;counter;hello;q";
    private static final MachineSpec SPEC = GuestRig.spec(4, 1, MachineSpec.DEFAULT_QUANTUM);

    @ParameterizedTest
    @EnumSource(EngineKind.class)
    void everyRunIsThatOfAMachineOfItsOwn(EngineKind engine) {
        assertRunsAreAsAlone(SPEC, engine);
    }

    @Test
    void strictMachinesStayStrict() {
        assertRunsAreAsAlone(SPEC.asSystem161(), EngineKind.INTERPRETER);
    }

    private static void assertRunsAreAsAlone(MachineSpec spec, EngineKind engine) {
        try (var powerOn =
                new PowerOn(
                        spec,
                        GuestRig.image(),
                        COMMANDS,
                        GuestRig.world(),
                        engine,
                        CompilerSupport.none())) {
            for (long seed : new long[] {7, 8, 7, 0, -1}) {
                var console = new ByteArrayOutputStream();
                HostPorts ports = GuestRig.world().withConsole(console::write);
                try (Machine machine = powerOn.machine(seed, ports);
                        var alone =
                                GuestRig.boot(
                                        spec.withSeed(seed), EngineKind.INTERPRETER, COMMANDS)) {
                    assertThat(alone.machine().spec()).isEqualTo(spec.withSeed(seed));
                    assertThat(machine.spec()).isEqualTo(alone.machine().spec());
                    assertThat(machine.spec().strict()).isEqualTo(spec.strict());
                    assertThat(machine.stateHash()).isEqualTo(alone.machine().stateHash());
                    assertThat(machine.run(GuestRig.END)).isEqualTo(new Exit.PowerOff());
                    alone.machine().run(GuestRig.END);
                    assertThat(machine.position()).isEqualTo(alone.machine().position());
                    assertThat(machine.stateHash()).isEqualTo(alone.machine().stateHash());
                    assertThat(console.toString(StandardCharsets.ISO_8859_1))
                            .isEqualTo(alone.console());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(EngineKind.class)
    void aRunThatIsOverGivesItsMemoryBack(EngineKind engine) {
        try (var powerOn =
                new PowerOn(
                        SPEC,
                        GuestRig.image(),
                        COMMANDS,
                        GuestRig.world(),
                        engine,
                        CompilerSupport.none())) {
            int loaded = framesAfter(powerOn, RunLimit.atStep(0));
            assertThat(framesAfter(powerOn, GuestRig.END)).isEqualTo(loaded);
            assertThat(framesAfter(powerOn, RunLimit.atStep(123_456))).isEqualTo(loaded);
        }
    }

    private static int framesAfter(PowerOn powerOn, RunLimit limit) {
        Machine machine = powerOn.machine(3, GuestRig.world());
        machine.run(limit);
        machine.close();
        return machine.memory().framesInUse();
    }
}
