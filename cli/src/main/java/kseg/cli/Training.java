package kseg.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import kseg.config.UserErrorException;

/**
 * What ./kseg runs to fill the AOT cache: the commands that people wait for, in one process and a
 * directory of its own. Short, unattended, and at a terminal if standard input is one.
 */
final class Training {
    private static final String CONFIGURATION =
            """
            0 serial
            1 emufs
            2 disk file=DISK1.img
            28 random
            29 timer
            30 trace
            31 mainboard ramsize=2M cpus=1
            """;

    private static final List<List<String>> COMMANDS =
            List.of(
                    List.of("demo", "--meter", "meter", "--", "selftest"),
                    List.of("disk", "create", "DISK1.img", "5M"),
                    List.of("run", "--no-profile", "kernel", "hello;q"));

    private Training() {}

    /**
     * Runs them.
     *
     * @param args the file of a client's JVM options, and where its AOT cache is to be
     */
    public static void main(String[] args)
            throws IOException, InterruptedException, UserErrorException {
        Path folder = Files.createTempDirectory("kseg-training");
        Host process = Host.process(Face.KSEG);
        Host host =
                new Host(process.in(), process.out(), process.messages(), folder, process.caller());
        int worst = 0;
        try {
            Files.writeString(folder.resolve("sys161.conf"), CONFIGURATION);
            Files.write(folder.resolve("kernel"), Resources.bytes("guests/kseg-demo"));
            for (List<String> command : COMMANDS) {
                worst = Math.max(worst, Main.run(host, command.toArray(new String[0])));
            }
            worst = Math.max(worst, throughDaemon(host, args[0], args[1]));
        } finally {
            delete(folder);
        }
        System.exit(worst);
    }

    /** A daemon here, and its client in a JVM that fills a cache of its own. */
    private static int throughDaemon(Host host, String options, String cache)
            throws IOException, InterruptedException, UserErrorException {
        var place = new DaemonPlace(host.path("daemon"));
        DaemonServer server = DaemonServer.open(place, Duration.ZERO).orElseThrow();
        Thread.ofPlatform().start(() -> serve(server));
        List<String> client =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + options,
                        "-XX:AOTCacheOutput=" + cache,
                        place.property(),
                        "-p",
                        System.getProperty("jdk.module.path"),
                        "-m",
                        "kseg.cli/" + DaemonClient.class.getName(),
                        "demo",
                        "--no-profile",
                        "--",
                        "hello");
        int code =
                new ProcessBuilder(client)
                        .directory(host.directory().toFile())
                        .inheritIO()
                        .start()
                        .waitFor();
        server.stopNow();
        return code;
    }

    private static void serve(DaemonServer server) {
        try {
            server.serve();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
