package kseg.cli;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import kseg.config.DeviceConfig.RandomConfig;
import kseg.config.SlotConfig;
import kseg.config.SlotOverride;
import kseg.config.Sys161Config;
import kseg.config.UserError;
import kseg.config.UserErrorException;
import kseg.machine.EngineKind;
import kseg.machine.MachineSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what machine to make, whatever runs on it. */
final class MachineOptions {
    @Option(
            names = "-C",
            paramLabel = "SLOT:ARG",
            description =
                    "Add an option to the device the configuration puts into a slot, as in"
                            + " -C 31:cpus=4; may be repeated.")
    private List<String> overrides = List.of();

    @Option(
            names = "--cpus",
            paramLabel = "N",
            description = "Processors, 1 to 32; overrides the configuration.")
    private @Nullable String cpus;

    @Option(
            names = "--ram",
            paramLabel = "SIZE",
            description = "Memory, as in 16M, up to 508M; overrides the configuration.")
    private @Nullable String ram;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Seed of everything that is left to chance: the interleaving of processors, the"
                            + " jitter of devices, random numbers. The same seed gives the same run;"
                            + " overrides the configuration's random device.")
    private @Nullable Long seed;

    @Option(
            names = "--quantum",
            paramLabel = "N",
            description =
                    "About how many cycles a processor runs before another has its turn; 1 is"
                            + " System/161's lockstep, and slow. Default: "
                            + MachineSpec.DEFAULT_QUANTUM
                            + ".")
    private int quantum = MachineSpec.DEFAULT_QUANTUM;

    @Option(
            names = "--strict-sys161",
            description =
                    "Do everything as System/161 2.0.8 does it, peculiarities included, so that all"
                            + " counters agree with its own; slow. See docs/strict.md.")
    private boolean strict;

    @Option(
            names = "--epoch",
            paramLabel = "SECONDS",
            description =
                    "Time of day at power-on, in seconds since 1970, for guests whose output shows"
                            + " it; default: the host's clock.")
    private @Nullable Long epochSeconds;

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            description =
                    "How instructions are executed: jit compiles hot code (the default), interp"
                            + " interprets all of it. The guest cannot tell.")
    private @Nullable String engine;

    /** The {@code -C} options and their relatives, in the order in which they count. */
    List<SlotOverride> slotOverrides() throws UserErrorException {
        List<SlotOverride> all = new ArrayList<>(Configuration.overrides(overrides));
        if (cpus != null) {
            all.add(onBoard("cpus=" + cpus, "--cpus " + cpus));
        }
        if (ram != null) {
            all.add(onBoard("ramsize=" + ram, "--ram " + ram));
        }
        return all;
    }

    private static SlotOverride onBoard(String argument, String origin) {
        return new SlotOverride(Sys161Config.LAST_SLOT, argument, origin);
    }

    MachineSpec spec(Sys161Config config, int doom, Messages messages) throws UserErrorException {
        return spec(config, doom, seed(config, messages));
    }

    /** The machine with a seed that somebody else has chosen. */
    MachineSpec spec(Sys161Config config, int doom, long itsSeed) throws UserErrorException {
        if (quantum < 1) {
            throw wrong("--quantum " + quantum + " is out of range", "1 is the least");
        }
        long epoch = epochSeconds != null ? epochSeconds : System.currentTimeMillis() / 1000;
        MachineSpec spec = MachineSpec.of(config, itsSeed, quantum, epoch, doom);
        return strict ? spec.asSystem161() : spec;
    }

    /** The engine asked for, else the one that is best for a single run. */
    EngineKind engineKind() throws UserErrorException {
        return engine == null ? EngineKind.JIT : Engines.named(engine);
    }

    boolean choosesEngine() {
        return engine != null;
    }

    boolean choosesEpoch() {
        return epochSeconds != null;
    }

    /** The option's seed, else the one drawn for an autoseed, else the configuration's, else 0. */
    private long seed(Sys161Config config, Messages messages) {
        if (seed != null) {
            return seed;
        }
        for (SlotConfig slot : config.slots()) {
            if (slot.device() instanceof RandomConfig random) {
                return random.autoseed() ? drawn(messages) : Integer.toUnsignedLong(random.seed());
            }
        }
        return 0;
    }

    private static long drawn(Messages messages) {
        long drawn = Integer.toUnsignedLong(new SecureRandom().nextInt());
        messages.say("autoseed: to repeat this run, add --seed " + drawn);
        return drawn;
    }

    private static UserErrorException wrong(String what, String hint) {
        return new UserErrorException(new UserError.Usage(what, hint));
    }
}
