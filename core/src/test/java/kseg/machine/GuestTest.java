package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The embedded guest's own tests, on every engine and with few and many CPUs. */
class GuestTest {
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
}
