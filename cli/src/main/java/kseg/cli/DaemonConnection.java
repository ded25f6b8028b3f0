package kseg.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import kseg.cli.DaemonWire.Frame;
import kseg.cli.DaemonWire.Kind;
import kseg.engine.TranslationStore;
import kseg.machine.HostWorkers;
import org.jspecify.annotations.Nullable;

/**
 * A client of the daemon, and the command that is run for it. What the command prints it hears of
 * only when the client has printed it, so it goes no faster than the client's reader, and learns
 * that there is none; while the client is stopped (^Z), so is the machine. A client that goes away
 * interrupts its command.
 *
 * <p>Threads: one runs the command, as its process would; one receives. This object's lock guards
 * what they share.
 */
final class DaemonConnection implements Caller {
    /** How often it is asked for whether the client is there, at most. */
    private static final long PULSE_NANOS = 250_000_000;

    /** How much may be on its way to standard output. */
    private static final int MOST_UNWRITTEN = 2;

    /** How long a client may take to hang up when it has its exit code. */
    private static final long PARTING_MILLIS = 2000;

    private final DaemonServer server;
    private final DaemonWire wire;
    private final DaemonOrder order;

    private int unwritten;
    private boolean unwritable;
    private byte @Nullable [] input;
    private boolean inputEnded;
    private boolean terminal;
    private boolean terminalKnown;
    private long asked = System.nanoTime();
    private boolean there = true;
    private boolean interrupted;
    private boolean gone;

    DaemonConnection(DaemonServer server, DaemonWire wire, DaemonOrder order) {
        this.server = server;
        this.wire = wire;
        this.order = order;
    }

    /** Runs the command to its end, and tells the client. */
    void run() throws IOException, InterruptedException {
        Thread receiver = Thread.ofPlatform().daemon().name("client").start(this::receiveAll);
        String[] arguments = order.arguments().toArray(String[]::new);
        var out = new PrintStream(new Output(), false, StandardCharsets.UTF_8);
        var err = new PrintStream(new Errors(), false, StandardCharsets.UTF_8);
        // With the dot, a name is the client's own, to be shown as the client knows it.
        Path directory = Path.of(order.directory(), ".");
        Messages messages = new Messages(err, Face.of(arguments));
        messages.relativeTo(directory);
        int code = Main.run(new Host(new Input(), out, messages, directory, this), arguments);
        wire.send(Kind.EXIT, code);
        receiver.join(PARTING_MILLIS);
    }

    /** Tells the command to end. */
    synchronized void interrupt() {
        interrupted = true;
        notifyAll();
    }

    private void receiveAll() {
        try {
            for (Frame frame = wire.receive(); frame != null; frame = wire.receive()) {
                take(frame);
            }
        } catch (IOException e) {
            // A client that sends nonsense is treated as one that has gone.
        } finally { // for want of memory, too
            synchronized (this) {
                gone = true;
                notifyAll();
            }
        }
    }

    private synchronized void take(Frame frame) throws IOException {
        switch (frame.kind()) {
            case WRITTEN, UNWRITABLE -> {
                if (unwritten == 0) {
                    throw new IOException("nothing was to be written");
                }
                unwritten--;
                unwritable |= frame.kind() == Kind.UNWRITABLE;
            }
            case INPUT -> {
                if (input != null || frame.bytes().length == 0) {
                    throw new IOException("more input than was wanted");
                }
                input = frame.bytes();
            }
            case INPUT_ENDED -> inputEnded = true;
            case TERMINAL_IS -> {
                terminalKnown = true;
                terminal = true;
            }
            case TERMINAL_IS_NOT -> terminalKnown = true;
            case HERE -> there = true;
            case INTERRUPT -> interrupted = true;
            default -> throw new IOException("unexpected: " + frame.kind());
        }
        notifyAll();
    }

