package kseg.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kseg.config.SlotOverride;
import kseg.config.Sys161Config;
import kseg.config.UserError;
import kseg.config.UserErrorException;
import kseg.host.HostErrors;

/** Finds and reads the configuration a command is to use. */
final class Configuration {
    /** The name System/161 looks for in the current directory. */
    static final String USUAL_FILE = "sys161.conf";

    /** Resource with the machine of those who have no configuration. */
    static final String BUILT_IN = "default.conf";

    private static final long MOST_BYTES = 1 << 20;

    private Configuration() {}

    /** A file that must be there. */
    static Sys161Config read(Host host, String file, List<SlotOverride> overrides)
            throws UserErrorException {
        String hint = "to start from a working one: kseg config default > " + file;
        byte[] bytes = HostErrors.read(host.path(file), MOST_BYTES, hint);
        return Sys161Config.parse(new String(bytes, StandardCharsets.UTF_8), file, overrides);
    }

    /** The file given, else the usual file if there is one, else the built-in configuration. */
    static Sys161Config choose(Host host, Optional<String> file, List<SlotOverride> overrides)
            throws UserErrorException {
        Optional<String> chosen = file(host, file);
        return chosen.isPresent()
                ? read(host, chosen.get(), overrides)
                : builtIn(BUILT_IN, overrides);
    }

    /** The file that counts; empty if it is the built-in configuration. */
    static Optional<String> file(Host host, Optional<String> given) {
        boolean usual = given.isEmpty() && Files.exists(host.path(USUAL_FILE));
        return usual ? Optional.of(USUAL_FILE) : given;
    }

    static Sys161Config builtIn(String resource, List<SlotOverride> overrides)
            throws UserErrorException {
        return Sys161Config.parse(Resources.text(resource), "built-in " + resource, overrides);
    }

    /** Reads {@code -C} options, reporting all that are wrong. */
    static List<SlotOverride> overrides(List<String> texts) throws UserErrorException {
        List<SlotOverride> overrides = new ArrayList<>();
        List<UserError> errors = new ArrayList<>();
        for (String text : texts) {
            try {
                overrides.add(SlotOverride.parse(text));
            } catch (UserErrorException e) {
                errors.addAll(e.errors());
            }
        }
        if (!errors.isEmpty()) {
            throw new UserErrorException(errors);
        }
        return overrides;
    }
}
