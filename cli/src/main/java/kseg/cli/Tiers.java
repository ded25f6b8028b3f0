package kseg.cli;

import java.util.Locale;
import kseg.engine.TierReport;

/** What the compiler has done, as statistics show it. */
final class Tiers {
    private Tiers() {}

    static String text(TierReport report) {
        TierReport.Steps steps = report.steps();
        TierReport.Entries entries = report.entries();
        TierReport.Regions regions = report.regions();
        return "Compiler: %s of %d steps compiled, %s interpreted, %s precise, %s skipped\n"
                        .formatted(
                                share(steps.compiled(), steps),
                                steps.total(),
                                share(steps.interpreted(), steps),
                                share(steps.precise(), steps),
                                share(steps.skipped(), steps))
                + "Compiler: %d regions; %d installed (%d reused), %d stale, %d removed (%s)\n"
                        .formatted(
                                regions.present(),
                                regions.installed(),
                                regions.reused(),
                                regions.stale(),
                                regions.removed(),
                                "%d replaced, %d overwritten, %d evicted"
                                        .formatted(
                                                regions.replaced(),
                                                regions.overwritten(),
                                                regions.evicted()))
                + "Compiler: %d entries; %d stops (%d kind, %d access, %d budget, %d other)\n"
                        .formatted(
                                entries.entered(),
                                entries.stops(),
                                entries.kind(),
                                entries.access(),
                                entries.budget(),
                                entries.other());
    }

    private static String share(long part, TierReport.Steps steps) {
        return String.format(Locale.ROOT, "%.2f%%", part * 100.0 / Math.max(1, steps.total()));
    }

    static void json(TierReport report, JsonWriter json) {
        TierReport.Steps steps = report.steps();
        TierReport.Entries entries = report.entries();
        TierReport.Regions regions = report.regions();
        json.object("compiler");
        json.field("compiledSteps", steps.compiled());
        json.field("interpretedSteps", steps.interpreted()).field("preciseSteps", steps.precise());
        json.field("skippedSteps", steps.skipped());
        json.field("entered", entries.entered()).field("left", entries.left());
        json.field("relinked", entries.relinked());
        json.field("stoppedByKind", entries.kind()).field("stoppedByAccess", entries.access());
        json.field("stoppedByBudget", entries.budget()).field("stoppedByOther", entries.other());
        json.field("regionsRequested", regions.requested());
        json.field("regionsRecalled", regions.recalled());
        json.field("regionsInstalled", regions.installed());
        json.field("regionsReused", regions.reused());
        json.field("regionsFruitless", regions.fruitless());
        json.field("regionsStale", regions.stale()).field("regionsReplaced", regions.replaced());
        json.field("regionsOverwritten", regions.overwritten());
        json.field("regionsEvicted", regions.evicted());
        json.field("regionsPresent", regions.present());
        json.field("bytecodeBytes", regions.bytecodeBytes()).close();
    }
}
