package kseg.config;

import java.util.OptionalLong;

/**
 * An argument appended to those of the device that the file puts into a slot.
 *
 * @param origin the command line option that says so, for messages
 */
public record SlotOverride(int slot, String argument, String origin) {

    /** Reads the text after {@code -C}: {@code SLOT:ARG}. */
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
        return new SlotOverride((int) slot.getAsLong(), argument, "-C " + text);
    }

    Place place() {
        return Place.of(origin);
    }

    private static UserErrorException bad(String text, String what, String hint) {
        return new UserErrorException(new UserError.Config(Place.of("-C " + text), what, hint));
    }
}
