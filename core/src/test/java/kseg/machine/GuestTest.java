package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The embedded guest's own tests, on every engine and with few and many CPUs. */
class GuestTest {
    private static final int SEEDS = 1000;

    static Stream<Arguments> machines() {
        return Stream.of(EngineKind.values())
                .flatMap(kind -> Stream.of(1, 2, 8, 32).map(cpus -> Arguments.of(kind, cpus)));
    }

    /** Twice: the second time all CPUs run throughout. */
    @ParameterizedTest
    @MethodSource("machines")
    void selftestPassesWithAFileSystemOnDisk(EngineKind engine, int cpus) {
        MachineSpec spec = GuestRig.spec(cpus, 3, MachineSpec.DEFAULT_QUANTUM);
        try (var guest = GuestRig.boot(spec, engine, "mkfs;selftest;selftest;q")) {
            assertThat(guest.machine().run(GuestRig.END)).isEqualTo(new Exit.PowerOff());
            assertThat(guest.console())
                    .contains("ok    file system: every sector")
                    .endsWith("verdict: pass\n");
        }
    }

    /** Nothing is wrong with the locks, whatever the seed. */
    @ParameterizedTest
    @MethodSource("machines")
    void locktestPassesUnderEverySeed(EngineKind engine, int cpus) {
        for (int seed = 1; seed <= 12; seed++) {
            assertThat(locktest(engine, cpus, seed, "mkfs;locktest;q"))
                    .as("seed %d", seed)
                    .endsWith("verdict: pass\n");
        }
    }

    /** Each of the bugs that the guest has on request shows under some seed, and passes others. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void locktestFindsEachBugUnderSomeSeed(int bug) {
        String commands = "bugs=" + bug + ";mkfs;locktest " + bug + ";q";
        boolean passed = false;
        boolean failed = false;
        for (int seed = 1; seed <= SEEDS && !(passed && failed); seed++) {
            String console = locktest(EngineKind.INTERPRETER, 2, seed, commands);
            assertThat(console).contains("bug " + bug + " is in: ");
            passed |= console.endsWith("verdict: pass\n");
            failed |= console.contains("verdict: FAIL (");
        }
        assertThat(failed).as("found under one of %d seeds", SEEDS).isTrue();
        assertThat(passed).as("not found under one of %d seeds", SEEDS).isTrue();
    }

    private static String locktest(EngineKind engine, int cpus, int seed, String commands) {
        MachineSpec spec = GuestRig.spec(cpus, seed, MachineSpec.DEFAULT_QUANTUM);
        try (var guest = GuestRig.boot(spec, engine, commands)) {
            Exit exit = guest.machine().run(GuestRig.END);
            while (exit instanceof Exit.DebuggerRequest) { // how the guest says that it failed
                exit = guest.machine().run(GuestRig.END);
            }
            assertThat(exit).isEqualTo(new Exit.PowerOff());
            return guest.console();
        }
    }
}
