package kseg.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a connection to a daemon begins: what is wanted, and what of the caller's process a command
 * would notice if it were otherwise. A daemon runs commands only for processes like itself.
 */
record DaemonHello(Wish wish, Map<String, String> process) {
    private static final String GREETING = "kseg daemon 1";

    /** Limits (ulimit) that bear on a machine's run. */
    private static final List<String> LIMITS =
            List.of("Max cpu time", "Max file size", "Max data size", "Max address space");

    /** What a caller wants of a daemon. */
    enum Wish {
        RUN,
        STATUS,
        /** End when the machines that run have ended. */
        STOP,
        /** End, and the machines first. */
        STOP_NOW
    }

    /** This process's. */
    static DaemonHello of(Wish wish, DaemonPlace place) {
        Map<String, String> process = new LinkedHashMap<>();
        process.put("build", place.build());
        process.put("character set", System.getProperty("sun.jnu.encoding", ""));
        List<String> status = lines("status");
        process.put("user", chosen(status, List.of("Uid:", "Gid:", "Groups:")));
        process.put("umask", chosen(status, List.of("Umask:")));
        process.put("limits (ulimit)", chosen(lines("limits"), LIMITS));
        process.put("file systems (a container?)", link("ns/mnt") + link("root"));
        process.put("network", link("ns/net"));
        for (String variable : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")) {
            process.put(variable, System.getenv().getOrDefault(variable, ""));
        }
        return new DaemonHello(wish, process);
    }

    /** Linux alone tells; elsewhere all processes of a user are taken to be alike. */
    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of("/proc/self", file));
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String chosen(List<String> lines, List<String> names) {
        return lines.stream()
                .filter(line -> names.stream().anyMatch(line::startsWith))
                .collect(Collectors.joining("\n"));
    }

    private static String link(String name) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self", name)).toString();
        } catch (IOException e) {
            return "";
        }
    }

    List<String> texts() {
        Stream<String> entries =
                process.entrySet().stream().flatMap(e -> Stream.of(e.getKey(), e.getValue()));
        return Stream.concat(Stream.of(GREETING, wish.name()), entries).toList();
    }

    /** What {@link #texts} has said. */
    static DaemonHello parse(List<String> texts) throws IOException {
        List<String> wishes = Stream.of(Wish.values()).map(Wish::name).toList();
        if (texts.size() % 2 != 0
                || !texts.getFirst().equals(GREETING)
                || !wishes.contains(texts.get(1))) {
            throw new IOException("no hello");
        }
        Map<String, String> process = new LinkedHashMap<>();
        for (int i = 2; i < texts.size(); i += 2) {
            process.put(texts.get(i), texts.get(i + 1));
        }
        return new DaemonHello(Wish.valueOf(texts.get(1)), process);
    }

    /** What the other's process has otherwise than this one; empty if nothing. */
    Optional<String> difference(DaemonHello other) {
        return process.entrySet().stream()
                .filter(fact -> !fact.getValue().equals(other.process.get(fact.getKey())))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
