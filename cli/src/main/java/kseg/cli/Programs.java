package kseg.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * System/161's programs: their command lines and usage texts. What they do is done by Kseg's own
 * commands, where the options are defined.
 */
final class Programs {
    private static final String SYS161_USAGE = "sys161-usage.txt";
    private static final String STAT161_USAGE =
            """
            Usage: stat161 [-i interval] [socket]
               -i interval  Set sampling interval, in seconds (default 0.2)
            """;

    private static final String HUB161_USAGE =
            """
            Usage: hub161 [socketname]
                Default socket is .sockets/hub
            """;

    private Programs() {}

    /** Runs one of the programs; answers its exit code. */
    static int run(Face face, Host host, List<String> args) {
        return switch (face) {
            case SYS161, TRACE161 -> sys161(face, host, args);
            case DISK161 -> Disk161.run(face, host, args);
            case STAT161 -> tool(face, host, new StatCommand(host), STAT161_USAGE, args);
            case HUB161 -> tool(face, host, new HubCommand(host), HUB161_USAGE, args);
            case KSEG -> throw new IllegalArgumentException("no program: " + face);
        };
    }

    /** A program that is one command. */
    private static int tool(Face face, Host host, Object command, String usage, List<String> args) {
        CommandLine line = new CommandLine(command);
        dress(line, face, host);
        line.setParameterExceptionHandler((_, _) -> {
            host.messages().print(usage);
            return face.usageCode();
        });
        return line.execute(args.toArray(String[]::new));
    }

    private static int sys161(Face face, Host host, List<String> args) {
        CommandLine line = Main.run(host, face);
        dress(line, face, host);
        line.setParameterExceptionHandler((e, _) -> wrongUsage(face, host, e));
        Optional<List<String>> words = Getopt.split(line.getCommandSpec(), args);
        if (words.isEmpty() || words.get().stream().allMatch(word -> word.startsWith("-"))) {
            boolean asked = words.isPresent() && words.get().contains("--help");
            return asked ? line.execute("--help") : usage(face, host);
        }
        return line.execute(words.get().toArray(String[]::new));
    }

    /** Prepares a command line that is a whole program. */
    static void dress(CommandLine line, Face face, Host host) {
        Main.dressed(line, host)
                .setExecutionExceptionHandler((e, _, _) -> face.code(Failure.report(host, e)));
    }

    private static int wrongUsage(Face face, Host host, ParameterException e) {
        host.messages().say(String.valueOf(e.getMessage()));
        return face.usageCode();
    }

    private static int usage(Face face, Host host) {
        host.messages().say(Version.asSystem161());
        host.messages().say(Resources.text(SYS161_USAGE));
        return face.usageCode();
    }
}
