package kseg.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What a command sees of the process it runs for, so that tests and daemons can run it for another.
 *
 * @param in standard input
 * @param out standard output: the guest's console, or the text a command was asked for
 * @param messages Kseg's own lines on standard error
 * @param directory what relative paths are relative to
 * @param caller whose streams these are
 */
record Host(InputStream in, PrintStream out, Messages messages, Path directory, Caller caller) {

    /** The process itself. */
    static Host process(Face face) {
        PrintStream out = stream(FileDescriptor.out);
        Messages messages = new Messages(stream(FileDescriptor.err), face);
        return new Host(System.in, out, messages, Path.of(""), new OwnProcess());
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
    }

    /** Whether standard output goes to a terminal, as far as the system tells. */
    boolean isSeen() {
        return isTerminal(1);
    }

    /** Whether a descriptor is a terminal's, as far as the system tells. */
    boolean isTerminal(int descriptor) {
        String name = caller.target(descriptor);
        return name.startsWith("/dev/") && !name.equals("/dev/null");
    }

    /** Whether standard output and standard error go to the same place. */
    boolean isOneStream() {
        String out = caller.target(1);
        return !out.isEmpty() && out.equals(caller.target(2));
    }

    Path path(String name) {
        return directory.resolve(name);
    }
}
