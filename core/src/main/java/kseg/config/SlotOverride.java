package kseg.config;

import java.util.OptionalLong;

/**
 * One {@code -C SLOT:ARG}: an argument appended to those of the device the file puts into a slot.
 */
public record SlotOverride(int slot, String argument) {

    /** Reads the text after {@code -C}. */
    public static SlotOverride parse(String text) throws UserErrorException {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw bad(text, "no ':' in it", "write SLOT:ARG, for example -C 31:cpus=4");
        }
        String slotText = text.substring(0, colon);
        OptionalLong slot = Numbers.parse(slotText);
        if (slot.isEmpty() || slot.getAsLong() > Sys161Config.LAST_SLOT) {
            throw bad(text, "slot \"" + slotText + "\" is not a number from 0 to 31", "");
        }
        String argument = text.substring(colon + 1);
        if (argument.isBlank()) {
            throw bad(
                    text, "no argument after the ':'", "write SLOT:ARG, for example -C 31:cpus=4");
        }
        return new SlotOverride((int) slot.getAsLong(), argument);
    }

    Place place() {
        return Place.of("-C " + slot + ":" + argument);
    }

    private static UserErrorException bad(String text, String what, String hint) {
        return new UserErrorException(new UserError.Config(Place.of("-C " + text), what, hint));
    }
}
