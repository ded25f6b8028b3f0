package kseg.cli;

import java.util.List;
import kseg.image.ElfImage;
import kseg.inspect.MachineReport;
import kseg.machine.Machine;

/**
 * Speaks for a guest that no longer can: says why a run ended badly, and where everything stood.
 * The same in every case: the reason, when, {@link MachineReport}, and what the console showed last
 * unless it is on the same screen.
 */
final class CrashReport {
    private static final int LAST_LINES = 8;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long CYCLES_PER_SECOND = 25_000_000;

    private final Machine machine;
    private final MachineReport report;
    private final Messages messages;
    private final RecentText console;

    /**
     * @param console what the guest has printed; nothing if that and messages are one stream
     */
    CrashReport(Machine machine, ElfImage kernel, Messages messages, RecentText console) {
        this.machine = machine;
        this.messages = messages;
        this.console = console;
        report = new MachineReport(machine, kernel);
    }

    /** The guest did what the hardware forbids; in System/161's words. */
    void misuse(String reason) {
        messages.say(reason);
        messages.say("You did something the hardware didn't like.");
        messages.say("In real life the machine would hang for no apparent reason,");
        messages.say("or maybe start to act strangely.");
        everything();
    }

    /** An exception came before the kernel could handle any. */
    void unhandled(int cpu) {
        messages.say("cpu%d: %s".formatted(cpu, report.exception(machine.cpu(cpu))));
        messages.say("There is no handler: Status.BEV is set, so exceptions go to the boot ROM,");
        messages.say("and this processor will never do anything else.");
        everything();
    }

    /** The watchdog of {@code -Z} has spoken already. */
    void watchdog() {
        everything();
    }

    void watchdog(long cycles) {
        messages.say(
                "no progress: the kernel has computed for %d seconds of machine time, and nothing"
                                .formatted(cycles / CYCLES_PER_SECOND)
                        + " ran in user mode, was printed or moved (--watchdog)");
        everything();
    }

    void deadlock() {
        messages.say("every processor waits, and nothing can ever happen any more");
        everything();
    }

    void deadlock(long cycles) {
        messages.say(
                "deadlock: for %d seconds of machine time every processor has waited, no transfer"
                                .formatted(cycles / CYCLES_PER_SECOND)
                        + " was under way, and the input had ended (--deadlock)");
        everything();
    }

    /** As panics do. */
    void debuggerRequest() {
        messages.say("the guest asks for a debugger, as panics do:");
        for (int i = 0; i < machine.spec().cpus(); i++) {
            if (machine.cpu(i).running()) {
                messages.say("cpu" + i + ":");
                report.chain(machine.cpu(i)).forEach(messages::say);
            }
        }
    }

    /** The guest asked for a debugger, and then nothing came. */
    void neverSwitchedOff() {
        messages.say("after that it did nothing any more, and did not switch the machine off");
        where();
    }

    /** The machine was switched off by a guest that never printed a character. */
    void switchedOffSilently() {
        for (int i = 0; i < machine.spec().cpus(); i++) {
            if (report.hasKernelFault(machine.cpu(i))) {
                messages.say("the guest has switched the machine off without a word, but its last");
                messages.say(
                        "exception on cpu%d was: %s"
                                .formatted(i, report.exception(machine.cpu(i))));
                everything();
                return;
            }
        }
    }

    /** ^C was typed twice, and the guest did not react. */
    void unheard() {
        messages.say("^C twice, and no answer from the guest");
        everything();
    }

    /** Where each processor stands, in a line. */
    void where() {
        report.brief().forEach(messages::say);
    }

    private void everything() {
        messages.say(
                "after %d cycles, %.6f seconds of machine time:"
                        .formatted(machine.position().cycle(), machine.nanos() / NANOS_PER_SECOND));
        report.full().forEach(messages::say);
        List<String> lines = console.lines(LAST_LINES);
        if (!lines.isEmpty()) {
            messages.say("the last lines on the console:");
            lines.forEach(line -> messages.say("  | " + line));
        }
    }
}
