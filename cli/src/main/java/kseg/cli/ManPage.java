package kseg.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The manual page of a command, from the definitions that {@code --help} is made from; in the man
 * macros of roff (groff_man(7)).
 */
final class ManPage {
    private final CommandLine command;
    private final CommandSpec spec;
    private final StringBuilder out = new StringBuilder();

    ManPage(CommandLine command) {
        this.command = command;
        spec = command.getCommandSpec();
    }

    /** As in {@code man NAME}. */
    String name() {
        return spec.qualifiedName("-");
    }

    /** The page. */
    String text() {
        out.setLength(0);
        UsageMessageSpec usage = spec.usageMessage();
        macro("TH", name().toUpperCase(Locale.ROOT), "1", "", "Kseg " + Version.number(), "Kseg");
        section("NAME");
        String header = plain(usage.header());
        line(name() + " - " + header.replaceAll("\\.$", ""));
        section("SYNOPSIS");
        line(command.getHelp().synopsis(0).strip());
        section("DESCRIPTION");
        paragraphs(usage.description());
        arguments();
        options();
        commands();
        footer(usage.footer());
        if (spec.parent() == null) {
            exitStatus();
        }
        seeAlso();
        return out.toString();
    }

    private void arguments() {
        List<PositionalParamSpec> shown = new ArrayList<>(spec.positionalParameters());
        shown.removeIf(ArgSpec::hidden);
        if (shown.isEmpty()) {
            return;
        }
        section("ARGUMENTS");
        for (PositionalParamSpec positional : shown) {
            item(positional.paramLabel(), positional.description());
        }
    }

    private void options() {
        section("OPTIONS");
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                String names = String.join(", ", option.names());
                boolean takes = option.arity().max() > 0;
                item(takes ? names + " " + option.paramLabel() : names, option.description());
            }
        }
    }

    private void commands() {
        if (spec.subcommands().isEmpty()) {
            return;
        }
        section("COMMANDS");
        for (CommandLine below : new LinkedHashSet<>(spec.subcommands().values())) {
            item(below.getCommandName(), below.getCommandSpec().usageMessage().header());
        }
    }

    /** Examples are indented; what comes after them are notes. */
    private void footer(String[] lines) {
        boolean inExample = false;
        for (String text : lines) {
            if (text.startsWith("  ") != inExample) {
                macro(inExample ? "fi" : "nf");
                inExample = !inExample;
            }
            if (text.endsWith(":") && !inExample) {
                section(text.substring(0, text.length() - 1).toUpperCase(Locale.ROOT));
            } else if (inExample) {
                line(formatted(text).substring(2));
            } else if (text.isBlank()) {
                paragraph();
            } else {
                line(plain(text));
            }
        }
        if (inExample) {
            macro("fi");
        }
    }

    private void exitStatus() {
        section("EXIT STATUS");
        for (ExitCode exit : ExitCode.values()) {
            item(Integer.toString(exit.code()), exit.title() + ": " + exit.meaning());
        }
    }

    private void seeAlso() {
        List<String> others = new ArrayList<>();
        CommandSpec parent = spec.parent();
        if (parent != null) {
            others.add(parent.qualifiedName("-"));
        }
        new LinkedHashSet<>(spec.subcommands().values())
                .forEach(below -> others.add(below.getCommandSpec().qualifiedName("-")));
        section("SEE ALSO");
        for (int i = 0; i < others.size(); i++) {
            macro("BR", others.get(i), "(1)" + (i + 1 < others.size() ? "," : ""));
        }
    }

    private void section(String title) {
        macro("SH", title);
    }

    private void item(String tag, String... description) {
        macro("TP");
        out.append("\\fB").append(escaped(tag)).append("\\fR\n");
        line(plain(description));
    }

    private void paragraphs(String[] texts) {
        for (String text : texts) {
            if (text.isBlank()) {
                paragraph();
            } else {
                line(plain(text));
            }
        }
    }

    /** Not directly under a heading. */
    private void paragraph() {
        int lastLine = out.lastIndexOf("\n", out.length() - 2) + 1;
        if (!out.substring(lastLine).startsWith(".SH")) {
            macro("PP");
        }
    }

    /** A macro; its arguments are quoted. */
    private void macro(String name, String... arguments) {
        out.append('.').append(name);
        for (String argument : arguments) {
            out.append(" \"").append(escaped(argument)).append('"');
        }
        out.append('\n');
    }

    private void line(String text) {
        String escaped = escaped(text);
        boolean control = escaped.startsWith(".") || escaped.startsWith("'");
        out.append(control ? "\\&" : "").append(escaped).append('\n');
    }

    /** Without picocli's marks for colours, and with its variables filled in. */
    private static String plain(String... lines) {
        List<String> texts = new ArrayList<>();
        for (String text : lines) {
            texts.add(formatted(text).strip());
        }
        return String.join(" ", texts).strip();
    }

    private static String formatted(String text) {
        return Ansi.OFF.string(text.formatted());
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\(rs")
                .replace("-", "\\-")
                .replace("\"", "\\(dq")
                .replace("^", "\\(ha")
                .replace("~", "\\(ti")
                .replace("`", "\\(ga")
                .replace("'", "\\(aq")
                .replace("–", "\\(en")
                .replace("\n", " ");
    }
}
