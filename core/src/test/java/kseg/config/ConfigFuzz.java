package kseg.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A target of {@code bench/fuzz}: any bytes are a configuration that holds what its type promises,
 * or mistakes each of which shows where it is. Lines that begin with {@code -C} are such options.
 */
public final class ConfigFuzz {
    private static final String FILE = "sys161.conf";
    private static final int PAGE_BYTES = 4096;

    private ConfigFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        StringBuilder text = new StringBuilder();
        List<SlotOverride> overrides = new ArrayList<>();
        for (String line : new String(input, StandardCharsets.UTF_8).split("\n", -1)) {
            if (line.startsWith("-C")) {
                addOverride(line.substring(2), overrides);
            } else {
                text.append(text.isEmpty() ? "" : "\n").append(line);
            }
        }
        try {
            Sys161Config config = Sys161Config.parse(text.toString(), FILE, overrides);
            checkConfiguration(config);
            require(config.equals(again(text.toString(), overrides)), "read twice, two results");
        } catch (UserErrorException e) {
            String[] lines = text.toString().split("\n", -1);
            e.errors().forEach(error -> checkError(error, lines, overrides));
        }
    }

    private static void addOverride(String text, List<SlotOverride> overrides) {
        try {
            overrides.add(SlotOverride.parse(text));
        } catch (UserErrorException e) {
            require(e.errors().getFirst().where().equals("-C " + text), "not the option's place");
        }
    }

    private static Sys161Config again(String text, List<SlotOverride> overrides)
            throws UserErrorException {
        return Sys161Config.parse(text, FILE, overrides);
    }

    private static void checkConfiguration(Sys161Config config) {
        Set<Integer> slots = new HashSet<>();
        for (SlotConfig slot : config.slots()) {
            require(slots.add(slot.slot()), "two devices in slot " + slot.slot());
            boolean last = slot.slot() == Sys161Config.LAST_SLOT;
            require(slot.slot() >= 0 && slot.slot() <= Sys161Config.LAST_SLOT, "no such slot");
            require(slot.device() instanceof DeviceConfig.Mainboard == last, "board and slot 31");
            switch (slot.device()) {
                case DeviceConfig.DiskConfig disk ->
                        require(disk.rpm() >= 60 && disk.rpm() % 60 == 0, "rpm=" + disk.rpm());
                case DeviceConfig.NicConfig nic ->
                        require(nic.hwaddr() > 0 && nic.hwaddr() < 0xffff, "hwaddr");
                default -> {}
            }
        }
        DeviceConfig.Mainboard board = config.mainboard();
        require(board.cpus() >= 1 && board.cpus() <= Sys161Config.MAX_CPUS, "cpus");
        require(board.ramBytes() > 0 && board.ramBytes() % PAGE_BYTES == 0, "ramsize");
        require(board.ramBytes() <= Sys161Config.MAX_RAM_BYTES, "ramsize");
    }

    private static void checkError(UserError error, String[] lines, List<SlotOverride> overrides) {
        require(!error.what().isBlank() && !error.hint().startsWith("null"), "says nothing");
        Place place = ((UserError.Config) error).place();
        if (!place.source().equals(FILE)) {
            require(
                    overrides.stream().anyMatch(o -> o.origin().equals(place.source())),
                    "a mistake in " + place + ", which nobody gave");
        } else if (place.line() == 0) {
            require(error.what().startsWith("no mainboard"), "no line: " + error.message());
        } else {
            require(place.line() <= lines.length, "behind the end: " + place);
            String line = lines[place.line() - 1];
            boolean inside = place.column() >= 1 && place.column() <= line.length();
            require(inside && " \t\r#".indexOf(line.charAt(place.column() - 1)) < 0, "at " + place);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
