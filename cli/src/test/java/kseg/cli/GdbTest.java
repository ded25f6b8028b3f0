package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run with a debugger: gdb itself where it is installed, and a client that speaks by hand. */
@Timeout(60)
class GdbTest {
    private static final String KERNEL =
            """
            li $t0, 7
            jal 0x80001018
            nop
            b 0x80001004
            nop
            nop
            addiu $t0, $t0, 1     # 0x80001018
            jr $ra
            addiu $t2, $t0, 0
            """;

    @TempDir Path directory;

    /** A machine in the directory, as sys161 with these options, until it ends. */
    private CompletableFuture<Kseg.Result> run(String... options) throws IOException {
        Files.writeString(directory.resolve("sys161.conf"), "31 mainboard ramsize=1M\n");
        MiniKernel.write(directory.resolve("kernel"), KERNEL);
        String[] line =
                Stream.of(Stream.of("sys161"), Stream.of(options), Stream.of("kernel"))
                        .flatMap(part -> part)
                        .toArray(String[]::new);
        return start(line);
    }

    private CompletableFuture<Kseg.Result> start(String... line) {
        return CompletableFuture.supplyAsync(
                () -> new Kseg(directory).run(line),
                runs -> Thread.ofPlatform().daemon().start(runs));
    }

    private SocketChannel connect(String name) throws Exception {
        Path socket = directory.resolve(name);
        for (int i = 0; i < 500; i++) {
            try {
                return SocketChannel.open(UnixDomainSocketAddress.of(socket));
            } catch (IOException e) {
                Thread.sleep(20);
            }
        }
        throw new AssertionError("nobody listens on " + socket);
    }

    private static String packet(String body) {
        return "$" + body + "#%02x".formatted(body.chars().sum() & 0xff);
    }

    private static String ask(SocketChannel client, String bytes, int replies) throws IOException {
        client.write(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)));
        StringBuilder text = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (text.chars().filter(c -> c == '#').count() < replies && client.read(buffer) >= 0) {
            text.append(
                    new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII));
            buffer.clear();
        }
        return text.toString();
    }

    @Test
    void waitsForAClientAndObeysIt() throws Exception {
        CompletableFuture<Kseg.Result> run = run("-w");
        try (SocketChannel client = connect(".sockets/gdb")) {
            assertThat(ask(client, packet("?"), 1)).isEqualTo("+" + packet("T05thread:a;"));
            try (SocketChannel second = connect(".sockets/gdb")) {
                assertThat(ask(second, "", 1)).isEqualTo("$E99#b7");
            }
            assertThat(ask(client, packet("Z0,80001018,4") + packet("c"), 2))
                    .contains(packet("OK"), "thread:a;");
            assertThat(ask(client, packet("p25"), 1)).isEqualTo("+" + packet("80001018"));
            assertThat(ask(client, packet("k"), 1)).isEqualTo("+"); // and hangs up
        }
        Kseg.Result result = run.get(30, TimeUnit.SECONDS);
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains("sys161: Waiting for debugger connection...\n")
                .contains("sys161: New debugger connection\n")
                .endsWith("sys161: Debugger requested kill\n");
    }

    @Test
    void goesOnWhenItsClientVanishes() throws Exception {
        CompletableFuture<Kseg.Result> run = run("-w", "--max-cycles=1000000");
        try (SocketChannel client = connect(".sockets/gdb")) {
            client.write(
                    ByteBuffer.wrap("$Z0,80001018,4#00$g".getBytes(StandardCharsets.US_ASCII)));
        }
        Kseg.Result result = run.get(30, TimeUnit.SECONDS);
        assertThat(result.err()).contains("gdbcomm: read: EOF from debugger\n");
        assertThat(result.code()).isEqualTo(ExitCode.LIMIT.code());
    }

    @Test
    void interruptsAMachineThatRuns() throws Exception {
        CompletableFuture<Kseg.Result> run = run("-w");
        try (SocketChannel client = connect(".sockets/gdb")) {
            ask(client, packet("c"), 0);
            assertThat(ask(client, "\003", 1)).contains(packet("T02thread:a;"));
            assertThat(ask(client, packet("D"), 1)).isEqualTo("+" + packet("OK"));
        }
        try (SocketChannel again = connect(".sockets/gdb")) { // later, at any time
            assertThat(ask(again, packet("?"), 1)).isEqualTo("+" + packet("T05thread:a;"));
            ask(again, packet("k"), 0);
        }
        assertThat(run.get(30, TimeUnit.SECONDS).code()).isEqualTo(3);
    }

    @Test
    void saysWhenNobodyCouldCome() {
        Kseg.Result result = new Kseg(directory).run("demo", "-w");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .isEqualTo(
                        "kseg: -w: no debugger could come; say where with --gdb SOCKET or -p PORT\n");
        assertThat(new Kseg(directory).run("demo", "-p", "70000").err())
                .contains("a port is a number from 1 to 65535");
    }

    /** The real thing. */
    @Test
    void gdbDebugsTheGuest() throws Exception {
        assumeTrue(isInstalled(), "no gdb-multiarch: skipped");
        Path kernel = Path.of("../guests/images/kseg-demo").toAbsolutePath();
        CompletableFuture<Kseg.Result> run =
                start("demo", "--gdb", "g", "-w", "--cpus=2", "--", "counter");
        for (int i = 0; i < 500 && !Files.exists(directory.resolve("g")); i++) {
            Thread.sleep(20); // to connect would be to be the debugger it waits for
        }
        Files.writeString(
                directory.resolve("commands"),
                """
                set pagination off
                set architecture mips:3000
                set endian big
                target remote g
                break *0x80000080
                continue
                info registers pc sr
                stepi
                set var $k0 = 0x1234
                print/x $k0
                info threads
                x/1xw 0x80000080
                delete
                continue
                """);
        Process gdb =
                new ProcessBuilder(
                                "gdb-multiarch",
                                "-nx",
                                "-q",
                                "-batch",
                                "-x",
                                "commands",
                                kernel.toString())
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .start();
        String said = new String(gdb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Kseg.Result result = run.get(30, TimeUnit.SECONDS);
        assertThat(said)
                .contains("Breakpoint 1, 0x80000080")
                .contains("$1 = 0x1234")
                .contains("(CPU 0")
                .contains("exited normally");
        assertThat(result.out()).contains("counter");
        assertThat(result.code()).isZero();
    }

    private static boolean isInstalled() {
        return List.of("/usr/bin", "/usr/local/bin").stream()
                .anyMatch(place -> Files.isExecutable(Path.of(place, "gdb-multiarch")));
    }
}
