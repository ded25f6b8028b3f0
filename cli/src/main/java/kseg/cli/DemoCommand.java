package kseg.cli;

import java.util.List;
import kseg.config.Sys161Config;
import kseg.config.UserErrorException;
import kseg.image.ElfImage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code kseg demo}. */
@Command(
        name = "demo",
        header = "Boot the guest that comes with Kseg.",
        description = {
            "",
            "It has a shell with pipes and jobs, files, several CPUs, a self-test, and ten bugs on"
                    + " request; help lists its commands and q powers off. With a command, it runs"
                    + " that unattended, powers off, and the exit code is its verdict: 0 passed, 1"
                    + " failed.",
            ""
        },
        mixinStandardHelpOptions = true,
        customSynopsis = "kseg demo [OPTION...] [-- COMMAND...]",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  kseg demo",
            "  kseg demo -- selftest",
            "  kseg demo --cpus 8 --seed 7 -- counter 2",
            "  kseg demo --cpus 2 --seed 16 -- \"bugs=5;locktest 5\""
        })
final class DemoCommand implements BootCommand {
    private static final String CONFIGURATION = "demo.conf";
    private static final String GUEST = "guests/kseg-demo";

    private final Host host;

    @Mixin private MachineOptions machine = new MachineOptions();
    @Mixin private RunOptions run = new RunOptions();
    @Mixin private TraceOptions trace = new TraceOptions();

    @Parameters(
            arity = "0..*",
            paramLabel = "COMMAND",
            description = "What the guest is to do; several commands are separated by ';'.")
    private List<String> command = List.of();

    DemoCommand(Host host) {
        this.host = host;
    }

    @Override
    public Integer call() throws UserErrorException {
        return new Session(host, job(), Face.KSEG).run().code();
    }

    @Override
    public Job job() throws UserErrorException {
        Sys161Config config = Configuration.builtIn(CONFIGURATION, machine.slotOverrides());
        ElfImage image = ElfImage.parse(Resources.bytes(GUEST), "kseg-demo");
        String boot = command.isEmpty() ? "" : String.join(" ", command) + ";q";
        return new Job(config, image, boot, machine, run, trace, null);
    }
}
