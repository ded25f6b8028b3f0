package kseg.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import kseg.config.UserErrorException;
import kseg.host.HostErrors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code kseg man}. */
@Command(
        name = "man",
        header = "Write the manual pages.",
        description = {
            "",
            "One page for each command, made from what --help shows: kseg.1, kseg-run.1 and so on, in"
                    + " DIR/man1, which is made if it is missing.",
            ""
        },
        mixinStandardHelpOptions = true,
        customSynopsis = "kseg man DIR",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  kseg man ~/.local/share/man     where man finds them",
            "  kseg man pages; man -l pages/man1/kseg-seeds.1"
        })
final class ManCommand implements Callable<Integer> {
    private final Host host;

    @Parameters(paramLabel = "DIR", description = "Where to write them.")
    @SuppressWarnings("NullAway.Init") // required
    private String directory;

    ManCommand(Host host) {
        this.host = host;
    }

    @Override
    public Integer call() throws UserErrorException {
        Path place = host.path(directory).resolve("man1");
        try {
            Files.createDirectories(place);
            for (CommandLine command : all(Main.commandLine(host))) {
                ManPage page = new ManPage(command);
                Files.writeString(place.resolve(page.name() + ".1"), page.text());
            }
        } catch (IOException e) {
            throw HostErrors.of(place, e, "");
        }
        return ExitCode.POWER_OFF.code();
    }

    /** A command and all below it. */
    private static Set<CommandLine> all(CommandLine command) {
        Set<CommandLine> all = new LinkedHashSet<>();
        all.add(command);
        command.getSubcommands().values().forEach(below -> all.addAll(all(below)));
        return all;
    }
}
