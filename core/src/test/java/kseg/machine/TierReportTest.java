package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;

import kseg.engine.TierReport;
import org.junit.jupiter.api.Test;

class TierReportTest {
    private static final MachineSpec SPEC = GuestRig.spec(1, 3, MachineSpec.DEFAULT_QUANTUM);

    @Test
    void everyStepIsCountedOnceAndEveryRegionAccountedFor() {
        try (var guest = GuestRig.bootDisturbed(SPEC, 7, "primes 300;hello;q")) {
            Machine machine = guest.machine();
            assertThat(machine.run(GuestRig.END)).isEqualTo(new Exit.PowerOff());
            TierReport report = machine.tiers().orElseThrow();
            assertThat(report.steps().total()).isEqualTo(machine.position().step());
            assertThat(report.steps().compiled()).isPositive();
            assertThat(report.steps().interpreted()).isPositive();
            assertThat(report.steps().precise()).isPositive();
            TierReport.Entries entries = report.entries();
            assertThat(entries.left() + entries.relinked() + entries.stops())
                    .isEqualTo(entries.entered());
            assertThat(entries.left()).isPositive();
            assertThat(entries.kind()).isPositive();
            assertThat(entries.access()).isPositive();
            assertThat(entries.budget()).isPositive();
            TierReport.Regions regions = report.regions();
            assertThat(regions.present()).isEqualTo(regions.installed() - regions.removed());
            assertThat(regions.reused()).isPositive().isLessThan(regions.installed());
            long compiled = regions.installed() - regions.reused();
            assertThat(compiled + regions.stale() + regions.fruitless())
                    .isPositive()
                    .isLessThanOrEqualTo(regions.requested());
            assertThat(regions.evicted()).isPositive();
            assertThat(regions.bytecodeBytes()).isGreaterThan(regions.installed());
            machine.close();
            TierReport.Regions freed = machine.tiers().orElseThrow().regions();
            assertThat(freed.present()).isZero();
            assertThat(freed.overwritten() - regions.overwritten()).isEqualTo(regions.present());
        }
    }

    @Test
    void aNewMachineHasDoneNothingAndTheInterpreterHasNoTiers() {
        try (var guest = GuestRig.boot(SPEC, EngineKind.JIT, "q")) {
            TierReport report = guest.machine().tiers().orElseThrow();
            assertThat(report.steps().total()).isZero();
            assertThat(report.entries().entered()).isZero();
            assertThat(report.regions().requested()).isZero();
        }
        try (var guest = GuestRig.boot(SPEC, EngineKind.INTERPRETER, "q")) {
            guest.machine().run(GuestRig.END);
            assertThat(guest.machine().tiers()).isEmpty();
        }
    }
}
