package kseg.cli;

import java.util.ArrayList;
import java.util.List;

/** How this JVM was started. */
final class ThisJvm {
    private ThisJvm() {}

    /** What starts a JVM like this one: everything up to its main class; empty if unknown. */
    static List<String> command() {
        ProcessHandle.Info info = ProcessHandle.current().info();
        List<String> command = new ArrayList<>();
        info.command().ifPresent(command::add);
        List<String> arguments = List.of(info.arguments().orElse(new String[0]));
        int main = arguments.indexOf("kseg.cli/" + Main.class.getName());
        if (command.isEmpty() || main < 0) {
            return List.of();
        }
        command.addAll(arguments.subList(0, main + 1));
        return command;
    }
}
