package kseg.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import kseg.config.UserError;
import kseg.config.UserErrorException;
import kseg.host.HostErrors;
import kseg.machine.EngineKind;
import kseg.machine.RunLimit;
import kseg.port.HostFailureException;
import kseg.verify.Coverage;
import kseg.verify.EngineKit;
import kseg.verify.Replay;
import kseg.verify.Scenario;
import kseg.verify.Shrinker;
import kseg.verify.VectorText;
import kseg.verify.Verifier;
import kseg.verify.Verifier.Failure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kseg verify}. */
@Command(
        name = "verify",
        header = "Check that an engine does what the interpreter does.",
        description = {
            "",
            "Random programs, each started in many states, are run by the interpreter one step at a"
                    + " time and by the engine in slices. Registers, TLB, counters and memory must be"
                    + " equal wherever both stop. What was covered is printed at the end: how often"
                    + " each instruction ended in each way, elsewhere and in delay slots.",
            "",
            "A case that fails is made small, explained, and saved as a file that --replay runs"
                    + " again; exit code 21. ^C ends a campaign in order.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  kseg verify                              a minute of fresh programs",
            "  kseg verify --seconds 28800              a night of them",
            "  kseg verify --programs 10000 --seed 7    the same million executions every time",
            "  kseg verify --programs 1000000 --starts 2",
            "                                           a million programs, from two states each",
            "  kseg verify --replay kseg-verify-7-42.vector",
            "  kseg verify --guest                      the embedded guest on every engine",
            "  kseg verify --guest run --cpus 4 kernel \"sy2;q\""
        })
final class VerifyCommand implements Callable<Integer> {
    /** The last of the engines; the reference is the first. */
    private static final EngineKind COMPILING = EngineKind.values()[EngineKind.values().length - 1];

    private static final long DEFAULT_SECONDS = 60;
    private static final long NANOS = 1_000_000_000L;
    private static final long MOST_BYTES = 1 << 24;
    private static final int SHOWN_GAPS = 10;

    /** One combination in so many executions is what a campaign asks for. */
    private static final long ASKED_OF = 1000;

    /** Options of {@code kseg run} that would not change what is compared. */
    private static final List<String> WITHOUT_EFFECT =
            List.of(
                    "--engine",
                    "--script",
                    "--type-after",
                    "--on-eof",
                    "--watchdog",
                    "--deadlock",
                    "-Z");

    private final Host host;

    @Option(names = "--programs", paramLabel = "N", description = "How many programs to run.")
    private @Nullable Long programs;

