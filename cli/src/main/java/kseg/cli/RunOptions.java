package kseg.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Stack;
import kseg.config.UserError;
import kseg.config.UserErrorException;
import kseg.host.HostErrors;
import kseg.machine.RunLimit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options that say how a run goes, and what is told about it. */
final class RunOptions {
    private static final long MOST_SCRIPT_BYTES = 16 << 20;
    private static final int MOST_PORT = 65_535;

    private static final int USUAL_WATCHDOG_SECONDS = 120;

    @Option(
            names = "--max-cycles",
            paramLabel = "N",
            description =
                    "End the run when machine time reaches N cycles of 40 ns, exactly, with exit"
                            + " code 16. Independent of the speed of the host.")
    long maxCycles = RunLimit.LAST_CYCLE;

    @Option(
            names = "--type-after",
            arity = "2",
            paramLabel = "PROMPT TEXT",
            hideParamSyntax = true,
            description =
                    "When the guest has printed PROMPT, type TEXT; may be repeated, each waits for"
                            + " the one before. Both may contain C's escapes; nothing is added, so end"
                            + " TEXT with \\n.")
    private List<String> typeAfter = List.of();

    @Option(
            names = "--script",
            paramLabel = "FILE",
            description =
                    "Type this file, a few characters whenever the guest has nothing to do;"
                            + " standard input is not read then.")
    private @Nullable String script;

    @Option(
            names = "--type-when-idle",
            description =
                    "Pace what comes from a terminal too, as a file, a script and a pipe always are:"
                            + " for pasted text, programs that type, and kernels whose own buffers"
                            + " drop.")
    boolean typeWhenIdle;

    @Option(
            names = "--on-eof",
            paramLabel = "WHAT",
            description =
                    "What to do when the input has ended and the guest has had nothing to do for"
                            + " ten minutes of machine time (which pass in a moment): exit (code 17),"
                            + " poweroff (code 0), or wait. Default: exit, or wait if the input is a"
                            + " terminal.")
    @Nullable OnEof onEof;

    @Option(
            names = "--stats",
            paramLabel = "text|none|json FILE",
            hideParamSyntax = true,
            parameterConsumer = StatsConsumer.class,
            description =
                    "Statistics at the end: text to standard error (the default), none, or as JSON"
                            + " into FILE (- is standard output).")
    Stats stats = new Stats("text", null);

    @Option(
            names = "-s",
            description =
                    "Let ^C, ^Z and ^\\ reach the guest as characters. ^C twice within two seconds,"
                            + " and no answer from the guest in between, ends the run with a"
                            + " report.")
    boolean guestSignals;

    @Option(
            names = "-D",
            paramLabel = "N",
            description = "Stop before the N-th write to a disk, with exit code 3.")
    int doom;

    @Option(
            names = "-Z",
            paramLabel = "SECONDS",
            description =
                    "Stop, with exit code 18, when no instruction has been executed in user mode"
                            + " for twice so many seconds of machine time; 2 is the least.")
    int watchdogSeconds;

    @Option(
            names = "--watchdog",
            paramLabel = "SECONDS",
            description =
                    "Stop, with a report and exit code 18, when for so many seconds of machine time"
                            + " the kernel has computed, but nothing ran in user mode, was printed"
                            + " or transferred. 0: never. Default: 120, or 0 if the input is a"
                            + " terminal or there is a network.")
    private @Nullable Integer stillSeconds;

    @Option(
            names = "--deadlock",
            paramLabel = "SECONDS",
            description =
                    "Stop, with a report and exit code 19, when the input has ended and for so many"
                            + " seconds of machine time all processors have waited, with nothing"
                            + " under way but timers. A guest that waits for input looks the same;"
                            + " so without this option --on-eof decides.")
    int deadlockSeconds;

    @Option(
            names = "--unconfined",
            description =
                    "Let the guest leave the directory of its emufs, by .., absolute paths and"
                            + " symbolic links, as System/161 does. For guests you trust.")
    boolean unconfined;

    @Option(
            names = "--detached",
            description =
                    "Leave the world as it is: what the guest writes to disks and to files of the"
                            + " host is forgotten at the end, its network cards reach nobody, and"
                            + " standard input is not read. Such a run can be repeated exactly.")
    boolean detached;

    @Option(
            names = "-X",
            description =
                    "Never wait for a debugger: what sys161 stops for, it ends for instead, or goes"
                            + " on, -w too. kseg run never waits unless -w says so.")
    boolean noDebugger;

    @Option(
            names = "--meter",
            paramLabel = "SOCKET",
            description =
                    "Tell stat161, or kseg stat, on this unix socket what the machine does; the guest"
                            + " cannot notice.")
    @Nullable String meter;

