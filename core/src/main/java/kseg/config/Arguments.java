package kseg.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The arguments of one device line. An option may be repeated; the last one counts, which is how
 * {@code -C} overrides the file. Unknown options are reported when the object is built.
 */
final class Arguments {
    private final DeviceKind kind;
    private final Word device;
    private final List<Word> words;
    private final List<UserError.Config> errors;

    /** Options we suggested in place of a misspelt one: their absence is explained already. */
    private final Set<String> suggested = new HashSet<>();

    /** How an option spells its number. */
    enum Spelling {
        DECIMAL("a decimal number"),
        ANY_BASE("a number"),
        SIZE("a size");

        private final String noun;

        Spelling(String noun) {
            this.noun = noun;
        }

        private OptionalLong read(String text) {
            return switch (this) {
                case DECIMAL -> Numbers.parseDecimal(text);
                case ANY_BASE -> Numbers.parse(text);
                case SIZE -> Numbers.parseSize(text);
            };
        }
    }

    Arguments(DeviceKind kind, Word device, List<Word> words, List<UserError.Config> errors) {
        this.kind = kind;
        this.device = device;
        this.errors = errors;
        this.words = new ArrayList<>();
        for (Word word : words) {
            if (kind.options.contains(word.option())) {
                this.words.add(word);
            } else {
                unknown(word);
            }
        }
    }

    /** The last given of some flags or options that exclude each other. */
    Optional<Word> lastOf(String... options) {
        List<String> wanted = Arrays.asList(options);
        return words.stream().filter(w -> wanted.contains(w.option())).reduce((a, b) -> b);
    }

    boolean has(String flag) {
        return lastOf(flag).isPresent();
    }

    /** The value of an option that is not a number. */
    String text(String option, String otherwise) {
        Optional<Word> word = lastOf(option);
        if (word.isPresent() && word.get().value().isEmpty()) {
            error(word.get().place(), option + " has no value", "");
        }
        return word.map(Word::value).orElse(otherwise);
    }

    /** The value of an option that must be there. */
    String requiredText(String option, String example) {
        if (!has(option)) {
            missing(option, example);
        }
        return text(option, "");
    }

    /**
     * The value of a numeric option within a range, or empty if it is absent or wrong (and
     * reported).
     */
    OptionalLong number(String option, Spelling spelling, long least, long most, String hint) {
        Optional<Word> word = lastOf(option);
        if (word.isEmpty()) {
            return OptionalLong.empty();
        }
        String text = word.get().value();
        OptionalLong value = spelling.read(text);
        if (value.isEmpty()) {
            String what = option + " wants " + spelling.noun + ", not \"" + text + "\"";
            error(word.get().place(), what, hint);
            return OptionalLong.empty();
        }
        if (value.getAsLong() < least || value.getAsLong() > most) {
            String range = least == most ? "" + least : "from " + least + " to " + most;
            String what = word.get().text() + " is out of range: it must be " + range;
            error(word.get().place(), what, hint);
            return OptionalLong.empty();
        }
        return value;
    }

    /** Reports that an option is absent which must be there. */
    void missing(String option, String example) {
        if (!suggested.contains(option)) {
            error(device.place(), kind.word + " needs " + option, "for example: " + example);
        }
    }

    /** Reports a fault of an option that is present. */
    void wrong(String option, String what, String hint) {
        error(lastOf(option).map(Word::place).orElse(device.place()), what, hint);
    }

    private void unknown(Word word) {
        String what = kind.word + " has no option \"" + word.text() + "\"";
        error(word.place(), what, adviceFor(word));
    }

    private String adviceFor(Word word) {
        if (kind.options.isEmpty()) {
            return kind.word + " takes no options";
        }
        if (kind.options.contains(word.text() + "=")) {
            suggested.add(word.text() + "=");
            return word.text() + " needs a value: " + word.text() + "=...";
        }
        String bare = word.option().replace("=", "");
        if (kind.options.contains(bare)) {
            return bare + " takes no value";
        }
        boolean old = kind == DeviceKind.OLD_MAINBOARD || kind == DeviceKind.BUSCTL;
        if (old && word.option().equals("cpus=")) {
            return "the old mainboard has one processor; use mainboard for more";
        }
        Optional<String> near = Nearest.to(word.option(), kind.options);
        near.ifPresent(suggested::add);
        return near.map(nearest -> "did you mean \"" + nearest + "\"?")
                .orElse("its options are " + String.join(", ", kind.options));
    }

    private void error(Place place, String what, String hint) {
        errors.add(new UserError.Config(place, what, hint));
    }
}
