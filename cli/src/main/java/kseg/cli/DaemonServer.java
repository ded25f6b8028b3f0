package kseg.cli;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kseg.cli.DaemonHello.Wish;
import kseg.cli.DaemonWire.Frame;
import kseg.cli.DaemonWire.Kind;
import kseg.config.UserErrorException;
import kseg.engine.TranslationStore;
import kseg.host.Background;

/**
 * The daemon: runs commands for clients in this JVM, which has warmed up, until it is stopped, has
 * been idle for long, or something makes it doubtful. Then it accepts nothing more and ends when
 * the last command has.
 *
 * <p>Threads: one accepts; each connection has its own, which runs the command. This object's lock
 * guards what is counted.
 */
final class DaemonServer {
    /** More machines at once are run by their own processes. */
    private static final int MOST_RUNNING = 16;

    /** So many, too, if there is not so much heap for each. */
    private static final long BYTES_OF_ONE = 96L << 20;

    private static final int MOST_CONNECTIONS = 64;

    /** How often it is looked whether something has changed. */
    private static final long LOOK_MILLIS = 1000;

    /** How long a client may take to say what it wants. */
    private static final Duration HELLO = Duration.ofSeconds(10);

    /** How long commands that were interrupted may take to end in order. */
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private final DaemonPlace place;
    private final Duration idle;
    private final FileChannel lock;
    private final ServerSocketChannel listener;
    private final Selector selector;
    private final DaemonHello own;
    private final List<Object> identity;
    private final TranslationStore translations = new TranslationStore();
    private final DaemonWorkers workers = new DaemonWorkers();
    private final Instant since = Instant.now();

    /** All, each with the instant at which it is given up. */
    private final Map<DaemonWire, Instant> connections = new ConcurrentHashMap<>();

    private final Set<DaemonConnection> running = new HashSet<>();
    private int admitted;
    private long served;
    private Instant lastUsed = since;
    private boolean retired;

    /** Whether no command is waited for any more. */
    private boolean abandoned;

    private DaemonServer(
            DaemonPlace place, Duration idle, FileChannel lock, ServerSocketChannel listener)
            throws IOException {
        this.place = place;
        this.idle = idle;
        this.lock = lock;
        this.listener = listener;
        own = DaemonHello.of(Wish.RUN, place);
        selector = Selector.open();
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        identity = identity();
    }

    /**
     * The process that {@code kseg daemon start} starts.
     *
     * @param args for how many minutes it may be idle
     */
    public static void main(String[] args) throws IOException, UserErrorException {
        Locale.setDefault(Locale.ROOT);
        Background.leaveTerminal();
        Duration idle = Duration.ofMinutes(Long.parseLong(args[0]));
        Optional<DaemonServer> server = open(DaemonPlace.own().orElseThrow(), idle);
        if (server.isPresent()) {
            Runtime.getRuntime().addShutdownHook(new Thread(server.get()::stopNow, "stop"));
            server.get().serve();
        }
        Runtime.getRuntime().halt(0);
    }

    /**
     * Takes the place. Empty if another daemon has it.
     *
     * @param idle how long it may be idle; for ever if zero
     */
    static Optional<DaemonServer> open(DaemonPlace place, Duration idle)
            throws IOException, UserErrorException {
        place.make();
        FileChannel lock =
                FileChannel.open(place.lock(), StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        if (!isLocked(lock)) {
            lock.close();
            return Optional.empty();
        }
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            Files.deleteIfExists(place.socket()); // of a daemon that was killed
            listener.bind(UnixDomainSocketAddress.of(place.socket()));
            return Optional.of(new DaemonServer(place, idle, lock, listener));
        } catch (IOException | RuntimeException e) {
            listener.close();
            lock.close();
            throw e;
        }
    }

