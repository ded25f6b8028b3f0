package kseg.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code kseg version}. */
@Command(
        name = "version",
        header = "Print the version of Kseg and of the Java it runs on.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  kseg version"})
final class VersionCommand implements Callable<Integer> {
    private final Host host;

    VersionCommand(Host host) {
        this.host = host;
    }

    @Override
    public Integer call() {
        host.out().println("kseg " + Version.number());
        host.out().println("Java " + Runtime.version());
        return ExitCode.POWER_OFF.code();
    }
}
