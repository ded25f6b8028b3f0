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
import kseg.machine.RunLimit;

/**
 * One guest side by side on every engine, and on the compiler with random delays and evictions; the
 * machines' hashes are compared.
 */
final class GuestVerification {
    private static final int[] CPUS = {1, 2, 8, 32};
    private static final long STEPS = 1_000_000;
    private static final String COMMANDS = "selftest;q";

    private final Host host;

    GuestVerification(Host host) {
        this.host = host;
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
            equal &= compare(spec, HostPorts.none(), image, COMMANDS, RunLimit.LAST_CYCLE);
        }
        return equal ? ExitCode.POWER_OFF : ExitCode.MISMATCH;
    }

    /** Any guest, with its disks and directories, none of which it changes. */
    ExitCode run(Job job, long lastCycle) throws UserErrorException {
        MachineSpec spec = job.machine().spec(job.config(), job.run().doom, host.messages());
        try (HostDevices devices = HostDevices.open(host, job.config(), job.run().unconfined)) {
            HostPorts ports = HostPorts.none().withDisks(devices::disk).withFiles(devices::files);
            boolean equal = compare(spec, ports.detached(), job.image(), job.boot(), lastCycle);
            return equal ? ExitCode.POWER_OFF : ExitCode.MISMATCH;
        }
    }

    private boolean compare(
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

    private boolean compare(int cpus, List<Machine> machines, long lastCycle) {
        int compared = 0;
        while (true) {
            List<String> states = new ArrayList<>();
            Exit exit = new Exit.Limit();
            for (Machine machine : machines) {
                exit = machine.run(new RunLimit((compared + 1) * STEPS, lastCycle));
                states.add("%s %s %016x".formatted(exit, machine.position(), machine.stateHash()));
            }
            compared++;
            if (states.stream().distinct().count() > 1) {
                host.out().printf("%2d CPUs: engines differ%n", cpus);
                states.forEach(state -> host.out().println("  " + state));
                return false;
            }
            boolean limited = machines.getFirst().position().cycle() >= lastCycle;
            if (!(exit instanceof Exit.Limit) || limited) {
                host.out()
                        .printf(
                                "%2d CPUs: %d ways equal at %d positions, %,d steps, up to %s%n",
                                cpus,
                                machines.size(),
                                compared,
                                machines.getFirst().position().step(),
                                ending(exit));
                return true;
            }
        }
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