    /** Waits while something is so and the client is there. */
    private synchronized void awaitEnd(BooleanSupplier busy) throws IOException {
        try {
            while (busy.getAsBoolean()) {
                if (gone) {
                    throw new EOFException("the client has gone");
                }
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public String target(int descriptor) {
        return order.targets().get(descriptor);
    }

    @Override
    public boolean mapsLineFeeds(int descriptor) {
        return order.mapsLineFeeds().get(descriptor);
    }

    @Override
    public boolean inputIsFile() {
        return order.inputIsFile();
    }

    @Override
    public Optional<ConsoleInput> terminal(boolean keepSignals) {
        String name = target(0);
        if (!name.startsWith("/dev/") || name.equals("/dev/null")) {
            return Optional.empty();
        }
        try {
            wire.send(keepSignals ? Kind.TERMINAL : Kind.TERMINAL_WITHOUT_SIGNALS);
            awaitEnd(() -> !terminalKnown);
            synchronized (this) {
                return terminal ? Optional.of(new PipeInput(new Input(), true)) : Optional.empty();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public Map<String, String> environment() {
        return order.environment();
    }

    @Override
    public long pid() {
        return order.pid();
    }

    /** Whether the client has gone or been interrupted; waits while it is stopped. */
    @Override
    public boolean wantsEnd() {
        long now = System.nanoTime();
        try {
            if (now - asked > PULSE_NANOS) {
                awaitEnd(() -> !there && !interrupted);
                synchronized (this) {
                    there = false;
                }
                asked = now;
                wire.send(Kind.THERE);
            }
        } catch (IOException e) {
            return true;
        }
        synchronized (this) {
            return interrupted || gone;
        }
    }

    @Override
    public TranslationStore translations() {
        return server.translations();
    }

    @Override
    public HostWorkers workers(String fingerprint, String file) {
        return server.workers().of(fingerprint, file);
    }

    @Override
    public void failed() {
        server.retire();
    }

    /** What is written goes in chunks. */
    private abstract static class Chunks extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int done = 0; done < length; done += DaemonWire.CHUNK_BYTES) {
                send(bytes, offset + done, Math.min(length - done, DaemonWire.CHUNK_BYTES));
            }
        }

        abstract void send(byte[] bytes, int offset, int count) throws IOException;
    }

    /** The client's standard output. */
    private final class Output extends Chunks {
        @Override
        void send(byte[] bytes, int offset, int count) throws IOException {
            await(MOST_UNWRITTEN - 1);
            synchronized (DaemonConnection.this) {
                unwritten++;
            }
            wire.send(Kind.OUT, bytes, offset, count);
        }

        @Override
        public void flush() throws IOException {
            await(0);
        }

        private void await(int most) throws IOException {
            awaitEnd(() -> unwritten > most);
            synchronized (DaemonConnection.this) {
                if (unwritable) {
                    throw new IOException("the client's standard output is closed");
                }
            }
        }
    }

    /** The client's standard error. */
    private final class Errors extends Chunks {
        @Override
        void send(byte[] bytes, int offset, int count) throws IOException {
            wire.send(Kind.ERROR, bytes, offset, count);
        }
    }

    /** The client's standard input, asked for when it is read. One thread reads it. */
    private final class Input extends InputStream {
        private byte[] chunk = {};
        private int used;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (used == chunk.length && !next()) {
                return -1;
            }
            int count = Math.min(length, chunk.length - used);
            System.arraycopy(chunk, used, bytes, offset, count);
            used += count;
            return count;
        }

        private boolean next() throws IOException {
            if (isEnded()) {
                return false;
            }
            wire.send(Kind.WANTED);
            awaitEnd(() -> input == null && !inputEnded);
            synchronized (DaemonConnection.this) {
                if (input == null) {
                    return false;
                }
                chunk = input;
                input = null;
                used = 0;
                return true;
            }
        }

        private boolean isEnded() {
            synchronized (DaemonConnection.this) {
                return inputEnded;
            }
        }
    }
}
