package kseg.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The command that repeats one run of {@code kseg seeds}, in a form to paste into a shell.
 *
 * @param command {@code run} or {@code demo}
 * @param epoch the option that fixes the time of day, if the user has not
 * @param limit the option that ends a run that would not, if the user gave none
 * @param options the user's
 * @param operands the kernel and its arguments; what the demo is to do counts as options
 */
record Repetition(
        String command,
        List<String> epoch,
        List<String> limit,
        List<String> options,
        List<String> operands) {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    /**
     * Takes a command line apart.
     *
     * @param words of the command
     */
    static Repetition of(List<String> words, List<String> epoch, List<String> limit, Job job) {
        Job.Sources sources = job.sources();
        int end = words.size() - (sources == null ? 0 : 1 + sources.arguments());
        return new Repetition(
                words.getFirst(),
                epoch,
                limit,
                words.subList(1, end),
                words.subList(end, words.size()));
    }

    /** The same with other files, where there are. */
    Repetition with(@Nullable String kernel, @Nullable String configuration) {
        List<String> itsOptions = new ArrayList<>(options);
        if (configuration != null) {
            removeConfiguration(itsOptions);
            itsOptions.addAll(List.of("-c", configuration));
        }
        List<String> itsOperands = new ArrayList<>(operands);
        if (kernel != null) {
            itsOperands.set(0, kernel);
        }
        return new Repetition(command, epoch, limit, itsOptions, itsOperands);
    }

    private static void removeConfiguration(List<String> options) {
        for (int i = 0; i < options.size(); i++) {
            if (options.get(i).startsWith("-c")) {
                int words = options.get(i).equals("-c") ? 2 : 1;
                options.subList(i, i + words).clear();
                return;
            }
        }
    }

    /** The command that repeats this run. */
    String of(SeedRun run) {
        return "kseg " + arguments(run, "");
    }

    /**
     * All but the program.
     *
     * @param more options that the shell puts in
     */
    String arguments(SeedRun run, String more) {
        List<String> words = new ArrayList<>(List.of(command, "--detached", "--seed"));
        words.add(Long.toString(run.seed()));
        words.addAll(epoch);
        if (run.exit() == ExitCode.LIMIT) {
            words.addAll(limit);
        }
        StringBuilder text = new StringBuilder();
        words.forEach(word -> text.append(quoted(word)).append(' '));
        text.append(more.isEmpty() ? "" : more + " ");
        options.forEach(word -> text.append(quoted(word)).append(' '));
        operands.forEach(word -> text.append(quoted(word)).append(' '));
        return text.toString().strip();
    }

    /** A word as a POSIX shell takes it. */
    static String quoted(String word) {
        if (PLAIN.matcher(word).matches()) {
            return word;
        }
        boolean gentle = !word.matches("(?s).*[\"$`\\\\!].*");
        return gentle ? "\"" + word + "\"" : "'" + word.replace("'", "'\\''") + "'";
    }
}
