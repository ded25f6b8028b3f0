package kseg.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a command sees of the process it runs in, so that tests can run it in another.
 *
 * @param in standard input
 * @param out standard output: the guest's console, or the text a command was asked for
 * @param messages Kseg's own lines on standard error
 * @param directory what relative paths are relative to
 * @param isProcess whether these are the streams of the process, which may be a terminal's
 */
record Host(InputStream in, PrintStream out, Messages messages, Path directory, boolean isProcess) {

    /** The process itself. */
    static Host process(Face face) {
        PrintStream out = stream(FileDescriptor.out);
        return new Host(
                System.in, out, new Messages(stream(FileDescriptor.err), face), Path.of(""), true);
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
        String name = target(descriptor);
        return name.startsWith("/dev/") && !name.equals("/dev/null");
    }

    /** Whether standard output and standard error go to the same place. */
    boolean isOneStream() {
        String out = target(1);
        return !out.isEmpty() && out.equals(target(2));
    }

    /** What a descriptor of the process is open on, by the name Linux gives it. */
    private String target(int descriptor) {
        if (!isProcess) {
            return "";
        }
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    Path path(String name) {
        return directory.resolve(name);
    }
}
