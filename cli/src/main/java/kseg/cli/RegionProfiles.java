package kseg.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import kseg.engine.RegionProfile;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what the compiler found hot in a kernel for the next run of the same kernel: a small file
 * for each in the user's cache directory. Only speed depends on it, so a file that is damaged or of
 * another version counts as none, and one that cannot be written is not missed.
 */
final class RegionProfiles {
    static final int MAX_FILES = 100;
    private static final String SUFFIX = ".v" + RegionProfile.VERSION;

    private final @Nullable Path file;
    private final RegionProfile before;

    /**
     * A run of fewer compiled steps (a fifth of a second) teaches nothing: compiling its regions at
     * once made the next boot of OS/161 take 0.73 s instead of 0.53.
     */
    static final long WORTHWHILE_STEPS = 500_000_000;

    private RegionProfiles(@Nullable Path file, RegionProfile before) {
        this.file = file;
        this.before = before;
    }

    /** Nothing is read and nothing written. */
    static RegionProfiles off() {
        return new RegionProfiles(null, RegionProfile.EMPTY);
    }

    /** Where the profiles of a user with this environment are; empty if there is no place. */
    static Optional<Path> directory(Map<String, String> environment) {
        return place(environment, "XDG_CACHE_HOME", "")
                .or(() -> place(environment, "HOME", ".cache"))
                .map(cache -> cache.resolve("kseg").resolve("profiles"));
    }

    private static Optional<Path> place(Map<String, String> environment, String name, String in) {
        // Relative ones are invalid, says the XDG Base Directory Specification.
        return Optional.ofNullable(environment.get(name))
                .filter(value -> value.startsWith("/"))
                .map(value -> Path.of(value).resolve(in));
    }

    /** Reads what is known of an image. */
    static RegionProfiles open(Path directory, String fingerprint) {
        Path file = directory.resolve(fingerprint + SUFFIX);
        return new RegionProfiles(file, read(file).orElse(RegionProfile.EMPTY));
    }

    private static Optional<RegionProfile> read(Path file) {
        try {
            boolean fit = Files.isRegularFile(file) && Files.size(file) <= RegionProfile.MAX_BYTES;
            return fit ? RegionProfile.decode(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** What was known before the run. */
    RegionProfile before() {
        return before;
    }

    /** Writes what is known after the run, if that is more. */
    void keep(RegionProfile after) {
        if (file == null || after.regions().isEmpty()) {
            return;
        }
        try {
            if (after.knowsNoMoreThan(before)) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now())); // still of use
            } else {
                write(file, after.encode());
            }
        } catch (IOException | UncheckedIOException e) {
            // The next run finds out by itself.
        }
    }

    /** At no time is there half a file of that name, whoever else is writing it. */
    private static void write(Path file, byte[] bytes) throws IOException {
        Path directory = file.resolveSibling("");
        Files.createDirectories(directory);
        removeOldest(directory);
        Path half = Files.createTempFile(directory, "new", ".tmp");
        try {
            Files.write(half, bytes);
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(half);
        }
    }

    private static void removeOldest(Path directory) throws IOException {
        var ages = new HashMap<Path, Long>(); // taken once: another run may change them meanwhile
        try (Stream<Path> listed = Files.list(directory)) {
            listed.filter(Files::isRegularFile)
                    .forEach(file -> ages.put(file, file.toFile().lastModified()));
        }
        List<Path> oldestFirst =
                ages.keySet().stream().sorted(Comparator.comparing(ages::get)).toList();
        for (Path old : oldestFirst.subList(0, Math.max(0, ages.size() - MAX_FILES + 1))) {
            Files.deleteIfExists(old);
        }
    }
}
