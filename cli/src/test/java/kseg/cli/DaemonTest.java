package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import kseg.cli.DaemonHello.Wish;
import kseg.cli.DaemonWire.Frame;
import kseg.cli.DaemonWire.Kind;
import kseg.cli.Kseg.Result;
import kseg.config.UserErrorException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon and its clients, in this JVM. */
@Timeout(60)
class DaemonTest {
    private static final String CONFIGURATION =
            "0 serial\n1 timer\n2 disk file=D.img\n31 mainboard ramsize=8M\n";

    @TempDir Path directory;
    @TempDir Path home;

    private DaemonPlace place;
    private DaemonServer server;
    private Thread serving;

    @BeforeEach
    void start() throws Exception {
        place = new DaemonPlace(home.resolve("daemon"));
        server = open().orElseThrow();
        serving =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                server.serve();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
        Files.write(directory.resolve("demo"), Resources.bytes("guests/kseg-demo"));
        Files.writeString(directory.resolve("sys161.conf"), CONFIGURATION);
        assertThat(new Kseg(directory).run("disk", "create", "D.img", "5M").code()).isZero();
    }

    @AfterEach
    void stop() throws Exception {
        server.stopNow();
        serving.join();
        assertThat(place.socket()).doesNotExist();
    }

    private Optional<DaemonServer> open() throws IOException, UserErrorException {
        return DaemonServer.open(place, Duration.ZERO);
    }

    /** A process that has a pipe, and perhaps a terminal, on its standard input. */
    private static class Process extends Caller.Unknown {
        private final Optional<ConsoleInput> terminal;
        private Boolean keepsSignals;

        Process(ConsoleInput terminal) {
            this.terminal = Optional.ofNullable(terminal);
        }

        @Override
        public String target(int descriptor) {
            return terminal.isPresent() ? "/dev/pts/7" : "pipe:[" + descriptor + "]";
        }

        @Override
        public boolean inputIsFile() {
            return false;
        }

        @Override
        public Optional<ConsoleInput> terminal(boolean keepSignals) {
            keepsSignals = keepSignals;
            return terminal;
        }
    }

    /** What a client prints, and its exit code. */
    private Result client(Caller process, InputStream in, Path folder, String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        OptionalInt code = DaemonClient.run(place, process, folder, in, out, err, args);
        return new Result(code.orElse(-1), text(out), text(err));
    }

    private Result client(String... args) {
        return client(new Process(null), InputStream.nullInputStream(), directory, args);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Without what differs from run to run. */
    private static String lasting(String messages) {
        return messages.replaceAll("(?m)^.*(Elapsed real time|Compiler): .*\n", "");
    }

    private void same(String... args) {
        Result with = client(args);
        Result without = new Kseg(directory).run(args);
        assertThat(with.code()).isEqualTo(without.code());
        assertThat(with.out()).isEqualTo(without.out());
        assertThat(lasting(with.err())).isEqualTo(lasting(without.err()));
    }

    @Test
    void aCommandDoesWhatItDoesWithoutADaemon() throws IOException {
        same("demo", "--", "selftest");
        same("demo", "--", "panic");
        same("sys161", "-X", "demo", "disk 0 write 3 some-text;q");
        assertThat(Files.readString(directory.resolve("D.img"))).contains("some-text");
        assertThat(directory.resolve("D.img.kseg-log")).doesNotExist();
    }

    @Test
    void whatIsWrongIsSaidInTheSameWords() {
        same("run", "nosuch");
        same("sys161", "-c", "../nosuch.conf", "demo");
        String whole = directory.resolve("nosuch.conf").toString();
        assertThat(client("run", "-c", whole, "demo").err()).startsWith("kseg: " + whole + ": ");
        same("sys161", "--nosuch", "demo");
        same("run", "--help");
    }

    @Test
    void twoMachinesAtOnceKeepToThemselves() throws Exception {
        Pipe pipe = Pipe.open();
        OutputStream firstIn = Channels.newOutputStream(pipe.sink());
        InputStream in = Channels.newInputStream(pipe.source());
        String[] command = {"sys161", "-X", "demo"};
        var first =
                CompletableFuture.supplyAsync(
                        () -> client(new Process(null), in, directory, command));
        await(() -> Files.exists(directory.resolve(".sockets/meter")));
        Result second = client("sys161", "-X", "demo", "q");
        assertThat(second.code()).isEqualTo(ExitCode.REFUSED.code());
        assertThat(second.err()).contains("sys161: D.img: ", "locked");
        Result third = client("demo", "--", "hello");
        assertThat(third.code()).isZero();
        firstIn.write("q\n".getBytes(StandardCharsets.UTF_8));
        assertThat(first.get().code()).isZero();
    }

    @Test
    void aPipeIsReadAsItIsWritten() throws Exception {
        Pipe input = Pipe.open();
        OutputStream typing = Channels.newOutputStream(input.sink());
        InputStream in = Channels.newInputStream(input.source());
        Pipe output = Pipe.open();
        OutputStream out = Channels.newOutputStream(output.sink());
        InputStream seen = Channels.newInputStream(output.source());
        var code =
                CompletableFuture.supplyAsync(() ->
                        DaemonClient.run(
                                place,
                                new Process(null),
                                directory,
                                in,
                                out,
                                OutputStream.nullOutputStream(),
                                "run",
                                "demo"));
        readTo(seen, "kseg> ");
        typing.write("hello\n".getBytes(StandardCharsets.UTF_8));
        readTo(seen, "kseg> ");
        typing.write("q\n".getBytes(StandardCharsets.UTF_8));
        assertThat(code.get()).hasValue(0);
    }

    private static void readTo(InputStream in, String prompt) throws IOException {
        StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith(prompt)) {
            int c = in.read();
            assertThat(c).as("ended after: " + text).isNotNegative();
            text.append((char) c);
        }
    }

