package kseg.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import kseg.config.UserErrorException;
import kseg.port.HostFailureException;

/** Says what went wrong, in words for the user, and with what code the process ends. */
final class Failure {
    private Failure() {}

    static ExitCode report(Host host, Throwable e) {
        return switch (e) {
            case UserErrorException user -> {
                host.messages().errors(user);
                yield ExitCode.REFUSED;
            }
            case InvalidPathException path -> {
                host.messages().say(path.getInput() + ": no name a file can have in this locale");
                host.messages().say("    names that are not ASCII need one such as LC_ALL=C.UTF-8");
                yield ExitCode.REFUSED;
            }
            case HostFailureException failure -> {
                host.messages().say(String.valueOf(failure.getMessage()));
                yield ExitCode.HOST_FAILURE;
            }
            case OutOfMemoryError _ -> {
                host.caller().failed();
                host.messages().say("the JVM has too little memory for this machine");
                host.messages().say("    give the machine less (--ram), or the JVM more:");
                host.messages().say("    JAVA_TOOL_OPTIONS=-Xmx2g kseg ...");
                yield ExitCode.HOST_FAILURE;
            }
            default -> {
                host.caller().failed();
                host.messages().say("a bug in Kseg: " + e + evidence(e));
                yield ExitCode.BUG;
            }
        };
    }

    /** Puts the stack trace where a bug report can pick it up. */
    private static String evidence(Throwable e) {
        try {
            Path file = Files.createTempFile("kseg-bug-", ".txt");
            try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
                out.println("kseg " + Version.number() + ", Java " + Runtime.version());
                e.printStackTrace(out);
            }
            return "; please report it with " + file;
        } catch (IOException io) {
            return "; its trace could not be written: " + io.getMessage();
        }
    }
}
