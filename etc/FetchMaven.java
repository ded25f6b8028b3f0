import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Fetches Maven, for a machine that has a JDK and no Maven. Run by ./kseg from source: {@code java
 * FetchMaven.java ADDRESS DIRECTORY SHA-512}. The archive must have that digest, and the directory
 * appears whole or not at all. Where that fails, standard output says in one line why.
 *
 * <p>It goes through the proxy the JVM has been told of (https.proxyHost and so on), else the one
 * in the environment (https_proxy, http_proxy, no_proxy). It waits 30 seconds for an answer, or
 * for what {@code kseg.fetch.millis} says, and 20 times as long for everything.
 */
final class FetchMaven {
    private static final int MILLIS = Integer.getInteger("kseg.fetch.millis", 30_000);
    private static final long WHOLE_NANOS = 20 * 1_000_000L * MILLIS;
    private static final long MOST_BYTES = 100 << 20;

    private FetchMaven() {}

    public static void main(String[] args) throws NoSuchAlgorithmException {
        try {
            fetch(URI.create(args[0]), Path.of(args[1]), args[2]);
        } catch (IOException | IllegalArgumentException e) {
            System.out.println(args[0] + ": " + reason(e));
            System.exit(1);
        }
    }

    private static void fetch(URI source, Path directory, String digest)
            throws IOException, NoSuchAlgorithmException {
        Files.createDirectories(directory.getParent());
        // A dot, so that the launcher's search for a Maven does not find half of one.
        Path staging = Files.createTempDirectory(directory.getParent(), ".fetching");
        try {
            Path archive = staging.resolve("archive.zip");
            if (!download(source, archive).equals(digest)) {
                throw new IOException(
                        "what came (%d bytes) is not the Maven that Kseg expects"
                                .formatted(Files.size(archive)));
            }
            Path unpacked = Files.createDirectory(staging.resolve("maven"));
            unpack(archive, unpacked);
            if (!unpacked.resolve("bin/mvn").toFile().setExecutable(true)) {
                throw new IOException("cannot make bin/mvn executable in " + unpacked);
            }
            settle(unpacked, directory);
        } finally {
            delete(staging);
        }
    }

    private static void settle(Path unpacked, Path directory) throws IOException {
        try {
            Files.move(unpacked, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // Another start, in another checkout, was faster.
            if (!Files.isExecutable(directory.resolve("bin/mvn"))) {
                throw e;
            }
        }
    }

    /** Returns the SHA-512 of what came. */
    private static String download(URI source, Path archive)
            throws IOException, NoSuchAlgorithmException {
        URLConnection connection = source.toURL().openConnection(proxy(source));
        connection.setConnectTimeout(MILLIS);
        connection.setReadTimeout(MILLIS);
        if (connection instanceof HttpURLConnection http && http.getResponseCode() != 200) {
            throw new IOException("the server answers " + http.getResponseCode());
        }
        MessageDigest digest = MessageDigest.getInstance("SHA-512");
        long start = System.nanoTime();
        long bytes = 0;
        try (InputStream in = connection.getInputStream();
                OutputStream out = Files.newOutputStream(archive)) {
            byte[] buffer = new byte[1 << 16];
            for (int count; (count = in.read(buffer)) >= 0; ) {
                out.write(buffer, 0, count);
                digest.update(buffer, 0, count);
                bytes += count;
                if (bytes > MOST_BYTES) {
                    throw new IOException("much larger than Maven is");
                }
                if (System.nanoTime() - start > WHOLE_NANOS) {
                    throw new SocketTimeoutException();
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static Proxy proxy(URI source) {
        if (source.getHost() == null) {
            return Proxy.NO_PROXY;
        }
        Proxy told = ProxySelector.getDefault().select(source).getFirst();
        String named = environment(source.getScheme() + "_proxy");
        if (told.type() != Proxy.Type.DIRECT || named.isEmpty() || isExempt(source.getHost())) {
            return told;
        }
        URI proxy = URI.create(named.contains("://") ? named : "http://" + named);
        if (proxy.getHost() == null) {
            throw new IllegalArgumentException("not the address of a proxy: " + named);
        }
        int port = proxy.getPort() < 0 ? 80 : proxy.getPort();
        return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), port));
    }

    private static boolean isExempt(String host) {
        return Stream.of(environment("no_proxy").split("[, ]+"))
                .map(name -> name.replaceFirst("^[*]?[.]", ""))
                .filter(name -> !name.isEmpty())
                .anyMatch(
                        name -> name.equals("*") || host.equals(name) || host.endsWith("." + name));
    }

    /** In small letters, as curl has it, or in capitals. */
    private static String environment(String name) {
        String value = System.getenv(name);
        return value != null ? value : System.getenv().getOrDefault(name.toUpperCase(Locale.ROOT), "");
    }

    /** Without the archive's own outermost directory. */
    private static void unpack(Path archive, Path directory) throws IOException {
        try (var zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                Path file = directory.resolve(entry.getName().replaceFirst("[^/]*/", ""));
                if (!file.normalize().startsWith(directory)) {
                    throw new IOException("entry outside its archive: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                    continue;
                }
                Files.createDirectories(file.getParent());
                try (OutputStream out = Files.newOutputStream(file)) {
                    zip.getInputStream(entry).transferTo(out);
                }
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(directory)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }

    private static String reason(Exception e) {
        return switch (e) {
            case UnknownHostException _ -> "no such host; is there a network?";
            case SocketTimeoutException _ -> "no answer, or a very slow one";
            case FileNotFoundException _ -> "there is no such file";
            case FileSystemException file -> "cannot write " + file.getMessage();
            default -> String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
        };
    }
}