    private static boolean isLocked(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // by this process
        }
    }

    /** Accepts clients until it has retired and the last command has ended. */
    void serve() throws IOException {
        try (selector;
                listener;
                lock) {
            while (!isRetired()) {
                selector.select(LOOK_MILLIS);
                selector.selectedKeys().clear();
                try {
                    acceptAll();
                    look();
                } catch (IOException | OutOfMemoryError e) {
                    retire(); // the host has no more memory, descriptors or threads for us
                }
            }
            listener.close();
            if (number(place.socket()).equals(identity.getFirst())) {
                place.remove();
            }
            lock.close(); // the next one need not wait for what runs here
            awaitCommands(Long.MAX_VALUE);
        } finally {
            connections.keySet().forEach(DaemonWire::close);
        }
    }

    private void acceptAll() throws IOException {
        for (SocketChannel c = listener.accept(); c != null; c = listener.accept()) {
            accept(c);
        }
    }

    private void accept(SocketChannel channel) throws IOException {
        channel.configureBlocking(true);
        DaemonWire wire = new DaemonWire(channel);
        if (connections.size() >= MOST_CONNECTIONS) {
            wire.close();
            return;
        }
        connections.put(wire, Instant.now().plus(HELLO));
        Thread.ofPlatform().daemon().name("command").start(() -> attend(wire));
    }

    /** What is to be done from time to time. */
    private void look() {
        Instant now = Instant.now();
        connections.forEach((wire, until) -> {
            if (until.isBefore(now)) {
                wire.close();
            }
        });
        boolean replaced = !identity.equals(identity());
        synchronized (this) {
            boolean bored = admitted == 0 && !idle.isZero() && lastUsed.plus(idle).isBefore(now);
            retired |= bored || replaced;
        }
    }

    /** What tells this daemon's socket and its build from those that have taken their places. */
    private List<Object> identity() {
        Path jars = Path.of(System.getProperty("jdk.module.path", ""));
        return List.of(number(place.socket()), number(jars.resolveSibling("build")));
    }

    private static Object number(Path file) {
        try {
            return Files.getAttribute(file, "unix:ino");
        } catch (IOException e) {
            return "";
        }
    }

    /** Waits until no command runs, for at most so long. */
    private synchronized void awaitCommands(long nanos) {
        long deadline = System.nanoTime() + nanos;
        try {
            while (admitted > 0 && !abandoned && deadline - System.nanoTime() > 0) {
                wait(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void attend(DaemonWire wire) {
        try (wire) {
            Frame frame = wire.receive();
            if (frame == null || frame.kind() != Kind.HELLO) {
                return;
            }
            DaemonHello hello = DaemonHello.parse(frame.texts());
            switch (hello.wish()) {
                case RUN -> run(wire, hello);
                case STATUS -> wire.send(Kind.REPORT, report());
                case STOP -> stop(wire, false);
                case STOP_NOW -> stop(wire, true);
            }
        } catch (IOException e) {
            // A client that has gone, or is none: nobody is left to be told.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(wire);
        }
    }

    /** The client's answer is that this process ends. */
    private void stop(DaemonWire wire, boolean now) throws IOException {
        connections.put(wire, Instant.MAX);
        wire.send(Kind.ACCEPTED);
        retire();
        if (now) {
            stopNow();
        }
        wire.receive();
    }

    private void run(DaemonWire wire, DaemonHello hello) throws IOException, InterruptedException {
        Optional<String> difference = own.difference(hello);
        String refusal =
                difference.isPresent() ? "its process differs in " + difference.get() : admit();
        if (!refusal.isEmpty()) {
            wire.send(Kind.REFUSED, List.of(refusal));
            return;
        }
        try {
            wire.send(Kind.ACCEPTED);
            Frame frame = wire.receive();
            if (frame != null && frame.kind() == Kind.COMMAND) {
                run(wire, DaemonOrder.parse(frame.texts()));
            }
        } finally {
            dismiss();
        }
    }

    private void run(DaemonWire wire, DaemonOrder order) throws IOException, InterruptedException {
        if (!order.isForDaemon()) {
            return;
        }
        connections.put(wire, Instant.MAX);
        DaemonConnection connection = new DaemonConnection(this, wire, order);
        synchronized (this) {
            running.add(connection);
            served++;
        }
        try {
            connection.run();
        } catch (RuntimeException | Error e) {
            retire();
            throw e;
        } finally {
            synchronized (this) {
                running.remove(connection);
            }
        }
    }

    /** Takes a command on; otherwise answers why not. */
    private synchronized String admit() {
        if (retired) {
            return "it is about to end";
        }
        long room = Runtime.getRuntime().maxMemory() / BYTES_OF_ONE;
        if (admitted >= Math.clamp(room, 1, MOST_RUNNING)) {
            return "it runs " + admitted + " machines already";
        }
        admitted++;
        return "";
    }

    private synchronized void dismiss() {
        admitted--;
        lastUsed = Instant.now();
        notifyAll();
    }

    TranslationStore translations() {
        return translations;
    }

    DaemonWorkers workers() {
        return workers;
    }

    private synchronized boolean isRetired() {
        return retired;
    }

    /** Accepts no more commands. */
    void retire() {
        synchronized (this) {
            retired = true;
        }
        selector.wakeup();
    }

    /** Accepts no more commands, and interrupts those that run. */
    void stopNow() {
        retire();
        synchronized (this) {
            running.forEach(DaemonConnection::interrupt);
        }
        awaitCommands(PATIENCE_NANOS);
        synchronized (this) {
            abandoned = true;
            notifyAll();
        }
    }

    private synchronized List<String> report() {
        Runtime memory = Runtime.getRuntime();
        long used = memory.totalMemory() - memory.freeMemory() >> 20;
        return List.of(
                "process " + ProcessHandle.current().pid(),
                "build " + place.build(),
                "since " + since.truncatedTo(ChronoUnit.SECONDS),
                "machines running: " + running.size(),
                "commands served: " + served,
                "heap: %d MB, of which %d MB are used".formatted(memory.totalMemory() >> 20, used),
                idle.isZero()
                        ? "ends when it is stopped"
                        : "ends when it is stopped, or after "
                                + idle.toMinutes()
                                + " idle minutes");
    }
}
