package kseg.machine;

import java.util.List;
import kseg.config.DeviceConfig;
import kseg.config.SlotConfig;
import kseg.config.Sys161Config;

/**
 * What a System/161 machine is made of. Together with the image, the disks' contents and the
 * journal it determines everything the machine does.
 *
 * @param cpus number of CPUs, 1 to 32
 * @param ramBytes size of RAM, a multiple of 4096, at most 508 MB
 * @param oldBoard the uniprocessor board of System/161 1.x
 * @param slots the cards, the board's own controller excepted
 * @param seed of every chance in the machine
 * @param quantum about how many cycles a CPU runs before another's turn; 1 is lockstep
 * @param epochSeconds time of day at power-on, seconds since 1970
 * @param doomWrites the write command to the disks that ends the run, 0 for none
 * @param strict whether it does everything as System/161 2.0.8, cycle for cycle; {@code quantum}
 *     means nothing then
 */
public record MachineSpec(
        int cpus,
        int ramBytes,
        boolean oldBoard,
        List<SlotConfig> slots,
        long seed,
        int quantum,
        long epochSeconds,
        int doomWrites,
        boolean strict) {

    /** DESIGN.md section 2: the costs of switching no longer show, and races still do. */
    public static final int DEFAULT_QUANTUM = 10_000;

    public MachineSpec {
        slots = List.copyOf(slots);
    }

    /** A machine that is not strict. */
    public MachineSpec(
            int cpus,
            int ramBytes,
            boolean oldBoard,
            List<SlotConfig> slots,
            long seed,
            int quantum,
            long epochSeconds,
            int doomWrites) {
        this(cpus, ramBytes, oldBoard, slots, seed, quantum, epochSeconds, doomWrites, false);
    }

    /** The same machine, strict. */
    public MachineSpec asSystem161() {
        return new MachineSpec(
                cpus, ramBytes, oldBoard, slots, seed, quantum, epochSeconds, doomWrites, true);
    }

    /** The machine a sys161.conf describes. */
    public static MachineSpec of(
            Sys161Config config, long seed, int quantum, long epochSeconds, int doomWrites) {
        DeviceConfig.Mainboard board = config.mainboard();
        return new MachineSpec(
                board.cpus(),
                (int) board.ramBytes(),
                board.old(),
                config.slots().stream()
                        .filter(slot -> !(slot.device() instanceof DeviceConfig.Mainboard))
                        .toList(),
                seed,
                quantum,
                epochSeconds,
                doomWrites);
    }

    /** The same with another seed. */
    public MachineSpec withSeed(long other) {
        return new MachineSpec(
                cpus, ramBytes, oldBoard, slots, other, quantum, epochSeconds, doomWrites, strict);
    }
}
