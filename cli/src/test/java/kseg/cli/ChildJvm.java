package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kseg.host.DiskImage;
import kseg.machine.Machine;
import picocli.CommandLine;

/** Kseg's classes under test in a JVM of their own. */
final class ChildJvm {
    private ChildJvm() {}

    /** A process that is to run a main class; what the JVM is told itself comes first. */
    static ProcessBuilder builder(List<String> options, Class<?> main, String... arguments)
            throws URISyntaxException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    /** Where the classes of each module are, whoever loaded them. */
    private static String classPath() throws URISyntaxException {
        List<String> places = new ArrayList<>();
        for (Class<?> type :
                List.of(Main.class, DiskImage.class, Machine.class, CommandLine.class)) {
            var place = type.getProtectionDomain().getCodeSource().getLocation();
            places.add(Path.of(place.toURI()).toString());
        }
        return String.join(System.getProperty("path.separator"), places);
    }

    static void readTo(InputStream in, String prompt) throws IOException {
        StringBuilder seen = new StringBuilder();
        while (!seen.toString().endsWith(prompt)) {
            int c = in.read();
            assertThat(c).as("ended after: " + seen).isNotNegative();
            seen.append((char) c);
        }
    }
}
