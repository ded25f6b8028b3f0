package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * Help is documentation: it is golden, in {@code help.approved.txt}. To accept a change, copy
 * {@code target/help.received.txt} over it.
 */
class HelpTest {
    private static final Path NOWHERE = Path.of("");

    private static CommandLine kseg() {
        Host host =
                new Host(System.in, System.out, new Messages(System.err), NOWHERE, Caller.UNKNOWN);
        return Main.commandLine(host);
    }

    static Stream<CommandLine> commands() {
        List<CommandLine> all = new ArrayList<>();
        collect(kseg(), all);
        return all.stream();
    }

    private static void collect(CommandLine command, List<CommandLine> into) {
        into.add(command);
        command.getSubcommands().values().stream().distinct().forEach(c -> collect(c, into));
    }

    private static String help() {
        StringBuilder all = new StringBuilder();
        commands()
                .forEach(command -> {
                    String name = command.getCommandSpec().qualifiedName();
                    String usage = command.getUsageMessage(Ansi.OFF);
                    all.append("== ").append(name).append('\n').append(usage).append('\n');
                });
        return all.toString();
    }

    @Test
    void everyHelpIsAsApproved() throws IOException {
        String received = help();
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target/help.received.txt"), received);
        assertThat(received).isEqualTo(Resources.text("help.approved.txt"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyHelpHasAnExample(CommandLine command) {
        String usage = command.getUsageMessage(Ansi.OFF);
        if (!command.getCommandName().equals("help")) {
            assertThat(usage).contains("  kseg ").containsAnyOf("Example", "First steps:");
        }
        assertThat(usage.lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void helpGoesToStandardOutput() {
        Kseg.Result result = new Kseg(NOWHERE).run("--help");
        assertThat(result.code()).isZero();
        assertThat(result.out()).startsWith("A virtual machine monitor for the MIPS R3000.");
        assertThat(result.err()).isEmpty();
        assertThat(new Kseg(NOWHERE).run().out()).isEqualTo(result.out());
        assertThat(new Kseg(NOWHERE).run("disk").out()).contains("kseg disk create DISK1.img 5M");
    }

    @Test
    void wrongUsage() {
        Kseg kseg = new Kseg(NOWHERE);
        assertThat(kseg.run("rnu"))
                .isEqualTo(
                        new Kseg.Result(
                                2,
                                "",
                                """
                                kseg: there is no command rnu here
                                kseg:     did you mean run?
                                kseg:     kseg --help explains
                                """));
        assertThat(kseg.run("run", "--sede=1", "kernel").err())
                .isEqualTo(
                        """
                        kseg: there is no option --sede=1 here
                        kseg:     did you mean --seed?
                        kseg:     kseg run --help explains
                        """);
        assertThat(kseg.run("run").err())
                .startsWith("kseg: Missing required parameter: 'KERNEL'\n");
        assertThat(kseg.run("run", "--seed", "x", "kernel").err())
                .startsWith("kseg: Invalid value for option '--seed'");
        assertThat(kseg.run("run", "--stats=xml", "kernel").err())
                .startsWith("kseg: --stats is text, none or json FILE, not \"xml\"\n");
        assertThat(kseg.run("run", "--stats=json").err())
                .startsWith("kseg: --stats=json wants a file");
        assertThat(kseg.run("run", "--on-eof=panic", "kernel").err())
                .contains("WAIT, POWEROFF, EXIT");
    }

    @Test
    void version() {
        assertThat(new Kseg(NOWHERE).run("version").out()).startsWith("kseg ").contains("Java ");
        assertThat(new Kseg(NOWHERE).run("--version").out()).startsWith("kseg ");
    }
}