    @Test
    void aPipesEndIsTheInputsEnd() {
        var in = new ByteArrayInputStream("hello\nq\n".getBytes(StandardCharsets.UTF_8));
        Result result = client(new Process(null), in, directory, "run", "demo");
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("hello from user mode");
        Result ended = client("run", "demo");
        assertThat(ended.code()).isEqualTo(ExitCode.INPUT_ENDED.code());
    }

    @Test
    void inputThatNobodyWantsIsLeftToTheNextCommand() {
        var in = new ByteArrayInputStream("for the next".getBytes(StandardCharsets.UTF_8));
        Result result =
                client(new Process(null), in, directory, "run", "--detached", "demo", "hello;q");
        assertThat(result.code()).isZero();
        assertThat(in.available()).isEqualTo("for the next".length());
    }

    @Test
    void theTerminalIsTheClients() {
        ConsoleInput keys = new FixedInput("hello\rq\r".getBytes(StandardCharsets.UTF_8));
        Process process = new Process(keys);
        Result result =
                client(process, InputStream.nullInputStream(), directory, "run", "-s", "demo");
        assertThat(result.out()).contains("hello from user mode");
        assertThat(result.code()).isZero();
        assertThat(process.keepsSignals).isFalse();
    }

    @Test
    void aClosedOutputIsAHostFailure() {
        var err = new ByteArrayOutputStream();
        var closed =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("closed");
                    }
                };
        OptionalInt code =
                DaemonClient.run(
                        place,
                        new Process(null),
                        directory,
                        InputStream.nullInputStream(),
                        closed,
                        err,
                        "demo",
                        "--",
                        "hello");
        assertThat(code).hasValue(ExitCode.HOST_FAILURE.code());
        assertThat(text(err)).contains("standard output: cannot be written any more");
    }

    /** A client by hand, whose command has been accepted and waits for input. */
    private DaemonWire waiting(String... command) throws IOException {
        DaemonWire wire = greeted();
        wire.send(Kind.COMMAND, order(command).texts());
        StringBuilder out = new StringBuilder();
        while (!out.toString().endsWith("kseg> ")) {
            Frame frame = wire.receive();
            assertThat(frame).isNotNull();
            if (frame.kind() == Kind.OUT) {
                out.append(frame.text());
                wire.send(Kind.WRITTEN);
            }
        }
        return wire;
    }

    private DaemonWire greeted() throws IOException {
        DaemonWire wire = place.connect();
        wire.send(Kind.HELLO, DaemonHello.of(Wish.RUN, place).texts());
        assertThat(wire.receive().kind()).isEqualTo(Kind.ACCEPTED);
        return wire;
    }

    private DaemonOrder order(String... command) {
        return DaemonOrder.of(new Process(null), directory, List.of(command));
    }

    @Test
    void anInterruptEndsTheRunInOrder() throws Exception {
        try (DaemonWire wire = waiting("run", "demo", "disk 0 write 3 before-the-interrupt")) {
            wire.send(Kind.INTERRUPT);
            StringBuilder err = new StringBuilder();
            Frame frame = wire.receive();
            for (; frame.kind() != Kind.EXIT; frame = wire.receive()) {
                if (frame.kind() == Kind.OUT) {
                    wire.send(Kind.WRITTEN);
                } else if (frame.kind() == Kind.ERROR) {
                    err.append(frame.text());
                }
            }
            assertThat(frame.number()).isEqualTo(ExitCode.INTERRUPTED.code());
            assertThat(err).contains("kseg: interrupted\n", "kseg: Elapsed virtual time: ");
        }
        assertThat(Files.readString(directory.resolve("D.img"))).contains("before-the-interrupt");
    }

    @Test
    void aClientThatVanishesLeavesNothingLocked() throws Exception {
        try (DaemonWire _ = waiting("sys161", "demo", "disk 0 write 3 before-the-end")) {
            assertThat(new Kseg(directory).run("run", "demo", "q").code()).isEqualTo(2);
        }
        await(() -> new Kseg(directory).run("run", "demo", "q").code() == 0);
        assertThat(Files.readString(directory.resolve("D.img"))).contains("before-the-end");
        assertThat(directory.resolve(".sockets/meter")).doesNotExist();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        while (!condition.holds()) {
            Thread.sleep(10);
        }
    }

    @Test
    void aMachineStopsWithItsClient() throws Exception {
        var address = UnixDomainSocketAddress.of(home.resolve("pair"));
        try (ServerSocketChannel listener =
                        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
                DaemonWire client = new DaemonWire(SocketChannel.open(address));
                DaemonWire daemon = new DaemonWire(listener.accept())) {
            var connection = new DaemonConnection(server, daemon, order("run", "nosuch"));
            Thread running =
                    Thread.ofPlatform()
                            .daemon()
                            .start(() -> {
                                while (!connection.wantsEnd()) {
                                    Thread.onSpinWait();
                                }
                            });
            assertThat(client.receive().kind()).isEqualTo(Kind.THERE);
            await(() -> running.getState() == Thread.State.WAITING);
            connection.interrupt();
            running.join();
        }
    }

    @Test
    void othersAreSentAwayWithTheReason() throws Exception {
        Map<String, String> process =
                new LinkedHashMap<>(DaemonHello.of(Wish.RUN, place).process());
        process.put("build", "daemon-of-yesterday");
        try (DaemonWire wire = place.connect()) {
            wire.send(Kind.HELLO, new DaemonHello(Wish.RUN, process).texts());
            Frame answer = wire.receive();
            assertThat(answer.kind()).isEqualTo(Kind.REFUSED);
            assertThat(answer.text()).isEqualTo("its process differs in build");
        }
    }

    @Test
    void aSocketWhoseNameIsLongUnlessItIsRelativeIsForTheProcessItself() {
        String name = "s".repeat(100 - directory.toString().length());
        assertThat(client("run", "--meter", name, "nosuch").code()).isEqualTo(2);
        assertThat(client("run", "--meter", name + "12345678", "nosuch").code()).isEqualTo(-1);
        assertThat(client("run", "--gdb=" + "s".repeat(90), "nosuch").code()).isEqualTo(-1);
    }

    @Test
    void aDirectoryThatIsNotWhereItsNameSaysIsForTheProcessItself() throws IOException {
        Path here = Files.createDirectory(directory.resolve("here"));
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        assertThat(DaemonClient.isHere(here.toString(), here.resolve("."))).isTrue();
        assertThat(DaemonClient.isHere(elsewhere.toString(), here)).isFalse();
        assertThat(DaemonClient.isHere(directory.resolve("??ere").toString(), here)).isFalse();
        assertThat(DaemonClient.isHere("\0", here)).isFalse();
    }

    @Test
    void hostileClientsHarmNobody() throws Exception {
        byte[] huge = {0, 0x7f, 0, 0, 0};
        byte[] half = {(byte) Kind.HELLO.ordinal(), 0, 0, 1, 0, 'k'};
        for (byte[] bytes : List.of(new byte[0], new byte[] {1}, huge, half)) {
            try (SocketChannel channel =
                    SocketChannel.open(UnixDomainSocketAddress.of(place.socket()))) {
                channel.write(ByteBuffer.wrap(bytes));
            }
        }
        List<DaemonWire> rude = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            DaemonWire first = place.connect();
            first.send(kind);
            DaemonWire second = greeted();
            second.send(kind);
            DaemonWire third = greeted();
            third.send(Kind.COMMAND, order("seeds", "9", "demo").texts());
            rude.addAll(List.of(first, second, third));
            rude.forEach(DaemonWire::close);
        }
        // Accepted, and then nothing is read, or nonsense sent.
        DaemonWire silent = greeted();
        silent.send(Kind.COMMAND, order("demo", "--", "selftest").texts());
        DaemonWire mad = greeted();
        mad.send(Kind.COMMAND, order("demo", "--", "selftest").texts());
        mad.send(Kind.INPUT, new byte[] {1}, 0, 1);
        mad.send(Kind.INPUT, new byte[] {1}, 0, 1);
        assertThat(client("demo", "--", "hello").code()).isZero();
        silent.close();
        mad.close();
        await(() -> status().contains("machines running: 0"));
    }

    private List<String> status() throws IOException {
        try (DaemonWire wire = place.connect()) {
            wire.send(Kind.HELLO, DaemonHello.of(Wish.STATUS, place).texts());
            return wire.receive().texts();
        }
    }

    @Test
    void thereIsOnlyOneAndItsPlaceIsItsUsersAlone() throws Exception {
        assertThat(open()).isEmpty();
        assertThat(status()).contains("machines running: 0", "commands served: 0");
        Files.setPosixFilePermissions(
                place.directory(), PosixFilePermissions.fromString("rwxr-x---"));
        Result result = client("demo", "--", "hello");
        assertThat(result.code()).isEqualTo(-1);
        assertThat(result.err())
                .contains("this run does without the daemon, which does not answer");
    }

    @Test
    void afterAnErrorItServesNoMore() throws Exception {
        server.retire();
        serving.join();
        Result result = client("demo", "--", "hello");
        assertThat(result.code()).isEqualTo(-1);
        assertThat(result.err()).startsWith("kseg: this run does without the daemon, which ");
    }

    @Test
    void theSocketOfOneThatWasKilledIsInNobodysWay() throws Exception {
        DaemonPlace dead = new DaemonPlace(home.resolve("dead"));
        dead.make();
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(dead.socket()))
                .close();
        assertThat(dead.socket()).exists();
        var err = new ByteArrayOutputStream();
        OptionalInt code =
                DaemonClient.run(
                        dead,
                        new Process(null),
                        directory,
                        InputStream.nullInputStream(),
                        OutputStream.nullOutputStream(),
                        err,
                        "demo");
        assertThat(code).isEmpty();
        assertThat(text(err))
                .isEqualTo(
                        "kseg: this run does without the daemon, which has been killed (kseg"
                                + " daemon start)\n");
        assertThat(dead.socket()).doesNotExist();
    }

    @Test
    void stopWaitsForTheMachinesThatRun() throws Exception {
        DaemonWire wire = waiting("run", "demo");
        DaemonWire stopping = place.connect();
        stopping.send(Kind.HELLO, DaemonHello.of(Wish.STOP, place).texts());
        assertThat(stopping.receive().kind()).isEqualTo(Kind.ACCEPTED);
        await(() -> Files.notExists(place.socket()));
        assertThat(serving.isAlive()).isTrue();
        wire.close();
        assertThat(stopping.receive()).isNull();
        serving.join();
        stopping.close();
    }
}
