package kseg.cli;

import java.util.ArrayList;
import java.util.List;
import kseg.config.UserError;
import kseg.config.UserErrorException;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/**
 * A {@code kseg run} or {@code kseg demo} that was given to another command, which boots its guest
 * in its own way.
 *
 * @param words of the command, beginning with its name
 */
record GivenCommand(Host host, List<String> words) {
    /** Options by which somebody watches or types into a run. */
    private static final List<String> OF_A_SINGLE_RUN =
            List.of(
                    "--stats",
                    "--meter",
                    "--gdb",
                    "-w",
                    "-p",
                    "-t",
                    "-f",
                    "-P",
                    "--folded",
                    "--trace-format",
                    "-s",
                    "--type-when-idle");

    /** As it was typed: {@code run} may be left out. */
    static GivenCommand of(Host host, List<String> typed) {
        List<String> words = new ArrayList<>(typed);
        if (!words.getFirst().equals("demo") && !words.getFirst().equals("run")) {
            words.addFirst("run");
        }
        return new GivenCommand(host, words);
    }

    private ParseResult parsed() {
        String[] all = words.toArray(String[]::new);
        return Main.commandLine(host, all).parseArgs(all).subcommand();
    }

    /** Prints its help if it was asked for, and says so. */
    boolean helps() {
        return CommandLine.printHelpIfRequested(parsed());
    }

    /**
     * What it is to boot.
     *
     * @param refused options that would have no effect, besides those of a single run
     * @param where they would have none
     * @param hint what to do instead
     */
    Job job(List<String> refused, String where, String hint) throws UserErrorException {
        ParseResult parsed = parsed();
        List<String> all = new ArrayList<>(refused);
        all.addAll(OF_A_SINGLE_RUN);
        for (String option : all) {
            if (parsed.hasMatchedOption(option)) {
                String what = option + " has no place in " + where;
                throw new UserErrorException(new UserError.Usage(what, hint));
            }
        }
        return ((BootCommand) parsed.commandSpec().userObject()).job();
    }
}
