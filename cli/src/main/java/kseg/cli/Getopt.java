package kseg.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Reads a command line as System/161 does, by the letters of the options a command has: letters may
 * be clustered ({@code -sX}), an option's argument may be glued to it ({@code -cFILE}) or be the
 * next word, whatever that looks like, and the first word without a dash ends the options. Words
 * that begin with two dashes are Kseg's own options and left as they are.
 */
final class Getopt {
    private final CommandSpec command;
    private final List<String> words = new ArrayList<>();

    private Getopt(CommandSpec command) {
        this.command = command;
    }

    /**
     * The same command line, one option a word, its argument behind an equals sign.
     *
     * @return empty if there is an unknown letter, or an argument is missing
     */
    static Optional<List<String>> split(CommandSpec command, List<String> args) {
        Getopt getopt = new Getopt(command);
        int next = 0;
        while (next < args.size() && args.get(next).startsWith("-")) {
            next = getopt.take(args, next);
            if (next < 0) {
                return Optional.empty();
            }
        }
        getopt.words.addAll(args.subList(next, args.size()));
        return Optional.of(getopt.words);
    }

    /** Takes the word at an index; answers the index of the next, or a negative number. */
    private int take(List<String> args, int index) {
        String word = args.get(index);
        if (word.startsWith("--")) {
            words.add(word);
            return index + 1;
        }
        for (int i = 1; i < word.length(); i++) {
            String name = "-" + word.charAt(i);
            OptionSpec option = command.findOption(name);
            if (option == null || option.usageHelp() || option.versionHelp()) {
                return -1;
            }
            if (option.arity().max() == 0) {
                words.add(name);
            } else if (i + 1 < word.length()) {
                words.add(name + "=" + word.substring(i + 1));
                return index + 1;
            } else if (index + 1 < args.size()) {
                words.add(name + "=" + args.get(index + 1));
                return index + 2;
            } else {
                return -1;
            }
        }
        return index + 1;
    }
}
