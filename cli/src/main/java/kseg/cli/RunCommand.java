package kseg.cli;

import java.util.List;
import java.util.Optional;
import kseg.config.Sys161Config;
import kseg.config.UserErrorException;
import kseg.host.HostErrors;
import kseg.image.ElfImage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kseg run}. */
@Command(
        name = "run",
        header = "Boot a kernel on a System/161 machine.",
        description = {
            "",
            "The machine is described by a sys161.conf: the file given with -c, else sys161.conf in"
                    + " the current directory, else a built-in one (see kseg config default). The"
                    + " terminal is the guest's serial console. Options come before the kernel; what"
                    + " follows it belongs to the guest.",
            "",
            "Input may also come from a pipe, a file or a script. It is typed a few characters at a"
                    + " time, while the guest has nothing to do, so that none are lost; with a file"
                    + " or a script, runs repeat exactly.",
            ""
        },
        mixinStandardHelpOptions = true,
        customSynopsis = "kseg run [OPTION...] KERNEL [ARG...]",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  kseg run kernel",
            "  kseg run kernel \"sy1;sy2;q\"            boot commands, as OS/161's menu takes them",
            "  kseg run --cpus 4 --ram 4M --seed 7 kernel \"p /testbin/forktest;q\"",
            "  kseg run -C 31:cpus=8 -c test.conf kernel",
            "  kseg run --type-after \"menu]: \" \"s\\n\" --type-after \"$ \" \"exit\\n\" kernel",
            "  echo \"tt1;q\" | kseg run --stats=json run.json --max-cycles 2000000000 kernel",
            "",
            "^C ends the run, and says where every processor is; with -s it goes to the guest.",
            "What is reported of a guest that crashes or hangs: docs/diagnostics.md."
        })
final class RunCommand implements BootCommand {
    private static final long MOST_BYTES = 1L << 30;

    private final Host host;
    private final Face face;

    @Option(names = "-c", paramLabel = "FILE", description = "The configuration of the machine.")
    private @Nullable String configuration;

    @Mixin private MachineOptions machine = new MachineOptions();
    @Mixin private RunOptions run = new RunOptions();
    @Mixin private TraceOptions trace = new TraceOptions();

    @Parameters(index = "0", paramLabel = "KERNEL", description = "The kernel, an ELF file.")
    @SuppressWarnings("NullAway.Init") // required
    private String kernel;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "ARG",
            description = "The kernel's arguments, handed over as one string.")
    private List<String> arguments = List.of();

    RunCommand(Host host, Face face) {
        this.host = host;
        this.face = face;
    }

    @Override
    public Integer call() throws UserErrorException {
        return face.code(new Session(host, job(), face).run());
    }

    @Override
    public Job job() throws UserErrorException {
        Sys161Config config =
                Configuration.choose(host, configurationFile(), machine.slotOverrides());
        String hint = "build the kernel first, or give its path";
        byte[] file = HostErrors.read(host.path(kernel), MOST_BYTES, hint);
        ElfImage image = ElfImage.parse(file, kernel);
        String chosen = Configuration.file(host, configurationFile()).orElse(null);
        var sources = new Job.Sources(kernel, chosen, arguments.size());
        return new Job(config, image, String.join(" ", arguments), machine, run, trace, sources);
    }

    /** sys161 has no configuration of its own. */
    private Optional<String> configurationFile() {
        if (configuration == null && face.isSys161()) {
            return Optional.of(Configuration.USUAL_FILE);
        }
        return Optional.ofNullable(configuration);
    }
}
