package kseg.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A command that a client gives a daemon, and what the daemon has to know of the client's process.
 *
 * @param directory the working directory, absolute
 * @param targets see {@link Caller#target}, of descriptors 0 to 2
 * @param mapsLineFeeds see {@link Caller#mapsLineFeeds}, likewise
 * @param environment those variables that a command looks at; empty ones are not set
 */
record DaemonOrder(
        String directory,
        long pid,
        List<String> targets,
        List<Boolean> mapsLineFeeds,
        boolean inputIsFile,
        Map<String, String> environment,
        List<String> arguments) {

    /** Commands that run one machine. */
    private static final Set<String> COMMANDS = Set.of("run", "demo", "sys161", "trace161");

    private static final List<String> VARIABLES = List.of("HOME", "XDG_CACHE_HOME");
    private static final int DESCRIPTORS = 3;
    private static final int FIXED = 3 + 2 * DESCRIPTORS + VARIABLES.size();

    /**
     * A unix socket's name has 107 bytes; this much remains for the longest that a machine gives
     * its sockets, {@code ./.sockets/meter-1234567-2}.
     */
    private static final int MOST_DIRECTORY_BYTES = 80;

    /** The same command of this process. */
    static DaemonOrder of(Caller own, Path directory, List<String> arguments) {
        Face face = Face.of(arguments.toArray(String[]::new));
        List<String> targets = IntStream.range(0, DESCRIPTORS).mapToObj(own::target).toList();
        // Asking a terminal takes a while, and only System/161's lines depend on it.
        List<Boolean> maps =
                IntStream.range(0, DESCRIPTORS)
                        .mapToObj(fd ->
                                face.isSys161()
                                        && targets.get(fd).startsWith("/dev/")
                                        && !targets.get(fd).equals("/dev/null")
                                        && own.mapsLineFeeds(fd))
                        .toList();
        return new DaemonOrder(
                directory.toAbsolutePath().toString(),
                own.pid(),
                targets,
                maps,
                own.inputIsFile(),
                own.environment(),
                arguments);
    }

    /**
     * Whether a daemon can do it as the process itself would. Not if files are meant that only the
     * process has open, nor if the JVM is to be recorded.
     */
    boolean isForDaemon() {
        return !arguments.isEmpty()
                && COMMANDS.contains(arguments.getFirst())
                && bytes(directory) <= MOST_DIRECTORY_BYTES
                && !namesLongSocket()
                && arguments.stream()
                        .noneMatch(argument ->
                                argument.contains("/dev/")
                                        || argument.contains("/proc/")
                                        || argument.startsWith("--jfr"));
    }

    /** Whether a socket may be meant whose name is too long unless it is relative. */
    private boolean namesLongSocket() {
        boolean names =
                arguments.stream().anyMatch(a -> a.startsWith("--meter") || a.startsWith("--gdb"));
        int longest = arguments.stream().mapToInt(DaemonOrder::bytes).max().orElse(0);
        return names && bytes(directory + "/./") + longest > DaemonPlace.MOST_SOCKET_BYTES;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    List<String> texts() {
        List<String> texts = new ArrayList<>(List.of(directory, Long.toString(pid)));
        texts.add(Boolean.toString(inputIsFile));
        texts.addAll(targets);
        mapsLineFeeds.forEach(maps -> texts.add(maps.toString()));
        VARIABLES.forEach(name -> texts.add(environment.getOrDefault(name, "")));
        texts.addAll(arguments);
        return texts;
    }

    /** What {@link #texts} has said. */
    static DaemonOrder parse(List<String> texts) throws IOException {
        if (texts.size() <= FIXED || !isDirectory(texts.getFirst())) {
            throw new IOException("no command");
        }
        Map<String, String> environment = new LinkedHashMap<>();
        int variables = FIXED - VARIABLES.size();
        for (int i = 0; i < VARIABLES.size(); i++) {
            String value = texts.get(variables + i);
            if (!value.isEmpty()) {
                environment.put(VARIABLES.get(i), value);
            }
        }
        return new DaemonOrder(
                texts.getFirst(),
                number(texts.get(1)),
                texts.subList(3, 3 + DESCRIPTORS),
                texts.subList(3 + DESCRIPTORS, variables).stream().map(Boolean::valueOf).toList(),
                Boolean.parseBoolean(texts.get(2)),
                environment,
                texts.subList(FIXED, texts.size()));
    }

    private static boolean isDirectory(String name) {
        try {
            return Path.of(name).isAbsolute();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static long number(String text) throws IOException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException("no number: " + text, e);
        }
    }
}
