package kseg.cli;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import kseg.debug.GdbStub;
import kseg.device.Serial;
import kseg.image.ElfImage;
import kseg.journal.Input;
import kseg.machine.Exit;
import kseg.machine.Machine;
import kseg.machine.Patience;
import kseg.machine.Position;
import kseg.machine.RunLimit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a machine in slices, and between them moves characters: what was typed goes in, what was
 * printed goes out.
 *
 * <p>Slices end at instants of machine time, not of the host's, so that a run without outside input
 * repeats exactly, and a text typed after a prompt arrives at the same instant each time. Only for
 * a person does the wall clock matter: idle time then passes no faster than real time, while work
 * is done as fast as it can be.
 *
 * <p>Not thread-safe: the machine's owner.
 */
final class ConsoleLoop {
    /** About 2 ms of the host's time while the guest computes. */
    private static final long SLICE_STEPS = 250_000;

    /** 10 ms of machine time: how soon something typed is noticed while the guest idles. */
    private static final long ATTENTIVE_CYCLES = 250_000;

    /** 2 ms of machine time: how soon a frame is taken. */
    private static final long NETWORK_CYCLES = 50_000;

    /** One second of machine time, when nothing can come in. */
    private static final long INATTENTIVE_CYCLES = 25_000_000;

    /** How long a guest that asked for a debugger may do nothing before an unattended run ends. */
    private static final int PANIC_SECONDS = 10;

    private static final long CYCLES_PER_SECOND = 25_000_000;
    private static final long NANOS_PER_CYCLE = 40;
    private static final byte BELL = 7;
    private static final Duration BLINK = Duration.ofMillis(100);
    private static final Duration NETWORK_BLINK = Duration.ofMillis(2);
    private final Machine machine;
    private final Console console;
    private final RunOptions options;
    private final BooleanSupplier interrupt;
    private final Quiet quiet;
    private final Watchdog watchdog;
    private final OnEof onEof;

    /** Whether somebody outside lives in real time. */
    private final boolean paced;

    private final Face face;
    private final Meter meter;
    private final Network network;
    private final DoubleInterrupt doubleInterrupt = new DoubleInterrupt();
    private Patience patience = Patience.ENDLESS;
    private boolean unheard;
    private final Debugger debugger;
    private final Pacing pacing;

    /** Whether a guest in trouble waits for a debugger, as sys161 does, if a person is there. */
    private final boolean patient;

    /** Whether ^G has been typed. */
    private boolean called;

    private boolean crashed;
    private boolean lethal;
    private String misuse = "";

    ConsoleLoop(
            Machine machine,
            Console console,
            RunOptions options,
            BooleanSupplier interrupt,
            Face face,
            Meter meter,
            Network network,
            Debugger debugger) {
        this.machine = machine;
        this.console = console;
        this.options = options;
        this.interrupt = interrupt;
        this.face = face;
        this.meter = meter;
        this.network = network;
        this.debugger = debugger;
        patient =
                face.isSys161()
                        && !options.noDebugger
                        && debugger.isPossible()
                        && console.input().isPerson();
        pacing = new Pacing(machine);
        quiet = new Quiet(machine, console.output());
        watchdog = new Watchdog(machine, options.watchdogSeconds, face);
        paced = console.input().isPerson() || network.isLive();
        OnEof usual = paced ? OnEof.WAIT : OnEof.EXIT;
        onEof = options.onEof != null ? options.onEof : usual;
    }

    /** Runs to the end, whatever that is, and says why unless it is the usual one. */
    ExitCode run(Messages messages, ElfImage kernel, RecentText shown) {
        CrashReport report = new CrashReport(machine, kernel, messages, shown);
        if (options.waitsFirst()) {
            debugger.await(machine);
        } else if (options.debuggerFirst) {
            messages.say("Not waiting for debugger...");
        }
        while (true) {
            type(console.input().take(Duration.ZERO));
            type(console.watcher().typed().orElse(ConsoleInput.NONE));
            network.exchange(machine);
            if (unheard) {
                report.unheard();
                return ExitCode.INTERRUPTED;
            }
            debugger.attend(machine);
            if (called) {
                called = false;
                stop(messages);
            }
            if (interrupt.getAsBoolean()) {
                messages.say("interrupted");
                report.where();
                return ExitCode.INTERRUPTED;
            }
            setPatience();
            ExitCode end = debugger.killed() ? null : slice(messages, report);
            console.output().flush();
            if (debugger.killed()) {
                lethal = true;
                return ExitCode.STOPPED;
            }
            if (end != null) {
                return end;
            }
        }
    }

    /** Whether the run ended in a way in which System/161 prints no statistics. */
    boolean lethal() {
        return lethal;
    }

    /** What the guest did that the hardware forbids; empty if nothing. */
    String misuse() {
        return misuse;
    }

