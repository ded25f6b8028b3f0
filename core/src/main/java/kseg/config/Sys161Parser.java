package kseg.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Reads {@code sys161.conf}: one device a line, {@code SLOT DEVICE [ARGUMENT...]}, {@code #} starts
 * a comment, words are separated by blanks. All errors of a file are collected before any is
 * reported.
 */
final class Sys161Parser {
    private final String file;
    private final List<UserError.Config> errors = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /**
     * Whether any line, right or wrong, tried to be the mainboard's; then its absence is no news.
     */
    private boolean boardTried;

    /** One configured slot, before its arguments are understood. */
    private record Line(DeviceKind kind, Word device, List<Word> arguments) {}

    Sys161Parser(String file) {
        this.file = file;
    }

    Sys161Config parse(String text, List<SlotOverride> overrides) throws UserErrorException {
        Map<Integer, Line> lines = new LinkedHashMap<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            addLine(words(line, number), lines);
        }
        for (SlotOverride override : overrides) {
            apply(override, lines);
        }
        List<SlotConfig> slots = new ArrayList<>();
        lines.forEach((slot, line) -> slots.add(new SlotConfig(slot, device(slot, line))));
        checkWhole(lines);
        if (!errors.isEmpty()) {
            errors.sort(Comparator.comparing(UserError.Config::place, Place.ORDER));
            throw new UserErrorException(errors);
        }
        return new Sys161Config(slots, notes);
    }

    private List<Word> words(String line, int number) {
        int comment = line.indexOf('#');
        int end = comment < 0 ? line.length() : comment;
        List<Word> words = new ArrayList<>();
        int at = 0;
        while (at < end) {
            int start = at;
            while (at < end && !isBlank(line.charAt(at))) {
                at++;
            }
            if (at > start) {
                Place place = new Place(file, number, start + 1);
                words.add(new Word(line.substring(start, at), place));
            }
            at++;
        }
        return words;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r';
    }

    private void addLine(List<Word> words, Map<Integer, Line> lines) {
        if (words.isEmpty()) {
            return;
        }
        Word slotWord = words.get(0);
        OptionalLong slot = Numbers.parse(slotWord.text());
        boolean slotGood = slot.isPresent() && slot.getAsLong() <= Sys161Config.LAST_SLOT;
        if (!slotGood) {
            badSlot(slotWord);
            if (DeviceKind.named(slotWord.text()).isPresent()) {
                return;
            }
        }
        if (words.size() == 1) {
            error(
                    slotWord.place(),
                    "no device after the slot",
                    "a line is SLOT DEVICE [OPTION...]");
            return;
        }
        Word deviceWord = words.get(1);
        var kind = DeviceKind.named(deviceWord.text());
        boardTried |= kind.isPresent() && kind.get().isBoard();
        boardTried |= slotGood && slot.getAsLong() == Sys161Config.LAST_SLOT;
        if (kind.isEmpty()) {
            unknownDevice(deviceWord);
        } else if (slotGood) {
            Line line =
                    new Line(
                            kind.get(),
                            deviceWord,
                            new ArrayList<>(words.subList(2, words.size())));
            addSlot((int) slot.getAsLong(), slotWord, line, lines);
        }
    }

    private void addSlot(int slot, Word slotWord, Line line, Map<Integer, Line> lines) {
        if (line.kind.isBoard() && slot != Sys161Config.LAST_SLOT) {
            String what = line.kind.word + " can only be in slot 31";
            error(slotWord.place(), what, "write 31 instead of " + slotWord.text());
        }
        if (!line.kind.isBoard() && slot == Sys161Config.LAST_SLOT) {
            String what = "slot 31 is for the mainboard only";
            error(slotWord.place(), what, "put " + line.kind.word + " in a free slot from 0 to 30");
        }
        Line earlier = lines.putIfAbsent(slot, line);
        if (earlier != null) {
            String what = "slot " + slot + " is already in use by " + earlier.kind.word;
            String where = "line " + earlier.device.place().line();
            error(
                    slotWord.place(),
                    what,
                    "it was given on " + where + "; each slot holds one device");
        }
    }

    private void badSlot(Word word) {
        String what = "slot \"" + word.text() + "\" is not a number from 0 to 31";
        String hint = "a line starts with the slot: SLOT DEVICE [OPTION...]";
        if (DeviceKind.named(word.text()).isPresent()) {
            hint = "the slot comes first: 0 " + word.text();
        } else if (Numbers.parseDecimal(word.text()).isPresent() && word.text().startsWith("0")) {
            hint = "a leading 0 means octal: write the number without it";
        }
        error(word.place(), what, hint);
    }

    private void unknownDevice(Word word) {
        String hint =
                Nearest.to(word.text(), DeviceKind.WORDS)
                        .map(nearest -> "did you mean \"" + nearest + "\"?")
                        .orElse("devices are " + String.join(", ", DeviceKind.WORDS));
        error(word.place(), "unknown device \"" + word.text() + "\"", hint);
    }

    private void apply(SlotOverride override, Map<Integer, Line> lines) {
        Line line = lines.get(override.slot());
        if (line == null) {
            String what = "no device in slot " + override.slot() + " of " + file;
            error(override.place(), what, "-C adds options to configured devices, not devices");
            return;
        }
        line.arguments.add(new Word(override.argument(), override.place()));
    }

    private DeviceConfig device(int slot, Line line) {
        if (line.kind.ignoresArguments() && !line.arguments.isEmpty()) {
            Word first = line.arguments.get(0);
            notes.add(first.place() + ": " + line.kind.word + " takes no options; ignored");
            line.arguments.clear();
        }
        Arguments arguments = new Arguments(line.kind, line.device, line.arguments, errors);
        return new DeviceReader(slot, arguments, notes).read(line.kind);
    }

    private void checkWhole(Map<Integer, Line> lines) {
        if (!boardTried) {
            String hint = "add a line such as: 31 mainboard ramsize=4M cpus=1";
            error(Place.of(file), "no mainboard, so no memory and no processor", hint);
        }
        long serials = lines.values().stream().filter(l -> l.kind == DeviceKind.SERIAL).count();
        if (serials > 1) {
            notes.add(file + ": " + serials + " serial consoles; the last one gets the keyboard");
        }
        if (serials == 0) {
            notes.add(file + ": no serial console; the guest will be mute");
        }
    }

    private void error(Place place, String what, String hint) {
        errors.add(new UserError.Config(place, what, hint));
    }
}
