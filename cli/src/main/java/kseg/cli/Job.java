package kseg.cli;

import kseg.config.DeviceConfig.SerialConfig;
import kseg.config.SlotConfig;
import kseg.config.Sys161Config;
import kseg.config.UserErrorException;
import kseg.image.BootImage;
import kseg.image.ElfImage;
import org.jspecify.annotations.Nullable;

/**
 * A guest to be booted: the machine, the kernel with its arguments, and how the run is to go.
 *
 * @param sources null if the guest comes with Kseg
 */
record Job(
        Sys161Config config,
        ElfImage kernel,
        String boot,
        MachineOptions machine,
        RunOptions run,
        TraceOptions trace,
        @Nullable Sources sources) {

    /**
     * The files a guest was made of.
     *
     * @param configuration null if it is built in
     * @param arguments how many words the kernel's arguments are
     */
    record Sources(String kernel, @Nullable String configuration, int arguments) {}

    /** The kernel as the machine's memory takes it; refused if it or its arguments do not fit. */
    BootImage image() throws UserErrorException {
        BootImage image = BootImage.of(kernel, config.mainboard().ramBytes());
        image.checkArguments(boot, config.mainboard().ramBytes());
        return image;
    }

    /** The slot of the serial console, {@link Session#NO_CONSOLE} if there is none. */
    int consoleSlot() {
        int slot = Session.NO_CONSOLE;
        for (SlotConfig candidate : config.slots()) {
            if (candidate.device() instanceof SerialConfig) {
                slot = candidate.slot();
            }
        }
        return slot;
    }
}
