package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The {@code kseg} script, in a folder of its own, with JDKs and a Maven that are scripts too: they
 * write down that they were called. Skipped where there is no POSIX shell.
 */
class LauncherTest {
    private static final Path SCRIPT = Path.of("..", "kseg");

    @TempDir Path directory;

    private Path root;
    private Path jdks;
    private Path calls;

    @BeforeEach
    void layOut() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no /bin/sh: launcher tests skipped");
        root = Files.createDirectories(directory.resolve("root with spaces"));
        jdks = Files.createDirectories(directory.resolve("jdks"));
        calls = directory.resolve("calls");
        Files.writeString(calls, "");
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(root.resolve("etc/java.options"), "");
        Files.writeString(root.resolve("etc/client.options"), "");
        Files.writeString(root.resolve("etc/ModernClassFiles.java"), "");
        installScript(Files.readString(SCRIPT));
    }

    @Test
    void withoutANewEnoughJdkOneLineSaysWhatToInstall() throws Exception {
        makeRelease();
        // No machine has this one, whatever is in /usr/lib/jvm.
        installScript(Files.readString(SCRIPT).replace("\nneeded=25\n", "\nneeded=9999\n"));
        Run run = kseg(jdk("some", "25.0.3"), "--version");
        assertThat(run.code()).isEqualTo(40);
        assertThat(run.output().lines())
                .singleElement()
                .asString()
                .startsWith("kseg: needs a JDK 9999 or later; install one")
                .contains("/usr/lib/jvm", "JAVA_HOME");
    }

    @Test
    void aLinkOfAProgramsNameStartsThatProgram() throws Exception {
        makeRelease();
        Path jdk = jdk("good", "25.0.3");
        Path bin = Files.createDirectories(directory.resolve("bin"));
        Files.createSymbolicLink(root.resolve("sys161"), Path.of("kseg"));
        Files.createSymbolicLink(bin.resolve("disk161"), root.resolve("kseg"));
        Files.createSymbolicLink(bin.resolve("sys161-2.0.8"), root.resolve("sys161"));
        Files.createSymbolicLink(bin.resolve("vmm"), root.resolve("kseg"));
        for (Path link :
                List.of(
                        root.resolve("sys161"),
                        bin.resolve("disk161"),
                        bin.resolve("sys161-2.0.8"),
                        bin.resolve("vmm"))) {
            var builder = new ProcessBuilder(link.toString(), "test", "a b");
            builder.environment().put("JAVA_HOME", jdk.toString());
            assertThat(builder.start().waitFor()).isZero();
        }
        assertThat(calls())
                .extracting(call -> call.replaceFirst(".*Main ", ""))
                .containsExactly(
                        "sys161 test a b", "disk161 test a b", "sys161 test a b", "test a b");
    }

    @Test
    void aJavaHomeThatIsTooOldIsPassedOver() throws Exception {
        makeRelease();
        jdk("good", "26-ea");
        Run run = kseg(jdk("old", "17.0.15"), "run", "a kernel", "arg");
        assertThat(run.code()).isZero();
        assertThat(calls()).singleElement().asString().startsWith("good: ");
        assertThat(calls().getFirst()).endsWith(" -m kseg.cli/kseg.cli.Main run a kernel arg");
    }

    @Test
    void whatIsClosedIsNotTakenByAFileOfTheJvm() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "no /proc: skipped");
        makeRelease();
        Path jdk = jdk("good", "25.0.3");
        Path seen = directory.resolve("seen");
        String look = "found=$(readlink /proc/$$/fd/$fd || echo closed); echo $found >>'";
        script(jdk.resolve("bin/java"), "for fd in 0 1 2; do " + look + seen + "'; done");
        String run = "'" + root.resolve("kseg") + "' version ";
        for (String closed : List.of("0", "1", "2", "0,1", "1,2", "0,1,2")) {
            String redirections = "";
            List<String> expected = new ArrayList<>();
            for (String fd : List.of("0", "1", "2")) {
                boolean close = closed.contains(fd);
                redirections += fd + (close ? ">&- " : "<'" + calls + "' ");
                expected.add(close ? "/dev/null" : calls.toRealPath().toString());
            }
            var builder = new ProcessBuilder("/bin/sh", "-c", run + redirections);
            builder.environment().put("JAVA_HOME", jdk.toString());
            assertThat(builder.start().waitFor()).isZero();
            assertThat(Files.readAllLines(seen)).as(closed).isEqualTo(expected);
            Files.delete(seen);
        }
    }

    @Test
    void aCommandGoesToTheDaemonThereIs() throws Exception {
        makeRelease();
        Files.writeString(root.resolve("build"), "today\n");
        Path place = Files.createDirectories(directory.resolve("run/kseg/daemon-today"));
        Path jdk = jdk("good", "25.0.3");
        String run = directory.resolve("run").toString();
        Map<String, String> usual = Map.of("XDG_RUNTIME_DIR", run);
        assertThat(finish(start(jdk, usual, "run", "k")).code()).isZero();
        try (var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(place.resolve("socket")));
            for (String command : List.of("run", "demo", "sys161", "trace161", "seeds")) {
                assertThat(finish(start(jdk, usual, command, "k")).code()).isZero();
            }
            finish(start(jdk, Map.of("XDG_RUNTIME_DIR", run, "KSEG_DAEMON", "no"), "run", "k"));
        }
        Files.delete(place.resolve("socket"));
        finish(start(jdk, Map.of("XDG_RUNTIME_DIR", run, "KSEG_DAEMON", "auto"), "demo"));
        assertThat(calls())
                .allMatch(call -> call.contains(" -Dkseg.daemon=" + place + " "))
                .extracting(call -> call.replaceFirst(".*@.*/([a-z]*).options.*kseg.cli[.]", "$1 "))
                .containsExactly(
                        "java Main run k",
                        "client DaemonClient run k",
                        "client DaemonClient demo k",
                        "client DaemonClient sys161 k",
                        "client DaemonClient trace161 k",
                        "java Main seeds k",
                        "java Main run k",
                        "java Main daemon start",
                        "java Main demo");
    }

    @Test
    void aReleaseIsNotBuilt() throws Exception {
        makeRelease();
        kseg(jdk("good", "25.0.3"), "--version");
        assertThat(calls()).noneMatch(call -> call.startsWith("mvn"));
    }

    @Test
    void buildsOnceAndAgainOnlyWhenASourceHasChanged() throws Exception {
        Path jdk = makeCheckout("exit 0");
        kseg(jdk, "--version");
        assertThat(builds()).isEqualTo(1);
        kseg(jdk, "--version");
        assertThat(builds()).isEqualTo(1);

        Path source = root.resolve("core/src/main/java/A.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        kseg(jdk, "--version");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void aDeletedSourceIsAChange() throws Exception {
        Path jdk = makeCheckout("exit 0");
        kseg(jdk, "--version");
        Path folder = root.resolve("core/src/main/java");
        Files.delete(folder.resolve("A.java"));
        Files.setLastModifiedTime(folder, FileTime.from(Instant.now().plusSeconds(5)));
        kseg(jdk, "--version");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void aFailedBuildShowsItsErrorsAndIsTriedAgain() throws Exception {
        Path jdk =
                makeCheckout(
                        "echo '[INFO] noise'; echo '[ERROR] A.java:[1,1] cannot find symbol';"
                                + " exit 1");
        Run run = kseg(jdk, "--version");
        assertThat(run.code()).isEqualTo(42);
        assertThat(run.output())
                .contains("[ERROR] A.java:[1,1] cannot find symbol", "build.log")
                .doesNotContain("noise");
        kseg(jdk, "--version");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void twoFirstStartsBuildOnce() throws Exception {
        Path jdk = makeCheckout("sleep 1; exit 0");
        Process first = start(jdk, "--version");
        Process second = start(jdk, "--version");
        assertThat(finish(first).code()).isZero();
        assertThat(finish(second).code()).isZero();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void testAddsUpTheTotalsAndFailsWithTheBuild() throws Exception {
        Path jdk =
                makeCheckout(
                        "echo '[INFO] Tests run: 9, Failures: 0, Errors: 0, Skipped: 0, Time"
                                + " elapsed: 1 s -- in A';"
                                + " echo '[INFO] Tests run: 9, Failures: 0, Errors: 0, Skipped: 0';"
                                + " echo '[ERROR] Tests run: 7, Failures: 1, Errors: 2, Skipped:"
                                + " 1'; exit 1");
        Run run = kseg(jdk, "test");
        assertThat(run.output().lines()).last().isEqualTo("12 passed, 3 failed, 1 skipped");
        assertThat(run.code()).isEqualTo(42);
    }

    @Test
    void withoutMavenItIsFetchedFromWhereApachePublishesIt() throws Exception {
        Path jdk = makeCheckout("exit 0");
        forgetMaven();
        fetches(jdk, "mkdir -p \"$3/bin\"; cp '" + directory.resolve("mvn") + "' \"$3/bin\"");
        Run run = finish(start(jdk, Map.of(), "mvn", "--version"));
        String address =
                "https://archive.apache.org/dist/maven/maven-3/3.9.9/binaries/"
                        + "apache-maven-3.9.9-bin.zip";
        assertThat(run)
                .isEqualTo(
                        new Run(0, "kseg: there is no Maven here; fetching " + address + " ...\n"));
        assertThat(calls()).hasSize(2);
        assertThat(calls().getFirst())
                .contains("/root with spaces/etc/FetchMaven.java " + address + " " + directory);
        assertThat(calls().getLast()).isEqualTo("mvn --version");

        assertThat(finish(start(jdk, Map.of(), "mvn", "--version"))).isEqualTo(new Run(0, ""));
    }

    @Test
    void aMavenThatCannotBeFetchedIsOneLine() throws Exception {
        Path jdk = makeCheckout("exit 0");
        forgetMaven();
        fetches(jdk, "echo http://here: Connection refused; exit 1");
        Process process =
                start(jdk, Map.of("MVNW_REPOURL", "http://127.0.0.1:9/maven/"), "--version");
        assertThat(finish(process))
                .isEqualTo(
                        new Run(
                                41,
                                """
                                kseg: there is no Maven here; fetching \
                                http://127.0.0.1:9/maven/org/apache/maven/apache-maven/3.9.9/\
                                apache-maven-3.9.9-bin.zip ...
                                kseg: needs Maven to build, and could not fetch it (http://here: \
                                Connection refused): install it (Debian: apt install maven), \
                                set KSEG_MVN to its command, or set MVNW_REPOURL to the address \
                                of a Maven repository to fetch it from.
                                """));
    }

    /** Wherever this machine has its Maven, the script does not look there any more. */
    private void forgetMaven() throws IOException {
        installScript(
                Files.readString(root.resolve("kseg"))
                        .replace("\"$(command -v mvn || true)\" /usr/share/maven/bin/mvn", "")
                        .replace("/opt/*maven*/bin/mvn", ""));
    }

    private static void fetches(Path jdk, String how) throws IOException {
        Path java = jdk.resolve("bin/java");
        script(java, Files.readString(java) + "case $1 in *FetchMaven.java) " + how + " ;; esac");
    }

    private void installScript(String text) throws IOException {
        Path script = root.resolve("kseg");
        Files.writeString(script, text);
        assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    /** As unpacked from an archive: no poms. */
    private void makeRelease() throws IOException {
        Files.createDirectories(root.resolve("lib"));
    }

    /** As cloned, with a Maven that does what is given; returns a JDK. */
    private Path makeCheckout(String mavenDoes) throws IOException {
        Files.writeString(root.resolve("pom.xml"), "");
        for (String folder : List.of("core/src/main/java", "cli/target/lib")) {
            Files.createDirectories(root.resolve(folder));
        }
        Files.writeString(root.resolve("core/src/main/java/A.java"), "");
        Files.writeString(root.resolve("cli/target/lib/picocli.jar"), "");
        Files.writeString(root.resolve("cli/target/kseg-cli.jar"), "");
        script(directory.resolve("mvn"), "echo \"mvn $*\" >>'" + calls + "'\n" + mavenDoes);
        return jdk("good", "25.0.3");
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = jdks.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(
                home.resolve("release"),
                "IMPLEMENTOR=\"Someone\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(home.resolve("bin/java"), "echo \"" + name + ": $*\" >>'" + calls + "'");
        script(home.resolve("bin/javac"), "exit 0");
        return home;
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(calls);
    }

    private long builds() throws IOException {
        return calls().stream().filter(call -> call.startsWith("mvn")).count();
    }

    private record Run(int code, String output) {}

    private Run kseg(Path javaHome, String... arguments) throws Exception {
        return finish(start(javaHome, arguments));
    }

    private Process start(Path javaHome, String... arguments) throws IOException {
        return start(javaHome, Map.of("KSEG_MVN", directory.resolve("mvn").toString()), arguments);
    }

    private Process start(Path javaHome, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(root.resolve("kseg").toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("JAVA_HOME", javaHome.toString());
        builder.environment().put("KSEG_JDKS", jdks.toString());
        builder.environment().remove("KSEG_MVN");
        for (String own : List.of("MVNW_REPOURL", "KSEG_DAEMON", "XDG_RUNTIME_DIR")) {
            builder.environment().remove(own);
        }
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Run finish(Process process) throws Exception {
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }
}
