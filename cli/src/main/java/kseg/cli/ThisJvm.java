package kseg.cli;

import java.util.ArrayList;
import java.util.List;

/** How this JVM was started. */
final class ThisJvm {
    private ThisJvm() {}

    /** What starts a JVM like this one: everything up to its main class; empty if unknown. */
    static List<String> command() {
        return command(Main.class);
    }

    /** The same with another main class. */
    static List<String> command(Class<?> main) {
        ProcessHandle.Info info = ProcessHandle.current().info();
        List<String> command = new ArrayList<>();
        info.command().ifPresent(command::add);
        for (String argument : info.arguments().orElse(new String[0])) {
            if (argument.endsWith(Main.class.getName()) && !command.isEmpty()) {
                // With its module in front, if it has one.
                command.add(argument.replace(Main.class.getName(), main.getName()));
                return command;
            }
            command.add(argument);
        }
        return List.of();
    }
}