    @Option(
            names = "--starts",
            paramLabel = "N",
            description = "From how many states to run each of them; default ${DEFAULT-VALUE}.")
    private int starts = Verifier.STARTS;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "How long to go on; default 60, without --programs.")
    private @Nullable Long seconds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The same seed gives the same programs. Default: drawn, and printed.")
    private @Nullable Long seed;

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            description = "What to verify, as in kseg run; default: the one that compiles.")
    private @Nullable String engine;

    @Option(
            names = "--disturb",
            description =
                    "Verify the compiler with random delays and evictions, which must not show.")
    private boolean disturb;

    @Option(
            names = "--progress",
            paramLabel = "S",
            description = "Seconds between progress messages, 0 for none; default 10.")
    private long progress = 10;

    @Option(
            names = "--coverage",
            paramLabel = "FILE",
            description = "Also write the whole coverage table to a file.")
    private @Nullable String coverageFile;

    @Option(
            names = "--replay",
            paramLabel = "FILE",
            description = "Run one saved case instead, and explain it if it still fails.")
    private @Nullable String replay;

    @Option(
            names = "--guest",
            description =
                    "Instead run a guest on every engine and disturbed, and compare hashes of the"
                            + " whole machine every 10^6 steps: the embedded guest's self-test on 1,"
                            + " 2, 8 and 32 processors, or COMMAND.")
    private boolean guest;

    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..*",
            description =
                    "With --guest: kseg run or kseg demo with its options, without the word kseg;"
                            + " run may be left out. It gets no input and changes no file, but"
                            + " makes disk images that are missing; it is compared up to --max-cycles, if not given 1000 seconds of machine"
                            + " time.")
    private List<String> command = List.of();

    VerifyCommand(Host host) {
        this.host = host;
    }

    static CommandLine commandLine(Host host) {
        CommandLine verify = new CommandLine(new VerifyCommand(host));
        // Options after the first word belong to the command.
        verify.setStopAtPositional(true);
        return verify;
    }

    @Override
    public Integer call() throws UserErrorException {
        EngineKind kind = engine == null ? COMPILING : Engines.named(engine);
        if (programs != null && programs < 1 || seconds != null && seconds < 1 || starts < 1) {
            throw wrong("--programs, --starts and --seconds want at least 1");
        }
        if (guest) {
            return verifyGuest().code();
        }
        if (!command.isEmpty()) {
            throw wrong(command.getFirst() + ": a command to verify wants --guest");
        }
        if (replay != null) {
            return replay(kind, replay).code();
        }
        return campaign(kind).code();
    }

    private ExitCode verifyGuest() throws UserErrorException {
        try (Interrupt interrupt = Interrupt.listen()) {
            var verification = new GuestVerification(host, interrupt, progress);
            return command.isEmpty() ? verification.run() : verifyGuest(verification);
        }
    }

    private ExitCode verifyGuest(GuestVerification verification) throws UserErrorException {
        GivenCommand given = GivenCommand.of(host, command);
        if (given.helps()) {
            return ExitCode.POWER_OFF;
        }
        String hint = "every engine runs, without input, from power-on to the end";
        Job job = given.job(WITHOUT_EFFECT, "kseg verify --guest", hint);
        job.run().check(Face.KSEG);
        long most = job.run().maxCycles;
        boolean limited = most != RunLimit.LAST_CYCLE;
        return verification.run(job, limited ? most : SeedsCommand.USUAL_LIMIT_CYCLES);
    }

    private EngineKit kit(EngineKind kind) {
        return disturb ? EngineKit.disturbed(seed != null ? seed | 1 : 1) : EngineKit.of(kind);
    }

    private static UserErrorException wrong(String what) {
        return new UserErrorException(new UserError.Usage(what, ""));
    }

    // One case

    private ExitCode replay(EngineKind kind, String file) throws UserErrorException {
        String hint = "kseg verify names the file when it finds a case";
        byte[] bytes = HostErrors.read(host.path(file), MOST_BYTES, hint);
        Scenario scenario;
        try {
            scenario = VectorText.read(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw wrong(file + ": " + e.getMessage());
        }
        Optional<String> why = Replay.explain(kit(kind), scenario);
        if (why.isEmpty()) {
            host.out().println("the engines agree");
            return ExitCode.POWER_OFF;
        }
        host.out().print(why.get());
        return ExitCode.MISMATCH;
    }

    // A campaign

    private ExitCode campaign(EngineKind kind) {
        long itsSeed = seed != null ? seed : Integer.toUnsignedLong(new SecureRandom().nextInt());
        var verifier = new Verifier(kit(kind), itsSeed, starts);
        host.messages().say("verifying engine %s, seed %d".formatted(kind, itsSeed));
        long most = programs != null ? programs : Long.MAX_VALUE;
        long limit =
                seconds != null
                        ? seconds
                        : programs != null ? Long.MAX_VALUE / NANOS : DEFAULT_SECONDS;
        var meter = new Rate(most, limit);
        Failure failure = null;
        boolean interrupted;
        try (Interrupt interrupt = Interrupt.listen()) {
            while (failure == null && !meter.over(verifier) && !interrupt.requested()) {
                failure = verifier.next();
                meter.tell(verifier);
            }
            interrupted = interrupt.requested();
            report(verifier, meter);
            if (failure != null) {
                explain(kind, failure);
            }
        }
        if (failure != null) {
            return ExitCode.MISMATCH;
        }
        return interrupted ? ExitCode.INTERRUPTED : ExitCode.POWER_OFF;
    }

    /** How fast it goes and how long it will take. */
    private final class Rate {
        private final long started = System.nanoTime();
        private final long most;
        private final long limitSeconds;
        private long told = started;
        private long executionsThen;

        Rate(long most, long limitSeconds) {
            this.most = most;
            this.limitSeconds = limitSeconds;
        }

        double elapsed() {
            return (System.nanoTime() - started) / (double) NANOS;
        }

        boolean over(Verifier verifier) {
            return verifier.bodies() >= most || elapsed() >= limitSeconds;
        }

        void tell(Verifier verifier) {
            long now = System.nanoTime();
            if (progress <= 0 || now - told < progress * NANOS) {
                return;
            }
            long done = verifier.executions();
            double rate = (done - executionsThen) * (double) NANOS / (now - told);
            double left = limitSeconds - elapsed();
            if (most != Long.MAX_VALUE) {
                left = Math.min(left, (most - verifier.bodies()) * (double) starts / rate);
            }
            host.messages()
                    .say(
                            "%,d executions of %,d programs, %,.0f a second, about %,.0f s to go"
                                    .formatted(done, verifier.bodies(), rate, Math.max(0, left)));
            told = now;
            executionsThen = done;
        }
    }

    private void report(Verifier verifier, Rate rate) {
        Coverage coverage = verifier.coverage();
        double elapsed = rate.elapsed();
        host.out()
                .printf(
                        "%,d executions of %,d programs, %,d steps, compared %,d times, in %.1f s:"
                                + " %,.0f a second%n",
                        verifier.executions(),
                        verifier.bodies(),
                        coverage.steps(),
                        verifier.comparisons(),
                        elapsed,
                        verifier.executions() / elapsed);
        long asked = Math.max(1, verifier.executions() / ASKED_OF);
        List<Coverage.Cell> gaps = coverage.below(asked);
        host.out()
                .printf(
                        "%d combinations of instruction, outcome and delay slot; %d of them less"
                                + " often than %,d times (interrupts: %,d)%n",
                        coverage.cells().size(), gaps.size(), asked, asked / 10);
        gaps.stream().limit(SHOWN_GAPS).forEach(cell -> host.out().println("  " + cell));
        if (gaps.size() > SHOWN_GAPS) {
            host.out().printf("  and %d more%n", gaps.size() - SHOWN_GAPS);
        }
        coverage.impossible().forEach(cell -> host.out().println("  impossible: " + cell));
        if (coverageFile != null) {
            write(host.path(coverageFile), coverage.table());
        }
    }

    private void explain(EngineKind kind, Failure failure) {
        String name = "kseg-verify-%d-%d.vector".formatted(failure.seed(), failure.body());
        String command =
                "kseg verify"
                        + (engine == null ? "" : " --engine " + engine)
                        + (disturb ? " --disturb" : "")
                        + (disturb && seed != null ? " --seed " + seed : "");
        write(host.path(name), VectorText.write(failure.scenario())); // lest it be lost
        host.messages().say("the engines differ: " + name + "; making the case small ...");
        EngineKit kit = kit(kind);
        Scenario least = Shrinker.shrink(kit, failure.scenario());
        String why =
                Replay.explain(kit, least)
                        .orElse(
                                "only after what this run had compiled before: repeat it by seed\n");
        String text = VectorText.write(least);
        host.out().print(why + text);
        String comment = ("# " + command + "\n" + why).replace("\n", "\n# ");
        write(host.path(name), comment.strip() + "\n" + text);
        host.messages().say("saved; to see it again: " + command + " --replay " + name);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new HostFailureException(file + ": cannot be written: " + e.getMessage());
        }
    }
}
