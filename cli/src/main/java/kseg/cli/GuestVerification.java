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
 * The embedded guest's self-test side by side on every engine, and on the compiler with random
 * delays and evictions; the machines' hashes are compared.
 */
final class GuestVerification {
    private static final int[] CPUS = {1, 2, 8, 32};
    private static final long STEPS = 1_000_000;
    private static final String COMMANDS = "selftest;q";

    private final Host host;

    GuestVerification(Host host) {
        this.host = host;
    }

    ExitCode run() throws UserErrorException {
        boolean equal = true;
        for (int cpus : CPUS) {
            equal &= compare(cpus);
        }
        return equal ? ExitCode.POWER_OFF : ExitCode.MISMATCH;
    }

    private boolean compare(int cpus) throws UserErrorException {
        var override = SlotOverride.parse(Sys161Config.LAST_SLOT + ":cpus=" + cpus);
        Sys161Config config = Configuration.builtIn("demo.conf", List.of(override));
        MachineSpec spec = MachineSpec.of(config, 1, MachineSpec.DEFAULT_QUANTUM, 0, 0);
        ElfImage elf = ElfImage.parse(Resources.bytes("guests/kseg-demo"), "kseg-demo");
        List<Machine> machines = new ArrayList<>();
        try {
            for (EngineKind kind : EngineKind.values()) {
                machines.add(Machine.create(spec, HostPorts.none(), kind));
            }
            machines.add(Machine.createDisturbed(spec, HostPorts.none(), cpus));
            for (Machine machine : machines) {
                machine.load(BootImage.of(elf, spec.ramBytes()), COMMANDS);
            }
            return compare(cpus, machines);
        } finally {
            machines.forEach(Machine::close);
        }
    }

    private boolean compare(int cpus, List<Machine> machines) {
        int compared = 0;
        while (true) {
            List<String> states = new ArrayList<>();
            Exit exit = new Exit.Limit();
            for (Machine machine : machines) {
                exit = machine.run(RunLimit.atStep((compared + 1) * STEPS));
                states.add("%s %s %016x".formatted(exit, machine.position(), machine.stateHash()));
            }
            compared++;
            if (states.stream().distinct().count() > 1) {
                host.out().printf("%2d CPUs: engines differ%n", cpus);
                states.forEach(state -> host.out().println("  " + state));
                return false;
            }
            if (!(exit instanceof Exit.Limit)) {
                host.out()
                        .printf(
                                "%2d CPUs: %d ways equal at %d positions, %,d steps%n",
                                cpus,
                                machines.size(),
                                compared,
                                machines.getFirst().position().step());
                return true;
            }
        }
    }
}
