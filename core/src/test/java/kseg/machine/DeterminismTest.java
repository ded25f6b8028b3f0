package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A machine is a function: of its seed and nothing else, however often one stops to look. */
class DeterminismTest {
    private static final String COMMANDS = "selftest;counter;spin A B;q";

    static Stream<Arguments> machines() {
        return Stream.of(EngineKind.values())
                .flatMap(kind -> Stream.of(1, 2, 8, 32).map(cpus -> Arguments.of(kind, cpus)));
    }

    @ParameterizedTest
    @MethodSource("machines")
    void selftestPasses(EngineKind engine, int cpus) {
        MachineSpec spec = GuestRig.spec(cpus, 1, MachineSpec.DEFAULT_QUANTUM);
        try (var guest = GuestRig.boot(spec, engine, "selftest;q")) {
            assertThat(guest.machine().run(GuestRig.END)).isEqualTo(new Exit.PowerOff());
            assertThat(guest.console()).endsWith("verdict: pass\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 10000", "2, 10000", "2, 1", "8, 1000", "8, 7", "32, 10000"})
    void twoRunsAreEqualAtManyPositions(int cpus, int quantum) {
        MachineSpec spec = GuestRig.spec(cpus, 5, quantum);
        assertThat(hashes(spec, EngineKind.INTERPRETER, 37_123))
                .isEqualTo(hashes(spec, EngineKind.INTERPRETER, 37_123))
                .hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @CsvSource({"1, 10000", "2, 10000", "3, 1", "8, 100", "32, 5000"})
    void stoppingToLookChangesNothing(int cpus, int quantum) {
        MachineSpec spec = GuestRig.spec(cpus, 9, quantum);
        var random = new Random(cpus);
        try (var straight = GuestRig.boot(spec, EngineKind.INTERPRETER, COMMANDS);
                var looked = GuestRig.boot(spec, EngineKind.INTERPRETER, COMMANDS)) {
            assertThat(straight.machine().run(GuestRig.END)).isEqualTo(new Exit.PowerOff());
            Exit exit = new Exit.Limit();
            while (exit instanceof Exit.Limit) {
                Position here = looked.machine().position();
                int most = random.nextInt(4) == 0 ? 100 : 20_000;
                exit =
                        looked.machine()
                                .run(
                                        random.nextBoolean()
                                                ? RunLimit.atStep(
                                                        here.step() + random.nextInt(1, most))
                                                : RunLimit.atCycle(
                                                        here.cycle() + random.nextInt(1, most)));
                if (random.nextInt(100) == 0) {
                    looked.machine().stateHash();
                }
            }
            assertThat(exit).isEqualTo(new Exit.PowerOff());
            assertThat(looked.machine().position()).isEqualTo(straight.machine().position());
            assertThat(looked.console()).isEqualTo(straight.console());
            assertThat(looked.machine().stateHash()).isEqualTo(straight.machine().stateHash());
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 10000", "4, 10000", "2, 1", "32, 3000"})
    void enginesAreEqualAtManyPositions(int cpus, int quantum) {
        MachineSpec spec = GuestRig.spec(cpus, 2, quantum);
        List<Long> reference = hashes(spec, EngineKind.INTERPRETER, 50_021);
        assertThat(reference).hasSizeGreaterThan(10);
        for (EngineKind engine : EngineKind.values()) {
            assertThat(hashes(spec, engine, 50_021)).as("%s", engine).isEqualTo(reference);
        }
    }

    @Test
    void limitsAreExact() {
        try (var guest = GuestRig.boot(1, COMMANDS)) {
            Machine machine = guest.machine();
            for (long step = 1; step < 3000; step += 7) {
                assertThat(machine.run(RunLimit.atStep(step))).isEqualTo(new Exit.Limit());
                assertThat(machine.position().step()).isEqualTo(step);
            }
            long cycle = machine.position().cycle() + 123_456;
            assertThat(machine.run(RunLimit.atCycle(cycle))).isEqualTo(new Exit.Limit());
            assertThat(machine.position().cycle()).isEqualTo(cycle);
        }
    }

    @Test
    void anUnlockedCounterLosesUpdatesUnderSomeSeedsAndTheSameForOneSeed() {
        List<String> first = countersBySeed();
        assertThat(countersBySeed()).isEqualTo(first);
        assertThat(first).anyMatch(text -> !text.contains("lost 0"));
        assertThat(first.stream().distinct()).hasSizeGreaterThan(1);
    }

    private static List<String> countersBySeed() {
        return IntStream.range(0, 6).mapToObj(DeterminismTest::counterUnderSeed).toList();
    }

    private static String counterUnderSeed(int seed) {
        MachineSpec spec = GuestRig.spec(2, seed, MachineSpec.DEFAULT_QUANTUM);
        try (var guest = GuestRig.boot(spec, EngineKind.INTERPRETER, "counter;q")) {
            guest.machine().run(GuestRig.END);
            return guest.console()
                    .lines()
                    .filter(line -> line.startsWith("counter: without a lock"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 10000", "8, 1000"})
    void delaysAndEvictionsOfTheCompilerDoNotShow(int cpus, int quantum) {
        MachineSpec spec = GuestRig.spec(cpus, 2, quantum);
        List<Long> reference = hashes(spec, EngineKind.INTERPRETER, 100_003);
        var disturbed = GuestRig.bootDisturbed(spec, cpus, COMMANDS);
        assertThat(hashes(disturbed, 100_003)).isEqualTo(reference);
    }

    private static List<Long> hashes(MachineSpec spec, EngineKind engine, int every) {
        return hashes(GuestRig.boot(spec, engine, COMMANDS), every);
    }

    private static List<Long> hashes(GuestRig booted, int every) {
        List<Long> hashes = new ArrayList<>();
        try (var guest = booted) {
            long step = every;
            while (guest.machine().run(RunLimit.atStep(step)) instanceof Exit.Limit) {
                hashes.add(guest.machine().stateHash());
                step += every;
            }
            hashes.add(guest.machine().stateHash());
        }
        return hashes;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1_500_000_000, Integer.MAX_VALUE})
    void everyQuantumLetsTimePass(int quantum) {
        try (var guest =
                GuestRig.boot(GuestRig.spec(2, 1, quantum), EngineKind.INTERPRETER, "counter;q")) {
            guest.machine().run(RunLimit.atStep(20_000));
            assertThat(guest.machine().position().step()).isEqualTo(20_000);
        }
    }
}
