package kseg.cli;

import java.util.List;
import picocli.CommandLine;

/** disk161: {@code kseg disk} with System/161's usage, output and exit codes. */
final class Disk161 {
    private static final String USAGE =
            """
            Usage: disk161 action [options] [arguments]
               disk161 create [-f] filename size
               disk161 info filename...
               disk161 resize filename [+-]size
            """;

    private Disk161() {}

    static int run(Face face, Host host, List<String> args) {
        CommandLine line = DiskCommand.commandLine(host, face);
        Programs.dress(line, face, host);
        line.setParameterExceptionHandler((_, _) -> usage(face, host));
        if (args.isEmpty() || args.getFirst().equals("help")) {
            return usage(face, host);
        }
        if (!line.getSubcommands().containsKey(args.getFirst())) {
            host.messages().say("Unknown command " + args.getFirst());
            return usage(face, host);
        }
        return line.execute(args.toArray(String[]::new));
    }

    private static int usage(Face face, Host host) {
        host.messages().print(USAGE);
        return face.usageCode();
    }
}
