package kseg.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import kseg.config.Nearest;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The entry point of {@code kseg}. */
@Command(
        name = "kseg",
        header = "A virtual machine monitor for the MIPS R3000.",
        description = {
            "",
            "Boots kernels made for System/161 (OS/161 among them) on a virtual machine that is"
                    + " exact and deterministic: the same kernel, configuration, seed and input give"
                    + " the same run, to the last cycle."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "First steps:",
            "  kseg demo                    boot the guest that comes with Kseg; q ends it",
            "  kseg demo -- selftest        let it test the machine, unattended",
            "  kseg disk create DISK1.img 5M",
            "  kseg run kernel \"p bin/sh\"   boot your kernel with a boot command",
            "  kseg help run                everything about a command, with examples",
            "",
            "Exit codes: 0 powered off, 1 crash, 2 usage or configuration, 16 and above Kseg's"
                    + " own;",
            "all of them in docs/exit-codes.md."
        })
public final class Main implements Runnable {
    /** In the order in which help names them. */
    private static final Map<String, Function<Host, CommandLine>> COMMANDS = commands();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    Main() {}

    private static Map<String, Function<Host, CommandLine>> commands() {
        Map<String, Function<Host, CommandLine>> commands = new LinkedHashMap<>();
        commands.put("run", Main::run);
        commands.put("demo", host -> new CommandLine(new DemoCommand(host)));
        commands.put("seeds", SeedsCommand::commandLine);
        commands.put("disk", host -> DiskCommand.commandLine(host, Face.KSEG));
        commands.put("stat", host -> new CommandLine(new StatCommand(host)));
        commands.put("hub", host -> new CommandLine(new HubCommand(host)));
        commands.put("daemon", DaemonCommand::commandLine);
        commands.put("config", ConfigCommand::commandLine);
        commands.put("disas", host -> new CommandLine(new DisasCommand(host)));
        commands.put("verify", VerifyCommand::commandLine);
        commands.put("completion", host -> new CommandLine(new CompletionCommand(host)));
        commands.put("man", host -> new CommandLine(new ManCommand(host)));
        commands.put("version", host -> new CommandLine(new VersionCommand(host)));
        commands.put("help", _ -> new CommandLine(new CommandLine.HelpCommand()));
        return commands;
    }

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // a number looks the same everywhere, as in a daemon
        System.exit(run(Host.process(Face.of(args)), args));
    }

    /** Runs one command; answers its exit code. */
    static int run(Host host, String... args) {
        Face face = Face.of(args);
        int code;
        try {
            code =
                    face == Face.KSEG
                            ? commandLine(host, args).execute(args)
                            : Programs.run(face, host, List.of(args).subList(1, args.length));
        } catch (Error e) {
            code = face.code(Failure.report(host, e));
        }
        if (host.out().checkError() && code == ExitCode.POWER_OFF.code()) {
            host.messages().say("standard output: cannot be written any more");
            return ExitCode.HOST_FAILURE.code();
        }
        return code;
    }

    /** All commands. */
    static CommandLine commandLine(Host host) {
        CommandLine line = new CommandLine(new Main());
        for (Map.Entry<String, Function<Host, CommandLine>> command : COMMANDS.entrySet()) {
            line.addSubcommand(command.getKey(), command.getValue().apply(host));
        }
        return dressed(line, host);
    }

    /** What these arguments need: picocli takes a while to read the options of a command. */
    static CommandLine commandLine(Host host, String... args) {
        Function<Host, CommandLine> only = args.length == 0 ? null : COMMANDS.get(args[0]);
        if (only == null || args[0].equals("help")) {
            return commandLine(host);
        }
        CommandLine line = new CommandLine(new Main());
        line.addSubcommand(args[0], only.apply(host));
        return dressed(line, host);
    }

    private static CommandLine run(Host host) {
        return run(host, Face.KSEG);
    }

    /** {@code kseg run}, and sys161 whatever its name. */
    static CommandLine run(Host host, Face face) {
        CommandLine run = new CommandLine(new RunCommand(host, face));
        // Options after the kernel belong to the guest.
        run.setStopAtPositional(true);
        return run;
    }

    static CommandLine dressed(CommandLine line, Host host) {
        // What is set here is set for all commands, so they must be there already.
        PrintWriter text = new PrintWriter(host.out(), true, StandardCharsets.UTF_8);
        line.setOut(text)
                .setErr(text)
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(92)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false) // @word is the guest's, as with System/161
                .setParameterExceptionHandler((e, _) -> wrongUsage(host, e))
                .setExecutionExceptionHandler((e, _, _) -> Failure.report(host, e).code());
        return line;
    }

    private static int wrongUsage(Host host, ParameterException e) {
        CommandLine command = e.getCommandLine();
        Messages messages = host.messages();
        List<String> unmatched = command.getUnmatchedArguments();
        if (unmatched.isEmpty()) {
            messages.say(String.valueOf(e.getMessage()));
        } else {
            // Picocli complains of what is missing first, though the misspelt word is the reason.
            String word = unmatched.getFirst();
            String kind = word.startsWith("-") ? "option" : "command";
            messages.say("there is no " + kind + " " + word + " here");
            Nearest.to(word.split("=", 2)[0], names(command))
                    .ifPresent(near -> messages.say("    did you mean " + near + "?"));
        }
        String name = command.getCommandSpec().qualifiedName();
        messages.say("    " + name + " --help explains");
        return ExitCode.REFUSED.code();
    }

    /** Everything that could stand where a word was not understood. */
    private static List<String> names(CommandLine command) {
        List<String> names = new ArrayList<>(command.getSubcommands().keySet());
        command.getCommandSpec().options().forEach(o -> names.addAll(List.of(o.names())));
        return names;
    }

    /** Without a command: how to go on. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
