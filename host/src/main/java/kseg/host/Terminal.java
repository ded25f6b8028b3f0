package kseg.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The terminal on standard input, made transparent for a guest's console: each character arrives at
 * once and as typed (Enter as CR), nothing is echoed, output is left alone. These are System/161's
 * modes.
 *
 * <p>The terminal gets its own modes back on {@link #close}, when the JVM ends, by a signal too,
 * and while the process is stopped by ^Z; they are set again when it continues in the foreground.
 * While the process is in the background nothing is read, as a read would stop it. Java does not
 * let a program catch SIGTSTP, nor keep ^\ from printing the JVM's threads; so ^Z and ^\ arrive as
 * characters and are acted on here, and a SIGTSTP sent by another process stops Kseg with the
 * terminal as it is.
 *
 * <p>Threads: one thread reads and closes. The end of the JVM comes on a thread of the JVM's; modes
 * change under this object's lock.
 */
public final class Terminal implements AutoCloseable {
    private static final int STDIN = 0;

    /** tcsetattr, when: change after output has drained, keep what was typed meanwhile. */
    private static final int TCSADRAIN = 1;

    // struct pollfd: int fd, short events, short revents. POLLIN is 1 on every system.
    private static final int POLLFD_BYTES = 8;
    private static final int POLLFD_EVENTS = 4;
    private static final int POLLFD_REVENTS = 6;
    private static final short POLLIN = 1;

    /** As a shell reports a process killed by SIGQUIT. */
    private static final int QUIT_EXIT_CODE = 128 + 3;

    /** How long a process takes to begin to stop or end, after it was told to, at the most. */
    private static final int STOPPING_MILLIS = 100;

    private final Termios system;
    private final boolean keepSignals;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment original;
    private final MemorySegment modes;
    private final MemorySegment pollfd;
    private final Thread restorer = new Thread(this::end, "terminal-restore");
    private MemorySegment input;

    private boolean active;
    private boolean closed;

    private Terminal(Termios system, boolean keepSignals) {
        this.system = system;
        this.keepSignals = keepSignals;
        original = arena.allocate(Termios.size(), 8);
        modes = arena.allocate(Termios.size(), 8);
        pollfd = arena.allocate(POLLFD_BYTES, 4);
        pollfd.set(ValueLayout.JAVA_INT, 0, STDIN);
        pollfd.set(ValueLayout.JAVA_SHORT, POLLFD_EVENTS, POLLIN);
        input = arena.allocate(256);
    }

    /**
     * Makes the terminal on standard input transparent. Empty if standard input is not a terminal,
     * or on a system whose terminals Kseg does not know: then standard input is read like a file.
     *
     * @param keepSignals whether ^C, ^Z and ^\ stay signals to Kseg, instead of characters for the
     *     guest
     */
    public static Optional<Terminal> open(boolean keepSignals) {
        Optional<Termios> system = Termios.of(System.getProperty("os.name", ""));
        if (system.isEmpty() || isSurelyNoTerminal() || !LibC.isatty(STDIN)) {
            return Optional.empty();
        }
        var terminal = new Terminal(system.get(), keepSignals);
        if (LibC.tcgetattr(STDIN, terminal.original) != 0) {
            terminal.arena.close();
            return Optional.empty();
        }
        terminal.start();
        return Optional.of(terminal);
    }

    /**
     * Whether a descriptor is a terminal's that makes a carriage return and a line feed of each
     * line feed. System/161 writes another carriage return before those.
     */
    public static boolean mapsLineFeeds(int descriptor) {
        Optional<Termios> system = Termios.of(System.getProperty("os.name", ""));
        if (system.isEmpty()) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment modes = arena.allocate(Termios.size(), 8);
            return LibC.tcgetattr(descriptor, modes) == 0 && system.get().mapsLineFeeds(modes);
        }
    }

    /** Saves the start-up time of native calls: on Linux a symbolic link tells what stdin is. */
    private static boolean isSurelyNoTerminal() {
        try {
            Path stdin = Files.readSymbolicLink(Path.of("/proc/self/fd/0"));
            return !stdin.startsWith("/dev") || stdin.equals(Path.of("/dev/null"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private void start() {
        Runtime.getRuntime().addShutdownHook(restorer);
        activate();
    }

    /**
     * Waits for input, at most {@code timeout}, and reads what there is. Not woken by an interrupt
     * of the thread.
     *
     * @return the number of bytes read; 0 if none came in time; -1 if the terminal has hung up or
     *     is closed, now and ever after
     */
    public int read(byte[] buffer, Duration timeout) {
        int millis = Math.clamp(timeout.toMillis(), 0, Integer.MAX_VALUE);
        if (!activate()) {
            if (isClosed()) {
                return -1;
            }
            // In the background: standard input is not ours to look at.
            LibC.poll(MemorySegment.NULL, 0, millis);
            return 0;
        }
        int ready = LibC.poll(pollfd, 1, millis);
        if (ready <= 0) {
            // Nothing yet, or a signal came between.
            return 0;
        }
        if (input.byteSize() < buffer.length) {
            input = arena.allocate(buffer.length);
        }
        long count = LibC.read(STDIN, input, buffer.length);
        if (count <= 0) {
            boolean gone = pollfd.get(ValueLayout.JAVA_SHORT, POLLFD_REVENTS) != POLLIN;
            return gone || count == 0 ? -1 : 0;
        }
        MemorySegment.copy(input, ValueLayout.JAVA_BYTE, 0, buffer, 0, (int) count);
        return keepSignals ? obeySignals(buffer, (int) count) : (int) count;
    }

    /** Acts on ^Z and ^\ and takes them out of the input; returns what is left of its length. */
    private int obeySignals(byte[] buffer, int count) {
        byte suspend = system.suspend(original);
        byte quit = system.quit(original);
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (buffer[i] == quit && system.isEnabled(quit)) {
                quit();
                return kept;
            } else if (buffer[i] == suspend && system.isEnabled(suspend)) {
                stop();
            } else {
                buffer[kept++] = buffer[i];
            }
        }
        return kept;
    }

    /** How many columns and rows the terminal shows now; empty if it does not say. */
    public Optional<Size> size() {
        try (Arena local = Arena.ofConfined()) {
            // struct winsize: rows, columns, and two more shorts.
            MemorySegment winsize = local.allocate(8, 2);
            if (LibC.ioctl(STDIN, system.windowSizeRequest(), winsize) != 0) {
                return Optional.empty();
            }
            int rows = Short.toUnsignedInt(winsize.get(ValueLayout.JAVA_SHORT, 0));
            int columns = Short.toUnsignedInt(winsize.get(ValueLayout.JAVA_SHORT, 2));
            return rows == 0 || columns == 0
                    ? Optional.empty()
                    : Optional.of(new Size(columns, rows));
        }
    }

    /** A terminal's size in characters. */
    public record Size(int columns, int rows) {}

    /** Gives the terminal its own modes back. */
    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(restorer);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook finds nothing left to do.
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Restores for good: a read that is still going on must not make the terminal ours again. */
    private synchronized void end() {
        restore();
        closed = true;
    }

    /**
     * Sees to it that the modes are transparent if the process is in the foreground; says whether
     * it is. A shell that has had the terminal meanwhile left it with the modes it likes.
     */
    private synchronized boolean activate() {
        // In the background tcsetattr would stop the process.
        if (closed || LibC.tcgetpgrp(STDIN) != LibC.getpgrp()) {
            active = false;
            return false;
        }
        if (!active || (LibC.tcgetattr(STDIN, modes) == 0 && system.isCanonical(modes))) {
            modes.copyFrom(original);
            system.makeTransparent(modes, keepSignals);
            active = LibC.tcsetattr(STDIN, TCSADRAIN, modes) == 0;
        }
        return active;
    }

    private synchronized void restore() {
        if (active) {
            active = false;
            LibC.tcsetattr(STDIN, TCSADRAIN, original);
        }
    }

    /**
     * ^\: the JVM ends as it does by a signal, on a thread of its own. This one must be free to do
     * what hooks wait for, and one of them restores the terminal.
     */
    private static void quit() {
        Thread.ofPlatform().name("terminal-quit").start(() -> System.exit(QUIT_EXIT_CODE));
        // Do not run on before the hooks have begun: they close this terminal.
        LibC.poll(MemorySegment.NULL, 0, STOPPING_MILLIS);
    }

    /** ^Z: the whole job stops, as it would by the terminal, which is the shell's meanwhile. */
    private void stop() {
        restore();
        LibC.kill(0, system.sigtstp());
        // Another thread may be the one that takes the signal: do not run on before it has.
        LibC.poll(MemorySegment.NULL, 0, STOPPING_MILLIS);
    }
}
