import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Fetches Maven from a Maven repository, for a machine that has a JDK and no Maven. Run by ./kseg
 * from source: {@code java FetchMaven.java REPOSITORY DIRECTORY}. The archive must have the digest
 * that is written here; the directory appears whole or not at all.
 */
final class FetchMaven {
    private static final String VERSION = "3.9.9";
    private static final String SHA_512 =
            "8beac8d11ef208f1e2a8df0682b9448a9a363d2ad13ca74af43705549e72e74c9378823bf689287801cbbfc2f6ea9596201d19ccacfdfb682ee8a2ff4c4418ba";

    private FetchMaven() {}

    public static void main(String[] args) throws IOException, NoSuchAlgorithmException {
        Path directory = Path.of(args[1]);
        Files.createDirectories(directory.getParent());
        Path staging = Files.createTempDirectory(directory.getParent(), "fetching");
        Path archive = staging.resolve("maven.zip");
        URI source =
                URI.create(
                        args[0].replaceAll("/+$", "")
                                + "/org/apache/maven/apache-maven/%1$s/apache-maven-%1$s-bin.zip"
                                        .formatted(VERSION));
        try (InputStream in = source.toURL().openStream()) {
            Files.copy(in, archive);
        }
        String digest =
                HexFormat.of()
                        .formatHex(
                                MessageDigest.getInstance("SHA-512")
                                        .digest(Files.readAllBytes(archive)));
        if (!digest.equals(SHA_512)) {
            throw new IOException("not the Maven that Kseg expects: " + source);
        }
        unpack(archive, staging);
        Path unpacked = staging.resolve("apache-maven-" + VERSION);
        if (!unpacked.resolve("bin/mvn").toFile().setExecutable(true)) {
            throw new IOException("cannot make bin/mvn executable in " + staging);
        }
        Files.move(unpacked, directory, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(archive);
        Files.delete(staging);
    }

    private static void unpack(Path archive, Path directory) throws IOException {
        try (var zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                Path file = directory.resolve(entry.getName()).normalize();
                if (!file.startsWith(directory)) {
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
}
