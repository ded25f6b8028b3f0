package kseg.host;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;

/** What a process in the background, and one that hands over to it, do and Java does not offer. */
public final class Background {
    private Background() {}

    /**
     * Leaves the terminal and its jobs for a session of its own, so that neither ^C nor the
     * terminal's end reaches the process. Does nothing where there are no such sessions, and for a
     * process that leads a job.
     */
    public static void leaveTerminal() {
        if (UnixFiles.here().isPresent()) {
            LibC.setsid();
        }
    }

    /**
     * Makes this process run another program instead, with its number, descriptors and terminal.
     * Returns if that cannot be.
     *
     * @param program a file
     * @param arguments what follows the program's name
     * @param environment is added to this process's own
     */
    public static void become(
            String program, List<String> arguments, Map<String, String> environment) {
        if (UnixFiles.here().isEmpty()) {
            return;
        }
        Charset names = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        try (Arena arena = Arena.ofConfined()) {
            environment.forEach((name, value) ->
                    LibC.setenv(arena.allocateFrom(name, names), arena.allocateFrom(value, names)));
            MemorySegment file = arena.allocateFrom(program, names);
            MemorySegment argv = arena.allocate(ADDRESS, arguments.size() + 2L); // ends with 0
            argv.setAtIndex(ADDRESS, 0, file);
            for (int i = 0; i < arguments.size(); i++) {
                argv.setAtIndex(ADDRESS, i + 1L, arena.allocateFrom(arguments.get(i), names));
            }
            LibC.execv(file, argv);
        }
    }
}
