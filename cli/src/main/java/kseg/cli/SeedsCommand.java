package kseg.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import kseg.config.UserError;
import kseg.config.UserErrorException;
import kseg.engine.CompilerSupport;
import kseg.host.HostErrors;
import kseg.machine.MachineSpec;
import kseg.machine.RunLimit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kseg seeds}. */
@Command(
        name = "seeds",
        header = "Run a command under many seeds, and count how the runs end.",
        description = {
            "",
            "COMMAND is a kseg run or kseg demo with its options; run may be left out. It is run N"
                    + " times, on all processors of the host, each time from power-on with another"
                    + " seed, and so with another interleaving, jitter and random numbers.",
            "",
            "A run passes if the guest powers off in order (exit code 0), prints every --pass-on"
                    + " text and no --fail-on text. For every way to fail there is a command that"
                    + " repeats the first such run, exactly. The exit code is 0 if all runs passed,"
                    + " 1 if one failed.",
            "",
            "Runs are detached: they see disks and host files as they are, and what they write is"
                    + " forgotten at the end of each. They get no standard input; use boot commands,"
                    + " --script or --type-after.",
            ""
        },
        mixinStandardHelpOptions = true,
        customSynopsis = "kseg seeds [OPTION...] N COMMAND...",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  kseg seeds 1000 demo -- \"bugs=1;locktest 1\"",
            "  kseg seeds 200 demo --cpus 8 -- locktest",
            "  kseg seeds 1000 -c sys161.conf kernel \"sy2;q\"",
            "  kseg seeds --fail-on \"Test failed\" 500 run --cpus 4 kernel \"sy3;q\"",
            "  kseg seeds --stop-after-failures 1 --from 5000 10000 kernel \"tt1;q\""
        })
final class SeedsCommand implements Callable<Integer> {
    /** 1,000 s of machine time. */
    static final long USUAL_LIMIT_CYCLES = 25_000_000_000L;

    private final Host host;

    @Option(
            names = "--from",
            paramLabel = "SEED",
            description = "The first seed; default 1. The others follow it.")
    private long first = 1;

    @Option(
            names = "--pass-on",
            paramLabel = "TEXT",
            description = "A run must print this to pass; may be repeated.")
    private List<String> passOn = List.of();

    @Option(
            names = "--fail-on",
            paramLabel = "TEXT",
            description = "A run that prints this has failed; may be repeated.")
    private List<String> failOn = List.of();

