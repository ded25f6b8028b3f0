package kseg.config;

import java.util.List;
import java.util.Optional;

/**
 * A complete, consistent System/161 machine configuration: one mainboard in slot 31 and any devices
 * in slots 0 to 30, in the order of the file (devices are created in that order, which is visible
 * to the guest's random numbers).
 *
 * @param notes what is worth telling the user though it is no error, ready to print
 */
public record Sys161Config(List<SlotConfig> slots, List<String> notes) {

    /** The slot of the bus controller. */
    public static final int LAST_SLOT = 31;

    /**
     * Physical addresses up to the boot ROM at 0x1fc00000 are memory: 508 MB (System/161 itself
     * stops at 16 MB).
     */
    public static final long MAX_RAM_BYTES = 0x1fc00000L;

    public static final int MAX_CPUS = 32;

    public Sys161Config {
        slots = List.copyOf(slots);
        notes = List.copyOf(notes);
    }

    /**
     * Reads a {@code sys161.conf}.
     *
     * @param text the file's contents
     * @param file its name, for messages
     * @param overrides {@code -C} options, in the order given
     * @throws UserErrorException naming everything that is wrong
     */
    public static Sys161Config parse(String text, String file, List<SlotOverride> overrides)
            throws UserErrorException {
        return new Sys161Parser(file).parse(text, overrides);
    }

    public DeviceConfig.Mainboard mainboard() {
        for (SlotConfig slot : slots) {
            if (slot.device() instanceof DeviceConfig.Mainboard board) {
                return board;
            }
        }
        throw new IllegalStateException("a configuration without mainboard was built");
    }

    /** The device in a slot. */
    public Optional<DeviceConfig> at(int slot) {
        return slots.stream().filter(s -> s.slot() == slot).map(SlotConfig::device).findFirst();
    }
}
