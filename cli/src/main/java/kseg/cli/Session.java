package kseg.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import kseg.config.Sys161Config;
import kseg.config.UserErrorException;
import kseg.engine.CompilerSupport;
import kseg.engine.RegionListener;
import kseg.host.HostErrors;
import kseg.image.BootImage;
import kseg.image.ElfImage;
import kseg.machine.EngineKind;
import kseg.machine.HostPorts;
import kseg.machine.Machine;
import kseg.machine.MachineSpec;
import org.jspecify.annotations.Nullable;

/**
 * One run of a machine on this host, from its configuration to its statistics: opens what the
 * devices need, lets {@link ConsoleLoop} run the machine, and puts everything back in order
 * whatever happens.
 */
final class Session {
    /** The slot of a machine without a serial console. */
    static final int NO_CONSOLE = -1;

    private final Host host;
    private final Job job;
    private final Sys161Config config;
    private final RunOptions options;
    private final Face face;
    private final List<ScreenText> screens = new ArrayList<>();

    Session(Host host, Job job, Face face) {
        this.host = host;
        this.job = job;
        this.face = face;
        config = job.config();
        options = job.run();
    }

    private String kernelFile() {
        Job.Sources sources = job.sources();
        return sources == null ? "" : host.path(sources.kernel()).toString();
    }

    ExitCode run() throws UserErrorException {
        ElfImage kernel = job.kernel();
        String boot = job.boot();
        TraceOptions traceOptions = job.trace();
        options.check(face);
        config.notes().forEach(host.messages()::say);
        BootImage image = job.image();
        if (options.stats.file() != null) {
            writeStatistics("", options.stats.file()); // not only when the run is over
        }
        PromptWatcher watcher = new PromptWatcher(options.steps());
        ConsoleOutput output = new ConsoleOutput(host.out(), watcher, host.isSeen());
        if (face.isSys161()) {
            endLinesAsSystem161(output);
        }
        MachineSpec spec = job.machine().spec(config, options.doom, host.messages());
        EngineKind engine = job.machine().engineKind();
        String fingerprint = kernel.fingerprint();
        RegionProfiles profiles = profiles(fingerprint, engine);
        try (Interrupt interrupt = Interrupt.listen(host.caller()::wantsEnd);
                HostDevices devices = HostDevices.open(host, config, options.unconfined);
                Tracing tracing = Tracing.open(host, face, traceOptions, output);
                Network network = network();
                @Nullable FlightRecording flight = flightRecording();
                Machine machine =
                        Machine.create(
                                spec,
                                ports(output, tracing, devices, network),
                                engine,
                                new CompilerSupport(
                                        host.caller().translations(),
                                        profiles.before(),
                                        flight == null ? RegionListener.NONE : flight),
                                host.caller().workers(fingerprint, kernelFile()));
                Sockets sockets = face.isSys161() ? Sockets.open(host) : Sockets.none(host);
                Debugger debugger = debugger(sockets, interrupt::requested, spec);
                Meter meter = meter(sockets);
                ConsoleInput input = input(watcher)) {
            host.messages().beforeEach(() -> beforeMessage(output, tracing));
            machine.load(image, boot);
            if (flight != null) {
                flight.watch(machine::tiers);
            }
            Console console = new Console(job.consoleSlot(), output, input, watcher);
            ConsoleLoop loop =
                    new ConsoleLoop(
                            machine,
                            console,
                            options,
                            interrupt::requested,
                            face,
                            meter,
                            network,
                            debugger);
            long started = System.nanoTime();
            if (face.isSys161()) {
                host.messages().say(Version.asSystem161());
            }
            tracing.start(machine, host.messages());
            Profiling profiling = Profiling.start(host, face, traceOptions, kernel, machine);
            ExitCode exit = loop.run(host.messages(), kernel, shown(output));
            long elapsed = System.nanoTime() - started;
            debugger.ended(face.code(exit));
            output.flush();
            screens.forEach(screen -> screen.print(host.messages()));
            if (face.isSys161()) {
                output.startLine();
            }
            if (compiledSteps(machine) >= RegionProfiles.WORTHWHILE_STEPS) {
                profiles.keep(machine.profile());
            }
            if (flight != null) {
                flight.finish();
            }
            List<String> profiled = profiling.finish();
            if (face.isSys161() && loop.lethal()) {
                profiled.forEach(host.messages()::say);
            } else {
                report(new Statistics(machine, elapsed, exit), profiled);
            }
            machine.putAway();
            return exit;
        }
    }

