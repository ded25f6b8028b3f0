package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import kseg.config.DeviceConfig;
import kseg.config.SlotConfig;
import kseg.engine.CompilerSupport;
import kseg.engine.TierReport;
import kseg.engine.compile.CompilerOptions;
import kseg.isa.Assembler;
import org.junit.jupiter.api.Test;

/** Machines one after the other on one host worker: compiled code stays, nothing else does. */
class HostWorkersTest {
    private static final CompilerOptions EAGER = new CompilerOptions(1_000, false, 3_000, 0);
    private static final String COMMANDS = "primes 300;hello;q";
    private static final int LOOK = 20_011;
    private static final int CODE = 0x80001000;
    private static final int REG_V0 = 2;

    private final HostWorkers workers = new HostWorkers(1);

    private record Run(List<Long> hashes, TierReport.Regions regions) {}

    private static GuestRig boot(HostWorkers workers, int cpus, long seed, String commands) {
        MachineSpec spec = GuestRig.spec(cpus, seed, MachineSpec.DEFAULT_QUANTUM);
        return GuestRig.bootEagerly(spec, CompilerSupport.none(), workers, commands);
    }

    /** The hash at power-on and then every so many steps. */
    private static Run run(HostWorkers workers, int cpus, long seed, String commands) {
        var hashes = new ArrayList<Long>();
        try (GuestRig guest = boot(workers, cpus, seed, commands)) {
            Machine machine = guest.machine();
            hashes.add(machine.stateHash());
            Exit exit = new Exit.Limit();
            for (long at = LOOK; exit.equals(new Exit.Limit()); at += LOOK) {
                exit = machine.run(RunLimit.atStep(at));
                hashes.add(machine.stateHash());
            }
            assertThat(exit).isEqualTo(new Exit.PowerOff());
            return new Run(hashes, machine.tiers().orElseThrow().regions());
        }
    }

    private static Run fresh(int cpus, long seed, String commands) {
        return run(HostWorkers.none(), cpus, seed, commands);
    }

    @Test
    void theSecondMachineCompilesNextToNothingAndDoesTheSame() {
        Run alone = fresh(1, 3, COMMANDS);
        Run first = run(workers, 1, 3, COMMANDS);
        Run second = run(workers, 1, 3, COMMANDS);
        assertThat(first.hashes).isEqualTo(alone.hashes).hasSizeGreaterThan(10);
        assertThat(second.hashes).isEqualTo(alone.hashes);
        assertThat(first.regions.requested()).isGreaterThan(20);
        assertThat(second.regions.requested()).isLessThan(first.regions.requested() / 3);
        assertThat(second.regions.reused()).isGreaterThan(15);
    }

    @Test
    void whatRanBeforeDoesNotShow() {
        run(workers, 2, 9, "primes 200;q");
        run(workers, 1, 4, "hello;q");
        assertThat(run(workers, 2, 5, COMMANDS).hashes).isEqualTo(fresh(2, 5, COMMANDS).hashes);
    }

    @Test
    void machinesAtTheSameTimeHaveWorkersOfTheirOwn() {
        run(workers, 1, 3, COMMANDS);
        List<Long> expected = fresh(1, 3, COMMANDS).hashes;
        try (GuestRig one = boot(workers, 1, 3, COMMANDS);
                GuestRig other = boot(workers, 1, 3, COMMANDS)) {
            for (int i = 1; i < 3; i++) {
                for (GuestRig guest : List.of(one, other)) {
                    guest.machine().run(RunLimit.atStep((long) i * LOOK));
                    assertThat(guest.machine().stateHash()).isEqualTo(expected.get(i));
                }
            }
            assertThat(one.machine().tiers().orElseThrow().regions().reused()).isPositive();
            assertThat(other.machine().tiers().orElseThrow().regions().requested()).isPositive();
        }
    }

    /** Adds so many times a number that only an instruction of the program tells. */
    private static int sum(HostWorkers workers, int rounds, int number) {
        String program =
                """
                li $t0, %d
                addu $v0, $zero, $zero
                addiu $v0, $v0, %d
                addiu $t0, $t0, -1
                bne $t0, $zero, .-8
                nop
                beq $zero, $zero, .
                nop
                """
                        .formatted(rounds, number);
        var clock = List.of(new SlotConfig(1, new DeviceConfig.TimerConfig()));
        var spec = new MachineSpec(1, 1 << 16, false, clock, 1, 3000, 0, 0);
        try (Machine machine =
                Machine.create(
                        spec,
                        HostPorts.none(),
                        EngineKind.JIT,
                        EAGER,
                        CompilerSupport.none(),
                        workers)) {
            int paddr = CODE & 0x1fffffff;
            for (int word : Assembler.assemble(program, CODE)) {
                machine.memory().putWord(paddr, word);
                paddr += 4;
            }
            machine.cpu(0).start(CODE);
            machine.run(RunLimit.atStep(4L * rounds + 100));
            assertThat(machine.tiers().orElseThrow().steps().compiled()).isGreaterThan(rounds);
            return machine.cpu(0).gpr[REG_V0];
        }
    }

    @Test
    void otherCodeAtTheSameAddressIsCompiledForItself() {
        for (int number = 1; number < 12; number++) {
            assertThat(sum(workers, 20_000, number)).isEqualTo(20_000 * number);
            assertThat(sum(workers, 20_000, 1)).isEqualTo(20_000);
        }
    }

    @Test
    void aWorkerOfAMachineThatABugOfOursHasEndedIsNotUsedAgain() {
        run(workers, 1, 3, COMMANDS);
        var ports = GuestRig.world().withConsole(_ -> fail());
        MachineSpec spec = GuestRig.spec(1, 3, MachineSpec.DEFAULT_QUANTUM);
        var machine =
                Machine.create(spec, ports, EngineKind.JIT, EAGER, CompilerSupport.none(), workers);
        try (machine) {
            machine.load(GuestRig.image(), COMMANDS);
            assertThatThrownBy(() -> machine.run(GuestRig.END)).hasMessage("a bug");
        }
        assertThat(run(workers, 1, 3, COMMANDS).regions).isEqualTo(fresh(1, 3, COMMANDS).regions);
    }

    private static void fail() {
        throw new IllegalStateException("a bug");
    }

    @Test
    void aSnapshotThatIsStillOpenKeepsItsFrames() {
        Run expected = fresh(1, 3, COMMANDS);
        Machine.Snapshot snapshot;
        try (GuestRig guest = boot(workers, 1, 3, COMMANDS)) {
            guest.machine().run(RunLimit.atStep(LOOK));
            snapshot = guest.machine().snapshot();
        }
        try (snapshot) {
            assertThat(run(workers, 1, 3, COMMANDS)).isEqualTo(expected);
        }
    }
}
