package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kseg.engine.CompilerSupport;
import kseg.engine.RegionListener;
import kseg.engine.RegionProfile;
import kseg.engine.TierReport;
import kseg.engine.TranslationStore;
import org.junit.jupiter.api.Test;

/** Profiles of earlier runs: what they change, and what they do not. */
class RecallTest {
    private static final MachineSpec SPEC = GuestRig.spec(1, 3, MachineSpec.DEFAULT_QUANTUM);

    private record Run(long hash, long step, TierReport tiers, RegionProfile profile) {}

    private static Run run(RegionProfile before) {
        var support = new CompilerSupport(new TranslationStore(), before, RegionListener.NONE);
        try (var guest = GuestRig.bootEagerly(SPEC, support, "primes 300;hello;q")) {
            Machine machine = guest.machine();
            assertThat(machine.run(GuestRig.END)).isEqualTo(new Exit.PowerOff());
            return new Run(
                    machine.stateHash(),
                    machine.position().step(),
                    machine.tiers().orElseThrow(),
                    machine.profile());
        }
    }

    @Test
    void theSecondRunCompilesEarlyAndDoesTheSame() {
        Run first = run(RegionProfile.EMPTY);
        assertThat(first.tiers.regions().recalled()).isZero();
        RegionProfile kept = RegionProfile.decode(first.profile.encode()).orElseThrow();
        Run second = run(kept);
        assertThat(second.hash).isEqualTo(first.hash);
        assertThat(second.step).isEqualTo(first.step);
        assertThat(second.tiers.regions().recalled()).isGreaterThan(10);
        assertThat(second.tiers.steps().interpreted())
                .isLessThan(first.tiers.steps().interpreted());
        assertThat(second.profile.regions()).containsAll(List.of(kept.regions().getFirst()));
    }

    @Test
    void aProfileOfSomethingElseDoesNotShow() {
        Run first = run(RegionProfile.EMPTY);
        List<RegionProfile.Hot> wrong =
                first.profile.regions().stream()
                        .map(hot ->
                                new RegionProfile.Hot(
                                        hot.key(), ~hot.hash(), hot.pages(), hot.jumps()))
                        .toList();
        Run second = run(new RegionProfile(wrong));
        assertThat(second.hash).isEqualTo(first.hash);
        assertThat(second.tiers.regions().recalled()).isZero();
    }
}
