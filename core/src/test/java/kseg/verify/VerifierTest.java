package kseg.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import kseg.machine.EngineKind;
import kseg.verify.Verifier.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random programs on every engine. System properties: {@code kseg.verify.executions} of each
 * engine, {@code kseg.verify.seed}.
 */
class VerifierTest {
    private static final long EXECUTIONS = Long.getLong("kseg.verify.executions", 6000);
    private static final long SEED = Long.getLong("kseg.verify.seed", 1);

    /** What a campaign of a million asks for, by executions. */
    private static final long ASKED_OF = 1000;

    @ParameterizedTest
    @EnumSource(EngineKind.class)
    void enginesAgree(EngineKind kind) {
        agree(kind.toString(), EngineKit.of(kind));
    }

    @Test
    void theDisturbedCompilerAgrees() {
        agree("disturbed", EngineKit.disturbed(SEED));
    }

    private static void agree(String what, EngineKit kit) {
        var verifier = new Verifier(kit, SEED, Verifier.STARTS);
        while (verifier.executions() < EXECUTIONS) {
            Failure failure = verifier.next();
            if (failure != null) {
                Scenario least = Shrinker.shrink(kit, failure.scenario());
                Optional<String> why = Replay.explain(kit, least);
                throw new AssertionError(
                        "%s, seed %d, body %d%n%s%n%s"
                                .formatted(
                                        what,
                                        SEED,
                                        failure.body(),
                                        why.orElse("(only with what ran before)"),
                                        VectorText.write(least)));
            }
        }
        assertThat(verifier.coverage().impossible()).isEmpty();
        if (EXECUTIONS >= 1_000_000) {
            assertThat(verifier.coverage().below(EXECUTIONS / ASKED_OF)).isEmpty();
        }
    }

    @Test
    void mostOfWhatCanHappenHappensSoon() {
        var verifier = new Verifier(EngineKit.of(EngineKind.INTERPRETER), SEED, Verifier.STARTS);
        while (verifier.executions() < EXECUTIONS) {
            assertThat(verifier.next()).isNull();
        }
        Coverage coverage = verifier.coverage();
        assertThat(coverage.below(1).size()).isLessThan(coverage.cells().size() / 20);
        assertThat(coverage.table())
                .contains("\nlw       retired ", "TLBS refill", "\nfetch    interrupt ");
    }

    @Test
    void aSeedNamesItsScenarios() {
        var first = new Verifier(EngineKit.of(EngineKind.INTERPRETER), 7, 20);
        var again = new Verifier(EngineKit.of(EngineKind.INTERPRETER), 7, 20);
        var other = new Verifier(EngineKit.of(EngineKind.INTERPRETER), 8, 20);
        for (int i = 0; i < 20; i++) {
            first.next();
            again.next();
            other.next();
        }
        assertThat(again.coverage().table()).isEqualTo(first.coverage().table());
        assertThat(other.coverage().table()).isNotEqualTo(first.coverage().table());
        assertThat(first.executions()).isEqualTo(400);
        assertThat(first.bodies()).isEqualTo(20);
    }
}