    @Option(
            names = "--no-profile",
            description =
                    "Neither use nor keep, in the user's cache directory, what the compiler has"
                            + " found hot in this kernel. Only speed depends on it.")
    boolean noProfile;

    @Option(
            names = "--jfr",
            paramLabel = "FILE",
            description =
                    "Record what the compiler does into FILE, with JDK Flight Recorder: regions, steps"
                            + " by what executed them, why regions stop. To read it:"
                            + " jfr print --categories Kseg FILE")
    @Nullable String jfr;

    @Option(
            names = "--gdb",
            paramLabel = "SOCKET",
            description =
                    "Let gdb in on this unix socket, at any time: target remote SOCKET. Breakpoints"
                            + " change nothing in the guest.")
    @Nullable String debuggerSocket;

    @Option(
            names = "-p",
            paramLabel = "PORT",
            description =
                    "Let gdb in on this TCP port, which only this host reaches: target remote"
                            + " localhost:PORT.")
    @Nullable Integer debuggerPort;

    @Option(names = "-w", description = "Wait for gdb before the first instruction.")
    boolean debuggerFirst;

    /** Seconds that a kernel may compute without progress, 0 for ever. */
    int watchdog(boolean unattended) {
        if (stillSeconds != null) {
            return stillSeconds;
        }
        return unattended ? USUAL_WATCHDOG_SECONDS : 0;
    }

    /** What {@code --stats} asks for. */
    record Stats(String form, @Nullable String file) {}

    /** The text of the script, if there is one. */
    Optional<byte[]> script(Host host) throws UserErrorException {
        return script == null
                ? Optional.empty()
                : Optional.of(HostErrors.read(host.path(script), MOST_SCRIPT_BYTES, ""));
    }

    /** What is to be typed after which prompts, in order. */
    List<PromptWatcher.Step> steps() throws UserErrorException {
        List<PromptWatcher.Step> steps = new ArrayList<>();
        for (int i = 0; i < typeAfter.size(); i += 2) {
            byte[] prompt = Escapes.parse(typeAfter.get(i));
            steps.add(new PromptWatcher.Step(prompt, Escapes.parse(typeAfter.get(i + 1))));
        }
        return steps;
    }

    /** Whether a debugger is to come before the first instruction. */
    boolean waitsFirst() {
        return debuggerFirst && !noDebugger;
    }

    void check(Face face) throws UserErrorException {
        boolean reachable = debuggerSocket != null || debuggerPort != null || face.isSys161();
        if (waitsFirst() && !reachable) {
            throw wrong("-w: no debugger could come; say where with --gdb SOCKET or -p PORT");
        }
        if (debuggerPort != null && (debuggerPort < 1 || debuggerPort > MOST_PORT)) {
            throw wrong("-p " + debuggerPort + ": a port is a number from 1 to " + MOST_PORT);
        }
        if (maxCycles < 0) {
            throw wrong("--max-cycles " + maxCycles + " is negative");
        }
        if (watchdogSeconds != 0 && watchdogSeconds < 2) {
            throw wrong("-Z " + watchdogSeconds + ": a watchdog waits at least 2 seconds");
        }
        if (stillSeconds != null && stillSeconds < 0) {
            throw wrong("--watchdog " + stillSeconds + " is negative");
        }
        if (deadlockSeconds < 0) {
            throw wrong("--deadlock " + deadlockSeconds + " is negative");
        }
        if (doom < 0) {
            throw wrong("-D " + doom + " is negative");
        }
    }

    /** A strict machine runs as System/161 does; where it could stop is not known. */
    void checkNoDebugger() throws UserErrorException {
        if (waitsFirst() || debuggerPort != null || debuggerSocket != null) {
            throw wrong("-w, -p and --gdb: no debugger can stop a machine of --strict-sys161");
        }
    }

    private static UserErrorException wrong(String what) {
        return new UserErrorException(new UserError.Usage(what, ""));
    }

    /** Reads {@code text}, {@code none} or {@code json FILE}. */
    static final class StatsConsumer implements IParameterConsumer {
        StatsConsumer() {}

        @Override
        @SuppressWarnings("JdkObsolete") // picocli's choice
        public void consumeParameters(Stack<String> args, ArgSpec arg, CommandSpec command) {
            String form = args.isEmpty() ? "" : args.peek();
            switch (form) {
                case "text", "none" -> arg.setValue(new Stats(args.pop(), null));
                case "json" -> {
                    args.pop();
                    if (args.isEmpty()) {
                        throw new picocli.CommandLine.ParameterException(
                                command.commandLine(),
                                "--stats=json wants a file (- is standard output)");
                    }
                    arg.setValue(new Stats("json", args.pop()));
                }
                default ->
                        throw new picocli.CommandLine.ParameterException(
                                command.commandLine(),
                                "--stats is text, none or json FILE, not \"" + form + "\"");
            }
        }
    }
}