    /** Runs once; answers how the run ends, or null if it goes on. */
    private @Nullable ExitCode slice(Messages messages, CrashReport report) {
        long started = System.nanoTime();
        long idleBefore = idleNanos();
        long nanosBefore = machine.nanos();
        Exit exit = run(limit());
        long idle = idleNanos() - idleBefore;
        long busy = machine.nanos() - nanosBefore - idle;
        console.input().guestDid(machine.nanos(), exit instanceof Exit.Idle || idle > 9 * busy);
        return switch (exit) {
            case Exit.Limit _ -> {
                if (paced) {
                    pace(idle, System.nanoTime() - started);
                }
                yield limitReached(messages, report);
            }
            case Exit.Idle _ -> waitForInput(messages, report);
            case Exit.PowerOff _ -> {
                if (console.output().written() == 0) {
                    report.switchedOffSilently();
                }
                yield poweredOff();
            }
            case Exit.Misuse(String reason) -> {
                misuse = reason;
                report.misuse(reason);
                yield lethal(messages, ExitCode.CRASH);
            }
            case Exit.Crash(int cpu) -> {
                report.unhandled(cpu);
                yield lethal(messages, ExitCode.CRASH);
            }
            case Exit.Watchdog(long cycles) -> {
                if (hangsAfterPanic()) {
                    report.neverSwitchedOff();
                    yield ExitCode.CRASH;
                }
                report.watchdog(cycles);
                yield lethal(messages, ExitCode.WATCHDOG);
            }
            case Exit.Deadlock(long cycles) -> {
                if (hangsAfterPanic()) {
                    report.neverSwitchedOff();
                    yield ExitCode.CRASH;
                }
                report.deadlock(cycles);
                yield ExitCode.DEADLOCK;
            }
            case Exit.Breakpoint _ -> null; // killed by the debugger
            case Exit.Doom _ -> {
                messages.say("DOOOOOOOOOOOM");
                lethal = true;
                yield ExitCode.STOPPED;
            }
            case Exit.DebuggerRequest _ -> {
                crashed = true;
                stop(messages);
                report.debuggerRequest();
                yield null;
            }
            case Exit.HostFailure(String what) -> {
                messages.say(what);
                yield ExitCode.HOST_FAILURE;
            }
        };
    }

    /** One slice, whatever the meter wants meanwhile: slices decide when what is typed arrives. */
    private Exit run(RunLimit limit) {
        while (true) {
            long cycle = Math.min(limit.cycle(), meter.nextCycle());
            Exit exit = machine.run(new RunLimit(limit.step(), cycle));
            meter.look(machine);
            if (exit instanceof Exit.Breakpoint(int cpu)) {
                console.output().flush();
                debugger.stopped(machine, cpu, GdbStub.SIGTRAP);
                if (!debugger.killed()) {
                    continue;
                }
            }
            if (!(exit instanceof Exit.Limit) || reached(limit)) {
                return exit;
            }
        }
    }

    private boolean reached(RunLimit limit) {
        Position position = machine.position();
        return position.step() >= limit.step() || position.cycle() >= limit.cycle();
    }

    private @Nullable ExitCode limitReached(Messages messages, CrashReport report) {
        if (machine.position().cycle() >= options.maxCycles) {
            messages.say("stopped after " + options.maxCycles + " cycles (--max-cycles)");
            report.where();
            return ExitCode.LIMIT;
        }
        if (watchdog.barks(messages)) {
            report.watchdog();
            return lethal(messages, ExitCode.WATCHDOG);
        }
        return quiet.longEnough() ? inputEnded(messages, report, false) : null;
    }

    /** A stop for a debugger; without one the machine goes on. */
    private void stop(Messages messages) {
        console.output().flush();
        if (debugger.isConnected()) {
            debugger.stopped(machine, machine.current(), GdbStub.SIGTRAP);
        } else if (patient) {
            debugger.await(machine);
        } else {
            messages.say("Not waiting for debugger...");
        }
    }

    /** A stop for a debugger, who may let the machine go on; without one that is the end. */
    private @Nullable ExitCode lethal(Messages messages, ExitCode exit) {
        if (debugger.isConnected() || patient) {
            stop(messages);
            return null;
        }
        lethal = true;
        if (face.isSys161()) {
            console.output().startLine();
            messages.say("Exiting instead of waiting for debugger...");
        }
        return exit;
    }

    /** A guest that asked for a debugger before, as panics do, has not ended well. */
    private ExitCode poweredOff() {
        return crashed ? ExitCode.CRASH : ExitCode.POWER_OFF;
    }

    /** Nobody watches who would see that the guest stands still. */
    private boolean isUnattended() {
        return !paced;
    }

    private boolean hangsAfterPanic() {
        return crashed && isUnattended();
    }

    /** How long to wait for progress depends on what has happened so far. */
    private void setPatience() {
        Patience wanted =
                hangsAfterPanic()
                        ? new Patience(cycles(PANIC_SECONDS), cycles(PANIC_SECONDS))
                        : new Patience(
                                cycles(options.watchdog(isUnattended())),
                                inputUsedUp() ? cycles(options.deadlockSeconds) : Patience.NEVER);
        if (!wanted.equals(patience)) {
            patience = wanted;
            machine.setPatience(wanted);
        }
    }

    private static long cycles(int seconds) {
        return seconds == 0 ? Patience.NEVER : seconds * CYCLES_PER_SECOND;
    }