    private void endLinesAsSystem161(ConsoleOutput output) {
        if (host.isTerminal(1) && host.caller().mapsLineFeeds(1)) {
            output.addReturns();
        }
        if (host.isTerminal(2) && host.caller().mapsLineFeeds(2)) {
            host.messages().endLinesWithReturns();
        }
    }

    private static long compiledSteps(Machine machine) {
        return machine.tiers().map(tiers -> tiers.steps().compiled()).orElse(0L);
    }

    private RegionProfiles profiles(String fingerprint, EngineKind engine) {
        if (options.noProfile || engine == EngineKind.INTERPRETER) {
            return RegionProfiles.off();
        }
        return RegionProfiles.directory(host.caller().environment())
                .map(directory -> RegionProfiles.open(directory, fingerprint))
                .orElseGet(RegionProfiles::off);
    }

    /** What the guest has printed, unless it stands just above the messages. */
    private RecentText shown(ConsoleOutput output) {
        return host.isOneStream() ? new RecentText() : output.recent();
    }

    /** Null, so that the recorder's classes are not even loaded, if nobody wants a recording. */
    private @Nullable FlightRecording flightRecording() throws UserErrorException {
        return options.jfr == null ? null : FlightRecording.start(host.path(options.jfr));
    }

    private Meter meter(Sockets sockets) throws UserErrorException {
        if (options.meter != null) {
            return Meter.at(host.path(options.meter));
        }
        return Meter.atUsualPlace(sockets);
    }

    private Debugger debugger(Sockets sockets, BooleanSupplier interrupt, MachineSpec spec)
            throws UserErrorException {
        Messages messages = host.messages();
        if (spec.strict()) {
            options.checkNoDebugger();
            return Debugger.none(messages, interrupt);
        }
        if (options.debuggerPort != null) {
            return Debugger.at(options.debuggerPort, messages, interrupt);
        }
        if (options.debuggerSocket != null) {
            return Debugger.at(host.path(options.debuggerSocket), messages, interrupt);
        }
        return Debugger.atUsualPlace(sockets, messages, interrupt);
    }

    private ScreenText screen(int slot) {
        ScreenText screen = new ScreenText(slot);
        screens.add(screen);
        return screen;
    }

    private Network network() throws UserErrorException {
        return options.detached ? Network.none(host.messages()) : Network.open(host, config);
    }

    /** A message starts on a line of its own, after what the guest has printed before. */
    private void beforeMessage(ConsoleOutput output, Tracing tracing) {
        tracing.makeWay();
        if (host.isOneStream()) {
            output.startLine();
        } else {
            output.flush();
        }
    }

    private HostPorts ports(
            ConsoleOutput output, Tracing tracing, HostDevices devices, Network network) {
        var world =
                new HostPorts(
                        tracing.around(output),
                        host.messages()::say,
                        () -> output.beep(host.messages()),
                        devices::disk,
                        devices::files,
                        network::port,
                        this::screen);
        return options.detached ? world.withoutEffects() : world;
    }

    /** What types at the console while the machine runs: the terminal, else standard input. */
    private ConsoleInput input(PromptWatcher watcher) throws UserErrorException {
        Optional<byte[]> script = options.script(host);
        if (script.isPresent()) {
            return new PacedInput(new FixedInput(script.get()));
        }
        if (options.detached) {
            return new PacedInput(FixedInput.nothing());
        }
        Optional<ConsoleInput> typed = host.caller().terminal(!options.guestSignals);
        if (typed.isPresent()) {
            return options.typeWhenIdle
                    ? new PacedInput(typed.get())
                    : new SteadyInput(typed.get());
        }
        if (!watcher.done()) {
            return FixedInput.nothing();
        }
        // A file is taken whole before the machine starts, so that the run repeats exactly.
        boolean file = host.caller().inputIsFile();
        return new PacedInput(file ? FixedInput.of(host.in()) : new PipeInput(host.in(), false));
    }

    private void report(Statistics statistics, List<String> profiled) throws UserErrorException {
        switch (options.stats.form()) {
            case "none" -> {}
            case "json" -> writeStatistics(statistics.json(), String.valueOf(options.stats.file()));
            default -> {
                boolean exact = face.isSys161();
                host.messages().say(exact ? statistics.asSystem161(profiled) : statistics.text());
                if (!exact) {
                    profiled.forEach(host.messages()::say);
                }
            }
        }
    }

    private void writeStatistics(String text, String file) throws UserErrorException {
        PrintStream out = host.out();
        if (file.equals("-")) {
            out.print(text);
            return;
        }
        try {
            Files.writeString(host.path(file), text);
        } catch (IOException e) {
            throw HostErrors.of(host.path(file), e, "");
        }
    }
}
