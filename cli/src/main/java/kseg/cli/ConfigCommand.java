package kseg.cli;

import java.util.List;
import java.util.concurrent.Callable;
import kseg.config.DeviceConfig;
import kseg.config.DeviceConfig.DiskConfig;
import kseg.config.DeviceConfig.EmufsConfig;
import kseg.config.DeviceConfig.Mainboard;
import kseg.config.DeviceConfig.NicConfig;
import kseg.config.DeviceConfig.RandomConfig;
import kseg.config.DeviceConfig.ScreenConfig;
import kseg.config.DeviceConfig.SerialConfig;
import kseg.config.DeviceConfig.TimerConfig;
import kseg.config.DeviceConfig.TraceConfig;
import kseg.config.Numbers;
import kseg.config.SlotConfig;
import kseg.config.Sys161Config;
import kseg.config.UserErrorException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kseg config check|default}. */
@Command(
        name = "config",
        header = "Check a sys161.conf, or print one to start from.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  kseg config check sys161.conf",
            "  kseg config default > sys161.conf"
        })
final class ConfigCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private ConfigCommand() {}

    static CommandLine commandLine(Host host) {
        return new CommandLine(new ConfigCommand())
                .addSubcommand(new Check(host))
                .addSubcommand(new Default(host));
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** {@code kseg config check}. */
    @Command(
            name = "check",
            header = "Check a configuration and show the machine it describes.",
            description = {
                "",
                "Prints every error with its file, line and column and what to do about it, and"
                        + " then ends with exit code 2. Nothing is opened or created."
            },
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Examples:",
                "  kseg config check sys161.conf",
                "  kseg config check -C 31:cpus=8 sys161.conf     (with an option added to slot 31)"
            })
    static final class Check implements Callable<Integer> {
        private final Host host;

        @Option(
                names = "-C",
                paramLabel = "SLOT:ARG",
                description = "Add an option to the device in a slot; may be repeated.")
        private List<String> overrides = List.of();

        @Parameters(
                paramLabel = "FILE",
                arity = "0..1",
                defaultValue = Configuration.USUAL_FILE,
                description = "The configuration; ${DEFAULT-VALUE} if none is given.")
        @SuppressWarnings("NullAway.Init") // has a default
        private String file;

        Check(Host host) {
            this.host = host;
        }

        @Override
        public Integer call() throws UserErrorException {
            Sys161Config config =
                    Configuration.read(host, file, Configuration.overrides(overrides));
            config.notes().forEach(host.messages()::say);
            for (SlotConfig slot : config.slots()) {
                host.out().println("%4d  %s".formatted(slot.slot(), describe(slot.device())));
            }
            return ExitCode.POWER_OFF.code();
        }

        private static String describe(DeviceConfig device) {
            return switch (device) {
                case Mainboard board ->
                        "%s, %s of memory, %d %s"
                                .formatted(
                                        board.old() ? "old mainboard" : "mainboard",
                                        Numbers.showSize(board.ramBytes()),
                                        board.cpus(),
                                        board.cpus() == 1 ? "processor" : "processors");
                case TimerConfig _ -> "timer";
                case DiskConfig disk ->
                        "disk on %s, %d rpm%s%s"
                                .formatted(
                                        disk.file(),
                                        disk.rpm(),
                                        disk.paranoid() ? ", paranoid" : "",
                                        disk.doomed() ? "" : ", not counted by the doom counter");
                case SerialConfig _ -> "serial console";
                case ScreenConfig _ -> "text screen";
                case NicConfig nic ->
                        "network card, address %d, hub %s".formatted(nic.hwaddr(), nic.hub());
                case EmufsConfig emufs -> "host directory " + emufs.dir();
                case TraceConfig _ -> "trace control";
                case RandomConfig random ->
                        random.autoseed()
                                ? "random generator, seeded anew at every start"
                                : "random generator, seed "
                                        + Integer.toUnsignedString(random.seed());
            };
        }
    }

    /** {@code kseg config default}. */
    @Command(
            name = "default",
            header = "Print the configuration used where there is no sys161.conf.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example:", "  kseg config default > sys161.conf"})
    static final class Default implements Callable<Integer> {
        private final Host host;

        Default(Host host) {
            this.host = host;
        }

        @Override
        public Integer call() {
            host.out().print(Resources.text(Configuration.BUILT_IN));
            return ExitCode.POWER_OFF.code();
        }
    }
}
