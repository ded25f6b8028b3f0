package kseg.cli;

import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import kseg.cli.DaemonWire.Frame;
import kseg.cli.DaemonWire.Kind;
import kseg.host.Background;
import org.jspecify.annotations.Nullable;

/**
 * What the launcher starts while a daemon runs: hands the command over and is its terminal, its
 * streams and its signals. Starts fast, so it loads little. Where the daemon does not do it, the
 * process becomes the launcher, told to do without a daemon.
 *
 * <p>Threads: one obeys the daemon; one reads input, when some is wanted; the JVM's brings signals.
 */
public final class DaemonClient {
    /** A second more than {@link Interrupt} gives a run to end in order. */
    private static final int INTERRUPT_SECONDS = 6;

    /** A terminal is not woken when the client ends; it is looked at this often. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final DaemonWire wire;
    private final Caller own;
    private final InputStream in;
    private final OutputStream out;
    private final OutputStream err;
    private final Semaphore wanted = new Semaphore(0);
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile @Nullable ConsoleInput terminal;
    private boolean reading;

    private DaemonClient(
            DaemonWire wire, Caller own, InputStream in, OutputStream out, OutputStream err) {
        this.wire = wire;
        this.own = own;
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        Optional<DaemonPlace> place = DaemonPlace.own();
        OptionalInt code =
                place.isEmpty()
                        ? OptionalInt.empty()
                        : run(
                                place.get(),
                                new OwnProcess(),
                                Path.of(""),
                                new FileInputStream(FileDescriptor.in),
                                new FileOutputStream(FileDescriptor.out),
                                new FileOutputStream(FileDescriptor.err),
                                args);
        if (code.isPresent()) {
            System.exit(code.getAsInt());
        }
        Background.become(
                System.getProperty("kseg.launcher", ""),
                List.of(args),
                Map.of("KSEG_DAEMON", "no"));
        Main.main(args); // slower, but where it cannot become another, right
    }

    /** Has the daemon run a command; empty if it does not. */
    static OptionalInt run(
            DaemonPlace place,
            Caller own,
            Path directory,
            InputStream in,
            OutputStream out,
            OutputStream err,
            String... args) {
        DaemonOrder order = DaemonOrder.of(own, directory, List.of(args));
        if (!order.isForDaemon() || !isHere(order.directory(), directory)) {
            return OptionalInt.empty();
        }
        Messages messages =
                new Messages(new PrintStream(err, false, StandardCharsets.UTF_8), Face.of(args));
        boolean ordered = false;
        try (DaemonWire wire = place.connect()) {
            String refusal = greet(wire, DaemonHello.of(DaemonHello.Wish.RUN, place));
            if (!refusal.isEmpty()) {
                messages.say("this run does without the daemon: " + refusal);
                return OptionalInt.empty();
            }
            wire.send(Kind.COMMAND, order.texts());
            ordered = true;
            return OptionalInt.of(new DaemonClient(wire, own, in, out, err).serve());
        } catch (IOException e) {
            if (ordered) {
                messages.say("the daemon has gone, and the machine with it");
                messages.say("    what it may have printed: " + place.log());
                return OptionalInt.of(ExitCode.HOST_FAILURE.code());
            }
            messages.say("this run does without the daemon, which " + obstacle(place, e));
            return OptionalInt.empty();
        }
    }

    /** Whether a name, as far as a text can hold it, still is that of the working directory. */
    static boolean isHere(String name, Path directory) {
        try {
            return Files.isSameFile(Path.of(name), directory);
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }

    private static String obstacle(DaemonPlace place, IOException e) {
        if (!(e instanceof ConnectException)) {
            return "does not answer: " + e.getMessage();
        }
        place.socket().toFile().delete(); // so that nobody tries again
        return "has been killed (kseg daemon start)";
    }

    /** Answers why the daemon refuses; empty if it does not. */
    private static String greet(DaemonWire wire, DaemonHello hello) throws IOException {
        wire.send(Kind.HELLO, hello.texts());
        Frame answer = wire.answer();
        return switch (answer.kind()) {
            case ACCEPTED -> "";
            case REFUSED -> answer.text();
            default -> throw unexpected(answer);
        };
    }

    private static IOException unexpected(Frame frame) {
        return new IOException("unexpected: " + frame.kind());
    }

    private int serve() throws IOException {
        Thread hook = new Thread(this::interrupt, "interrupt");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            return ExitCode.INTERRUPTED.code(); // the process is ending already
        }
        try {
            while (true) {
                Frame frame = wire.receive();
                if (frame == null) {
                    throw new EOFException("no exit code");
                }
                if (frame.kind() == Kind.EXIT) {
                    return frame.number();
                }
                obey(frame);
            }
        } finally {
            if (terminal != null) {
                terminal.close();
            }
            finished.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The process is ending; the hook has nothing to wait for any more.
            }
        }
    }

    private void obey(Frame frame) throws IOException {
        switch (frame.kind()) {
            case OUT -> wire.send(written(frame.bytes()) ? Kind.WRITTEN : Kind.UNWRITABLE);
            case ERROR -> complain(frame.bytes());
            case TERMINAL -> open(true);
            case TERMINAL_WITHOUT_SIGNALS -> open(false);
            case WANTED -> read();
            case THERE -> here();
            default -> throw unexpected(frame);
        }
    }

    private void here() {
        try {
            wire.send(Kind.HERE);
        } catch (IOException e) {
            // The run was over while this process was stopped; its end is still to be read.
        }
    }

    private boolean written(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void complain(byte[] bytes) {
        try {
            err.write(bytes);
            err.flush();
        } catch (IOException e) {
            // Nobody listens, which is no reason to end.
        }
    }

    private void open(boolean keepSignals) throws IOException {
        terminal = own.terminal(keepSignals).orElse(null);
        wire.send(terminal != null ? Kind.TERMINAL_IS : Kind.TERMINAL_IS_NOT);
    }

    /** Nothing is read before it is wanted: the input may be meant for the next command. */
    private void read() {
        wanted.release();
        if (!reading) {
            reading = true;
            Thread.ofPlatform().daemon().name("input").start(this::readAll);
        }
    }

    private void readAll() {
        byte[] buffer = new byte[4096];
        try {
            while (true) {
                wanted.acquire();
                int count = terminal != null ? typed(terminal, buffer) : in.read(buffer);
                if (count < 0) {
                    wire.send(Kind.INPUT_ENDED);
                    return;
                }
                wire.send(Kind.INPUT, buffer, 0, count);
            }
        } catch (IOException e) {
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int typed(ConsoleInput terminal, byte[] buffer) {
        while (true) {
            byte[] typed = terminal.take(LOOK);
            if (typed.length > 0) {
                System.arraycopy(typed, 0, buffer, 0, typed.length);
                return typed.length;
            }
            if (terminal.ended()) {
                return -1;
            }
        }
    }

    /** Input that cannot be read has ended. */
    private void end() {
        try {
            wire.send(Kind.INPUT_ENDED);
        } catch (IOException e) {
            // The daemon has gone, which the other thread says.
        }
    }

    /** On the JVM's thread, while the process ends: the command is given time to end in order. */
    private void interrupt() {
        try {
            wire.send(Kind.INTERRUPT);
            if (!finished.await(INTERRUPT_SECONDS, TimeUnit.SECONDS)) {
                Thread.currentThread().interrupt();
            }
        } catch (IOException e) {
            // It has ended by itself.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
