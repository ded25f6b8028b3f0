package kseg.cli;

import java.util.ArrayList;
import java.util.List;
import kseg.config.SlotOverride;
import kseg.config.Sys161Config;
import kseg.config.UserErrorException;
import kseg.image.BootImage;
import kseg.image.ElfImage;
import kseg.machine.EngineKind;
import kseg.machine.Exit;
import kseg.machine.HostPorts;
import kseg.machine.Machine;
import kseg.machine.MachineSpec;
import kseg.machine.Position;
import kseg.machine.RunLimit;

/**
 * One guest side by side on every engine, and on the compiler with random delays and evictions; the
 * machines' hashes are compared.
 */
final class GuestVerification {
    private static final int[] CPUS = {1, 2, 8, 32};
    private static final long STEPS = 1_000_000;
    private static final long NANOS = 1_000_000_000L;
    private static final String COMMANDS = "selftest;q";

    private final Host host;
    private final Interrupt interrupt;
    private final long progressNanos;

    /** How the comparison of one guest ended. */
    private enum Verdict {
        EQUAL,
        DIFFERENT,
        INTERRUPTED
    }

    /**
     * A verification that goes on until it is interrupted.
     *
     * @param progressSeconds between messages that say how far it is; 0 for none
     */
    GuestVerification(Host host, Interrupt interrupt, long progressSeconds) {
        this.host = host;
        this.interrupt = interrupt;
        progressNanos = progressSeconds > 0 ? progressSeconds * NANOS : Long.MAX_VALUE;
    }

    /** The embedded guest's self-test, on several numbers of processors. */
    ExitCode run() throws UserErrorException {
        boolean equal = true;
        for (int cpus : CPUS) {
            var override = SlotOverride.parse(Sys161Config.LAST_SLOT + ":cpus=" + cpus);
            Sys161Config config = Configuration.builtIn("demo.conf", List.of(override));
            MachineSpec spec = MachineSpec.of(config, 1, MachineSpec.DEFAULT_QUANTUM, 0, 0);
            ElfImage elf = ElfImage.parse(Resources.bytes("guests/kseg-demo"), "kseg-demo");
            BootImage image = BootImage.of(elf, spec.ramBytes());
            Verdict verdict = compare(spec, HostPorts.none(), image, COMMANDS, RunLimit.LAST_CYCLE);
            if (verdict == Verdict.INTERRUPTED) {
                return equal ? ExitCode.INTERRUPTED : ExitCode.MISMATCH;
            }
            equal &= verdict == Verdict.EQUAL;
        }
        return equal ? ExitCode.POWER_OFF : ExitCode.MISMATCH;
    }

    /** Any guest, with its disks and directories, none of which it changes. */
    ExitCode run(Job job, long lastCycle) throws UserErrorException {
        MachineSpec spec = job.machine().spec(job.config(), job.run().doom, host.messages());
        try (HostDevices devices = HostDevices.open(host, job.config(), job.run().unconfined)) {
            HostPorts ports = HostPorts.none().withDisks(devices::disk).withFiles(devices::files);
            return switch (compare(spec, ports.detached(), job.image(), job.boot(), lastCycle)) {
                case EQUAL -> ExitCode.POWER_OFF;
                case DIFFERENT -> ExitCode.MISMATCH;
                case INTERRUPTED -> ExitCode.INTERRUPTED;
            };
        }
    }

    private Verdict compare(
            MachineSpec spec, HostPorts ports, BootImage image, String boot, long lastCycle) {
        List<Machine> machines = new ArrayList<>();
        try {
            for (EngineKind kind : EngineKind.values()) {
                machines.add(Machine.create(spec, ports, kind));
            }
            machines.add(Machine.createDisturbed(spec, ports, spec.cpus()));
            for (Machine machine : machines) {
                machine.load(image, boot);
            }
            return compare(spec.cpus(), machines, lastCycle);
        } finally {
            machines.forEach(Machine::close);
        }
    }

    private Verdict compare(int cpus, List<Machine> machines, long lastCycle) {
        int compared = 0;
        long told = System.nanoTime();
        Position position = machines.getFirst().position();
        while (!interrupt.requested()) {
            List<String> states = new ArrayList<>();
            Exit exit = new Exit.Limit();
            for (Machine machine : machines) {
                exit = machine.run(new RunLimit((compared + 1) * STEPS, lastCycle));
                states.add("%s %s %016x".formatted(exit, machine.position(), machine.stateHash()));
            }
            compared++;
            if (states.stream().distinct().count() > 1) {
                host.out()
                        .printf(
                                "%2d CPUs: engines differ, after step %,d%n",
                                cpus, position.step());
                states.forEach(state -> host.out().println("  " + state));
                return Verdict.DIFFERENT;
            }
            position = machines.getFirst().position();
            if (!(exit instanceof Exit.Limit) || position.cycle() >= lastCycle) {
                report(cpus, machines.size(), compared, position, ending(exit));
                return Verdict.EQUAL;
            }
            long now = System.nanoTime();
            if (now - told >= progressNanos) {
                told = now;
                host.messages()
                        .say(
                                "%d CPUs: equal so far, at step %,d, cycle %,d"
                                        .formatted(cpus, position.step(), position.cycle()));
            }
        }
        report(cpus, machines.size(), compared, position, "where it was interrupted");
        return Verdict.INTERRUPTED;
    }

    private void report(int cpus, int ways, int compared, Position position, String end) {
        host.out()
                .printf(
                        "%2d CPUs: %d ways equal at %d positions, %,d steps, up to %s%n",
                        cpus, ways, compared, position.step(), end);
    }

    private static String ending(Exit exit) {
        return switch (exit) {
            case Exit.PowerOff() -> "power-off";
            case Exit.Limit() -> "the limit of machine time";
            case Exit.Idle() -> "where it waits for input";
            case Exit.DebuggerRequest() -> "where it asks for a debugger";
            default -> exit.toString();
        };
    }
}
