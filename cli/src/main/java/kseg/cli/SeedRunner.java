package kseg.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import kseg.config.UserErrorException;
import kseg.engine.CompilerSupport;
import kseg.image.BootImage;
import kseg.machine.EngineKind;
import kseg.machine.HostPorts;
import kseg.machine.Machine;
import kseg.machine.MachineSpec;
import kseg.machine.PowerOn;
import kseg.port.CharPort;
import kseg.port.HostFailureException;
import org.jspecify.annotations.Nullable;

/**
 * Runs of one guest, one after the other, each with a seed of its own. Every run is detached and
 * goes as {@code kseg run --detached} would let it go.
 *
 * <p>Not thread-safe: one thread owns it.
 */
final class SeedRunner implements AutoCloseable {
    /**
     * A run of more steps than this is worth compiling, if nobody has chosen an engine: shorter
     * ones wait longer for compiled code than it saves. Measured; docs/decisions/0013.
     */
    private static final long WORTH_COMPILING_STEPS = 1_000_000_000;

    private final Campaign campaign;
    private final HostDevices devices;
    private final BooleanSupplier stop;
    private final BootImage image;
    private EngineKind engine;
    private @Nullable PowerOn powerOn;

    /**
     * What all runs have in common.
     *
     * @param spec of the machine, but for the seed
     * @param input what is typed in each run
     * @param wanted what a run must print to pass
     * @param unwanted what it must not print
     * @param support of all runners' compilers
     */
    record Campaign(
            Job job,
            MachineSpec spec,
            Supplier<ConsoleInput> input,
            List<String> wanted,
            List<String> unwanted,
            CompilerSupport support) {}

    /**
     * Prepares.
     *
     * @param devices opened once for all runners: they only read
     */
    SeedRunner(Campaign campaign, HostDevices devices, BooleanSupplier stop)
            throws UserErrorException {
        this.campaign = campaign;
        this.devices = devices;
        this.stop = stop;
        image = campaign.job.image();
        boolean chosen = campaign.job.machine().choosesEngine();
        engine = chosen ? campaign.job.machine().engineKind() : EngineKind.INTERPRETER;
    }

    /** Runs once; a run that is stopped ends as interrupted. */
    SeedRun run(long seed) throws UserErrorException {
        var capture = new Capture();
        try {
            SeedRun run = run(seed, capture);
            if (!campaign.job.machine().choosesEngine() && run.steps() > WORTH_COMPILING_STEPS) {
                use(EngineKind.JIT);
            }
            return run;
        } catch (HostFailureException e) {
            close();
            String what = String.valueOf(e.getMessage());
            return new SeedRun(seed, ExitCode.HOST_FAILURE, false, what, capture.text(), "{}\n", 0);
        } catch (RuntimeException e) { // Ours; the other runs need not suffer.
            close();
            var trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace, true));
            byte[] text = trace.toString().getBytes(StandardCharsets.UTF_8);
            capture.write(text, 0, text.length);
            String what = "a bug in Kseg: " + e;
            return new SeedRun(seed, ExitCode.BUG, false, what, capture.text(), "{}\n", 0);
        }
    }

    private SeedRun run(long seed, Capture capture) throws UserErrorException {
        Job job = campaign.job;
        PrintStream out = new PrintStream(capture, false, StandardCharsets.UTF_8);
        var messages = new Messages(out);
        var watcher = new PromptWatcher(job.run().steps());
        var output = new ConsoleOutput(out, watcher, false);
        var evidence = new Evidence(campaign.wanted, campaign.unwanted);
        List<ScreenText> screens = new ArrayList<>();
        CharPort printed =
                character -> {
                    output.put(character);
                    evidence.see(character);
                };
        messages.beforeEach(output::startLine);
        long started = System.nanoTime();
        try (Machine machine = machine(seed, ports(printed, messages, screens));
                ConsoleInput input = campaign.input.get()) {
            var console = new Console(job.consoleSlot(), output, input, watcher);
            var network = Network.none(messages);
            var loop =
                    new ConsoleLoop(
                            machine,
                            console,
                            job.run(),
                            stop,
                            Face.KSEG,
                            Meter.none(),
                            network,
                            Debugger.none(messages, stop));
            ExitCode exit = loop.run(messages, job.kernel(), new RecentText());
            output.flush();
            screens.forEach(screen -> screen.print(messages));
            String verdict = verdict(exit, loop.misuse(), evidence);
            long steps = machine.position().step();
            if (verdict.isEmpty()) {
                return new SeedRun(seed, exit, true, "passed", "", "", steps);
            }
            long nanos = System.nanoTime() - started;
            String statistics = new Statistics(machine, nanos, exit).jsonOfMachine();
            return new SeedRun(seed, exit, false, verdict, capture.text(), statistics, steps);
        }
    }

    private HostPorts ports(CharPort console, Messages messages, List<ScreenText> screens) {
        return new HostPorts(
                        console,
                        messages::say,
                        () -> messages.say("[BEEP]"),
                        devices::disk,
                        devices::files,
                        slot -> (nanos, frame) -> {},
                        slot -> {
                            screens.add(new ScreenText(slot));
                            return screens.getLast();
                        })
                .withoutEffects();
    }

    private Machine machine(long seed, HostPorts ports) {
        PowerOn ready = powerOn;
        if (ready == null) {
            ready =
                    new PowerOn(
                            campaign.spec,
                            image,
                            campaign.job.boot(),
                            ports,
                            engine,
                            campaign.support);
            powerOn = ready;
        }
        return ready.machine(seed, ports);
    }

    /** In one line; empty if the run passed. */
    private static String verdict(ExitCode exit, String misuse, Evidence evidence) {
        if (exit == ExitCode.POWER_OFF) {
            return evidence.complaint();
        }
        String why = misuse.isEmpty() ? evidence.lastLine() : misuse;
        return exit == ExitCode.CRASH && !why.isEmpty() ? exit.title() + ": " + why : exit.title();
    }

    private void use(EngineKind other) {
        if (engine != other) {
            close();
            engine = other;
        }
    }

    @Override
    public void close() {
        if (powerOn != null) {
            powerOn.close();
            powerOn = null;
        }
    }
}
