package kseg.cli;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import kseg.cpu.Cpu;
import kseg.cpu.CpuCounters;
import kseg.engine.TierReport;
import kseg.machine.Machine;

/**
 * What a run has done, as text in System/161's words and as JSON. Unlike System/161's, idle time is
 * counted once: cycles are machine time, of which those in which no processor ran are idle.
 */
final class Statistics {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Machine machine;
    private final long realNanos;
    private final ExitCode exit;
    private final Totals totals;

    Statistics(Machine machine, long realNanos, ExitCode exit) {
        this.machine = machine;
        this.realNanos = Math.max(1, realNanos);
        this.exit = exit;
        totals = Totals.of(machine);
    }

    /** The report at the end of a run. */
    String text() {
        return report(
                        "(%s mhz; %s million instructions per second)"
                                .formatted(
                                        perMicrosecond(running()),
                                        perMicrosecond(totals.retired())),
                        List.of())
                + machine.tiers().map(Tiers::text).orElse("");
    }

    /**
     * The same to the letter as System/161 writes it.
     *
     * @param profiled lines about the profile, which have their place in it
     */
    String asSystem161(List<String> profiled) {
        String speed = "(" + CFormat.g(totals.cycles() * 1000.0 / realNanos) + " mhz)";
        return report(speed, profiled);
    }

    private String report(String speed, List<String> profiled) {
        Formatter text = new Formatter(Locale.ROOT);
        long run = machine.runCycles();
        long idle = machine.idleCycles();
        text.format("%d cycles (%d run, %d global-idle)\n", run + idle, run, idle);
        for (int i = 0; i < machine.spec().cpus(); i++) {
            Cpu cpu = machine.cpu(i);
            CpuCounters c = cpu.counters();
            text.format(
                    "  cpu%d: %d kern, %d user, %d idle; %d ll, %d/%d sc, %d sync\n",
                    i,
                    c.kernelCycles(),
                    c.userCycles(),
                    totals.idle(cpu),
                    c.loadLinked(),
                    c.storeConditionalOk(),
                    c.storeConditionalFailed(),
                    c.syncs());
        }
        text.format(
                "%d irqs %d exns %dr/%dw disk %dr/%dw console %dr/%dw/%dm emufs %dr/%dw net\n",
                totals.sum(CpuCounters::interrupts),
                totals.sum(CpuCounters::exceptions),
                totals.reads("disk"),
                totals.writes("disk"),
                totals.reads("console"),
                totals.writes("console"),
                totals.reads("emufs"),
                totals.writes("emufs"),
                totals.others("emufs"),
                totals.reads("net"),
                totals.writes("net"));
        text.format("Elapsed real time: %.6f seconds %s\n", realNanos / NANOS_PER_SECOND, speed);
        profiled.forEach(line -> text.format("%s\n", line));
        text.format(
                "Elapsed virtual time: %.9f seconds (25 mhz)\n",
                machine.nanos() / NANOS_PER_SECOND);
        return text.toString();
    }

    /** Everything, for programs; see docs/cli.md. */
    String json() {
        return json(machine.tiers());
    }

    /** The same without the compiler, which has done other things too. */
    String jsonOfMachine() {
        return json(Optional.empty());
    }

    private String json(Optional<TierReport> tiers) {
        JsonWriter json = new JsonWriter();
        json.open();
        json.field("exit", exit.title()).field("exitCode", exit.code());
        json.field("cycles", totals.cycles()).field("idleCycles", machine.idleCycles());
        json.field("steps", machine.position().step());
        json.field("virtualNanos", machine.nanos()).field("realNanos", realNanos);
        json.field("instructions", totals.retired())
                .number("mips", perMicrosecond(totals.retired()));
        json.field("seed", machine.spec().seed()).field("quantum", machine.spec().quantum());
        json.field("epoch", machine.spec().epochSeconds());
        json.array("cpus");
        for (int i = 0; i < machine.spec().cpus(); i++) {
            cpu(json, i);
        }
        json.closeArray();
        json.array("devices");
        for (DeviceCounts.Card card : totals.cards()) {
            json.open();
            json.field("slot", card.slot()).field("device", card.kind());
            json.field("reads", card.reads()).field("writes", card.writes());
            json.field("others", card.others()).close();
        }
        json.closeArray();
        tiers.ifPresent(report -> Tiers.json(report, json));
        json.close();
        return json.toString();
    }

    private void cpu(JsonWriter json, int number) {
        Cpu cpu = machine.cpu(number);
        CpuCounters c = cpu.counters();
        json.open();
        json.field("cpu", number);
        json.field("kernelCycles", c.kernelCycles()).field("userCycles", c.userCycles());
        json.field("idleCycles", totals.idle(cpu));
        json.field("kernelInstructions", c.kernelRetired());
        json.field("userInstructions", c.userRetired());
        json.field("exceptions", c.exceptions()).field("interrupts", c.interrupts());
        json.field("ll", c.loadLinked()).field("scOk", c.storeConditionalOk());
        json.field("scFailed", c.storeConditionalFailed()).field("sync", c.syncs());
        json.close();
    }

    private long running() {
        return machine.runCycles();
    }

    private String perMicrosecond(long count) {
        return String.format(Locale.ROOT, "%.3f", count * 1000.0 / realNanos);
    }
}