    @Option(
            names = "--stop-after-failures",
            paramLabel = "K",
            description = "Stop at the K-th run that fails, in the order of seeds.")
    private @Nullable Long stopAfter;

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description =
                    "Where to keep failed runs, the first 3 with each verdict: console, statistics, a"
                            + " script that repeats the run, and copies of kernel and configuration."
                            + " Default: kseg-seeds, or kseg-seeds-2 and so on if that exists.")
    private @Nullable String keep;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description =
                    "Also write the result as JSON, with the seeds of every verdict (-: standard"
                            + " output, in place of the text).")
    private @Nullable String json;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "How many runs at a time; default: as many as the host has processors.")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Parameters(index = "0", paramLabel = "N", description = "How many runs.")
    private long count;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "COMMAND",
            description =
                    "kseg's command and its options, without the word kseg. Every run ends at"
                            + " --max-cycles, if not given after 1000 seconds of machine time.")
    private List<String> command = List.of();

    SeedsCommand(Host host) {
        this.host = host;
    }

    static CommandLine commandLine(Host host) {
        CommandLine seeds = new CommandLine(new SeedsCommand(host));
        // Options after the number belong to the command.
        seeds.setStopAtPositional(true);
        return seeds;
    }

    @Override
    public Integer call() throws UserErrorException {
        check();
        GivenCommand given = GivenCommand.of(host, command);
        if (given.helps()) {
            return ExitCode.POWER_OFF.code();
        }
        String hint = "use it with the command that repeats a run";
        Job job = given.job(List.of("--seed"), "a run of kseg seeds", hint);
        job.run().check(Face.KSEG);
        return run(job, given.words()).code();
    }

    private void check() throws UserErrorException {
        if (count < 1) {
            throw wrong("N is " + count + ": at least 1 run is wanted", "");
        }
        if (jobs < 1) {
            throw wrong("--jobs " + jobs + ": at least 1 is wanted", "");
        }
        if (stopAfter != null && stopAfter < 1) {
            throw wrong("--stop-after-failures " + stopAfter + ": at least 1 is wanted", "");
        }
        if (first > Long.MAX_VALUE - count) {
            throw wrong("--from " + first + ": there are no " + count + " seeds from there", "");
        }
        for (String text : passOn) {
            check("--pass-on", text);
        }
        for (String text : failOn) {
            check("--fail-on", text);
        }
    }

    private static void check(String option, String text) throws UserErrorException {
        if (text.isEmpty()) {
            throw wrong(option + ": the text is empty", "");
        }
    }

    private static UserErrorException wrong(String what, String hint) {
        return new UserErrorException(new UserError.Usage(what, hint));
    }

    private ExitCode run(Job job, List<String> words) throws UserErrorException {
        MachineSpec spec = job.machine().spec(job.config(), job.run().doom, first);
        Repetition repetition = repetition(job, words, spec);
        Path place = KeptRuns.choose(host, keep);
        var kept = new KeptRuns(place, host, repetition, job.sources());
        if (json != null && !json.equals("-")) {
            write(json, ""); // not only when all runs are over
        }
        SeedRunner.Campaign campaign = campaign(job, spec);
        var tally = new SeedTally();
        var progress = new SeedProgress(host, count);
        try (Interrupt interrupt = Interrupt.listen();
                HostDevices devices = HostDevices.open(host, job.config(), job.run().unconfined);
                SeedCampaign runs =
                        new SeedCampaign(
                                first,
                                count,
                                (int) Math.min(jobs, count),
                                stop -> new SeedRunner(campaign, devices, stop),
                                interrupt::requested)) {
            runs.each(
                    run -> {
                        take(run, tally, kept);
                        if (stopAfter != null && tally.failed() >= stopAfter) {
                            runs.stop();
                        }
                    },
                    () -> progress.tell(tally));
            progress.clear();
            report(tally, repetition, progress.seconds(), kept.place());
            return code(tally, interrupt.requested());
        }
    }

    /** How a run is repeated; fixes what the user has left open. */
    private static Repetition repetition(Job job, List<String> words, MachineSpec spec) {
        List<String> epoch = List.of("--epoch", Long.toString(spec.epochSeconds()));
        List<String> limit = List.of("--max-cycles", Long.toString(USUAL_LIMIT_CYCLES));
        boolean limited = job.run().maxCycles != RunLimit.LAST_CYCLE;
        if (!limited) {
            job.run().maxCycles = USUAL_LIMIT_CYCLES;
        }
        return Repetition.of(
                words,
                job.machine().choosesEpoch() ? List.of() : epoch,
                limited ? List.of() : limit,
                job);
    }

    private SeedRunner.Campaign campaign(Job job, MachineSpec spec) throws UserErrorException {
        byte[] script = job.run().script(host).orElse(new byte[0]);
        return new SeedRunner.Campaign(
                job,
                spec,
                () -> new PacedInput(new FixedInput(script)),
                passOn,
                failOn,
                CompilerSupport.none());
    }

    private static void take(SeedRun run, SeedTally tally, KeptRuns kept) {
        SeedTally.Group group = tally.add(run);
        if (!run.passed() && group.count() <= KeptRuns.OF_EACH_VERDICT) {
            kept.keep(run);
        }
    }

    private static ExitCode code(SeedTally tally, boolean interrupted) {
        if (tally.hasBug()) {
            return ExitCode.BUG;
        }
        if (interrupted) {
            return ExitCode.INTERRUPTED;
        }
        return tally.failed() > 0 ? ExitCode.CRASH : ExitCode.POWER_OFF;
    }

    private void report(SeedTally tally, Repetition repetition, double seconds, String place)
            throws UserErrorException {
        if (json != null) {
            write(json, tally.json(repetition, seconds, tally.runs() == count));
        }
        if (json == null || !json.equals("-")) {
            host.out()
                    .printf(
                            Locale.ROOT,
                            "%d of %d runs from seed %d: %d passed, %d failed; %.1f s, %.1f a"
                                    + " second%n",
                            tally.runs(),
                            count,
                            first,
                            tally.runs() - tally.failed(),
                            tally.failed(),
                            seconds,
                            tally.runs() / seconds);
            host.out().print(tally.text(repetition));
            if (!place.isEmpty()) {
                host.out().println("kept in " + place);
            }
        }
    }

    private void write(String file, String text) throws UserErrorException {
        if (file.equals("-")) {
            host.out().print(text);
            return;
        }
        Path path = host.path(file);
        try {
            Files.writeString(path, text);
        } catch (IOException e) {
            throw HostErrors.of(path, e, "");
        }
    }
}
