package kseg.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ./kseg fetches Maven with, against a server on this machine that can misbehave. */
class FetchMavenTest {
    @TempDir static Path classes;

    @TempDir Path directory;

    private final List<String> requests = new ArrayList<>();
    private byte[] archive;
    private byte[] answer;
    private boolean stalls;
    private ServerSocket server;

    @BeforeAll
    static void compile() {
        String source = Path.of("..", "etc", "FetchMaven.java").toString();
        assertThat(
                        ToolProvider.getSystemJavaCompiler()
                                .run(null, null, null, "-Werror", "-d", classes + "", source))
                .isZero();
    }

    @BeforeEach
    void serve() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("apache-maven-1/"));
            zip.putNextEntry(new ZipEntry("apache-maven-1/bin/mvn"));
            zip.write("#!/bin/sh\n".getBytes(UTF_8));
        }
        archive = bytes.toByteArray();
        answer = answer("200 OK", archive);
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::answerAll);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void aWholeArchiveBecomesADirectory() throws Exception {
        assertThat(fetch(here(), Map.of())).isEqualTo(new Run(0, ""));
        assertThat(maven()).hasContent("#!/bin/sh").isExecutable();
        assertThat(left()).containsExactly("maven");
        assertThat(requests).containsExactly("GET /m.zip HTTP/1.1");
    }

    @Test
    void halfAnArchiveIsNone() throws Exception {
        answer = Arrays.copyOf(answer, answer.length - 10);
        refuses("Premature EOF");
    }

    @Test
    void anotherArchiveIsNotTaken() throws Exception {
        byte[] other = archive.clone();
        other[archive.length / 2] ^= 1;
        answer = answer("200 OK", other);
        refuses("what came (%d bytes) is not the Maven that Kseg expects".formatted(other.length));
    }

    @Test
    void aPageThatSaysNoIsNotAnArchive() throws Exception {
        answer = answer("503 Busy", archive);
        refuses("the server answers 503");
    }

    @Test
    void aServerThatSaysNothingIsNotWaitedForForEver() throws Exception {
        answer = new byte[0];
        stalls = true;
        refuses("no answer, or a very slow one");
    }

    @Test
    void aServerThatStopsInTheMiddleIsNotWaitedForForEver() throws Exception {
        answer = Arrays.copyOf(answer, answer.length - 10);
        stalls = true;
        refuses("no answer, or a very slow one");
    }

    @Test
    void whereNobodyListensThatIsSaid() throws Exception {
        server.close();
        refuses("Connection refused");
    }

    @Test
    void whatIsNoAddressIsSaidToBeNone() throws Exception {
        Run run = fetch("no address/m.zip", Map.of());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.output().lines())
                .singleElement()
                .asString()
                .startsWith("no address/m.zip: Illegal character");
    }

    @Test
    void theProxyOfTheEnvironmentIsAsked() throws Exception {
        String proxy = "http://127.0.0.1:" + server.getLocalPort() + "/";
        assertThat(fetch("http://maven.invalid/m.zip", Map.of("http_proxy", proxy)))
                .isEqualTo(new Run(0, ""));
        assertThat(requests).containsExactly("GET http://maven.invalid/m.zip HTTP/1.1");
        assertThat(maven()).isExecutable();
    }

    @Test
    void theProxyIsNotAskedForWhatIsExempt() throws Exception {
        Map<String, String> environment =
                Map.of("http_proxy", "proxy.invalid:3128", "no_proxy", "a.invalid, 127.0.0.1");
        assertThat(fetch(here(), environment)).isEqualTo(new Run(0, ""));
    }

    private void refuses(String reason) throws Exception {
        assertThat(fetch(here(), Map.of())).isEqualTo(new Run(1, here() + ": " + reason + "\n"));
        assertThat(left()).isEmpty();
    }

    private String here() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/m.zip";
    }

    private Path maven() {
        return directory.resolve("dists/maven/bin/mvn");
    }

    private List<String> left() throws IOException {
        try (var files = Files.list(directory.resolve("dists"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private record Run(int code, String output) {}

    private Run fetch(String address, Map<String, String> environment) throws Exception {
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(archive));
        var builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dkseg.fetch.millis=" + (stalls ? 200 : 30_000),
                        "-cp",
                        classes.toString(),
                        "FetchMaven",
                        address,
                        directory.resolve("dists/maven").toString(),
                        digest);
        for (String name : List.of("http_proxy", "https_proxy", "no_proxy")) {
            builder.environment().remove(name);
            builder.environment().remove(name.toUpperCase(Locale.ROOT));
        }
        builder.environment().putAll(environment);
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Run(process.waitFor(), output);
    }

    private static byte[] answer(String status, byte[] body) {
        String head = "HTTP/1.1 " + status + "\r\nContent-Length: " + body.length + "\r\n\r\n";
        byte[] all = Arrays.copyOf(head.getBytes(UTF_8), head.length() + body.length);
        System.arraycopy(body, 0, all, head.length(), body.length);
        return all;
    }

    /** One connection after the other; one that stalls stays open. */
    private void answerAll() {
        try {
            while (true) {
                Socket socket = server.accept();
                var lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
                requests.add(lines.readLine());
                while (!lines.readLine().isEmpty()) {}
                socket.getOutputStream().write(answer);
                if (!stalls) {
                    socket.close();
                }
            }
        } catch (IOException e) {
            // The test is over.
        }
    }
}
