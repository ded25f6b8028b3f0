package kseg.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import kseg.machine.EngineKind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every engine against an oracle that is not ours: random user-mode programs, and the state they
 * leave, here and on qemu-mips. {@code -Dkseg.seed=N} tries others.
 */
class QemuOracleTest {
    private static final long SEED = Long.getLong("kseg.seed", 1);
    private static final int TRIALS = 600;

    @BeforeAll
    static void needsQemu() {
        assumeTrue(QemuOracle.isInstalled(), "SKIPPED: install the package qemu-user");
    }

    static Stream<Arguments> engines() {
        return Stream.of(EngineKind.values())
                .flatMap(kind -> Stream.of(Arguments.of(kind, false), Arguments.of(kind, true)));
    }

    @ParameterizedTest(name = "{0}, exceptions: {1}")
    @MethodSource("engines")
    void agreesWithQemu(EngineKind engine, boolean exceptions) throws Exception {
        var generator = new TrialGenerator(SEED, exceptions);
        List<Trial> trials = new ArrayList<>();
        for (int slot = 0; slot < TRIALS; slot++) {
            trials.add(generator.next(slot));
        }
        List<Outcome> expected = QemuOracle.run(trials);
        assertThat(expected)
                .anyMatch(outcome -> outcome.signal() == 0)
                .anyMatch(outcome -> outcome.signal() != 0 || !exceptions);
        try (var runner = new KsegRunner(engine)) {
            for (int i = 0; i < TRIALS; i++) {
                if (!expected.get(i).differences(runner.run(trials.get(i))).isEmpty()) {
                    fail(runner, trials.get(i));
                }
            }
        }
    }

    private static void fail(KsegRunner runner, Trial trial) throws Exception {
        Trial smallest = shrink(runner, trial);
        assertThat(differences(runner, smallest))
                .as("seed %d, smallest program that differs from qemu-mips:%n%s", SEED, smallest)
                .isEmpty();
        throw new AssertionError("differs only together with other programs:\n" + trial);
    }

    /** Takes away items and registers as long as the outcomes still differ. */
    private static Trial shrink(KsegRunner runner, Trial trial) throws Exception {
        Trial smallest = trial;
        for (int item = 0; item < trial.items().size(); item++) {
            Trial smaller = smallest.without(item);
            if (!differences(runner, smaller).isEmpty()) {
                smallest = smaller;
            }
        }
        for (int register = 1; register < 32; register++) {
            Trial smaller = smallest.withoutRegister(register);
            if (register != Trial.K0 && !differences(runner, smaller).isEmpty()) {
                smallest = smaller;
            }
        }
        return smallest;
    }

    private static List<String> differences(KsegRunner runner, Trial trial) throws Exception {
        return QemuOracle.run(List.of(trial)).getFirst().differences(runner.run(trial));
    }
}