    private boolean inputUsedUp() {
        return console.input().ended() && !console.watcher().isDue() && !network.isLive();
    }

    private RunLimit limit() {
        var position = machine.position();
        boolean listening = !console.input().ended() || !console.watcher().done();
        long cycles = listening ? ATTENTIVE_CYCLES : INATTENTIVE_CYCLES;
        cycles = network.isLive() ? NETWORK_CYCLES : cycles;
        long cycle = Math.min(position.cycle() + cycles, options.maxCycles);
        cycle = Math.min(cycle, watchdog.nextCycle());
        return new RunLimit(position.step() + SLICE_STEPS, cycle);
    }

    /** Machine time during which no CPU ran, of the CPU that ran most. */
    private long idleNanos() {
        long busiest = 0;
        for (int i = 0; i < machine.spec().cpus(); i++) {
            busiest = Math.max(busiest, machine.cpu(i).cycles);
        }
        return (machine.position().cycle() - busiest) * NANOS_PER_CYCLE;
    }

    /** Lets the wall clock catch up with the idle part of a slice, listening meanwhile. */
    private void pace(long idleNanos, long hostNanos) {
        pacing.ran(idleNanos, hostNanos);
        while (pacing.isAhead() && !interrupt.getAsBoolean()) {
            console.output().flush();
            if (debugger.attend(machine)) {
                return;
            }
            long started = System.nanoTime();
            byte[] typed = take(Duration.ofNanos(Math.min(pacing.aheadNanos(), blink().toNanos())));
            pacing.waited(System.nanoTime() - started);
            if (typed.length > 0) {
                type(typed);
                return;
            }
            if (network.exchange(machine) || console.input().ended() && !network.isLive()) {
                return;
            }
        }
    }

    /** Only an input can change anything: sleeps until there is one. */
    private @Nullable ExitCode waitForInput(Messages messages, CrashReport report) {
        console.output().flush();
        while (!interrupt.getAsBoolean() && !console.watcher().isDue()) {
            meter.look(machine);
            if (debugger.attend(machine) || network.exchange(machine)) {
                return null;
            }
            console.input().guestDid(machine.nanos(), true);
            byte[] typed = take(blink());
            if (typed.length > 0) {
                type(typed);
                return null;
            }
            if (console.input().ended() && !network.isLive()) {
                return inputEnded(messages, report, true);
            }
        }
        return null;
    }

    /** What is typed within a time, which passes in any case if frames may come. */
    private byte[] take(Duration patience) {
        long started = System.nanoTime();
        byte[] typed = console.input().take(patience);
        long left = patience.toNanos() - (System.nanoTime() - started);
        if (typed.length == 0 && left > 0 && network.isLive()) {
            LockSupport.parkNanos(left);
        }
        return typed;
    }

    private Duration blink() {
        return network.isLive() ? NETWORK_BLINK : BLINK;
    }

    /**
     * The input is used up and the guest does nothing.
     *
     * @param forever whether nothing can ever happen any more
     */
    private @Nullable ExitCode inputEnded(Messages messages, CrashReport report, boolean forever) {
        boolean pending = !console.input().ended() || console.watcher().isDue();
        if (!forever && (pending || onEof == OnEof.WAIT)) {
            return null;
        }
        console.watcher()
                .awaited()
                .ifPresent(prompt -> messages.say("never saw the prompt \"" + prompt + "\""));
        if (forever && hangsAfterPanic()) {
            report.neverSwitchedOff();
            return ExitCode.CRASH;
        }
        if (options.deadlockSeconds > 0 || untaken()) {
            report.deadlock();
            return ExitCode.DEADLOCK;
        }
        return switch (onEof) {
            case EXIT -> {
                messages.say("the input has ended, and the guest has nothing to do (--on-eof)");
                report.where();
                yield ExitCode.INPUT_ENDED;
            }
            case POWEROFF -> poweredOff();
            case WAIT -> {
                report.deadlock();
                yield ExitCode.DEADLOCK;
            }
        };
    }

    /** Whether the guest has yet to read some of what was typed. */
    private boolean untaken() {
        return console.slot() != Session.NO_CONSOLE
                && machine.board().bus().device(console.slot()) instanceof Serial serial
                && serial.waiting() > 0;
    }

    /** Takes ^G out, which asks sys161 for a debugger and never reaches the guest. */
    private byte[] heed(byte[] typed) {
        ByteArrayOutputStream others = new ByteArrayOutputStream();
        for (byte character : typed) {
            if (character == BELL) {
                called = true;
            } else {
                others.write(character);
            }
        }
        return others.toByteArray();
    }

    private void type(byte[] typed) {
        byte[] characters = face.isSys161() && console.input().isPerson() ? heed(typed) : typed;
        if (options.guestSignals && console.input().isPerson()) {
            long written = console.output().written();
            unheard |= doubleInterrupt.sees(characters, written, System.nanoTime());
        }
        if (characters.length > 0 && console.slot() != Session.NO_CONSOLE) {
            machine.input(new Input(Input.Kind.CHARACTERS, console.slot(), characters));
        }
    }
}
