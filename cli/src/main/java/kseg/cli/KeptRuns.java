package kseg.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import kseg.config.UserError;
import kseg.config.UserErrorException;
import kseg.host.HostErrors;
import kseg.port.HostFailureException;
import org.jspecify.annotations.Nullable;

/**
 * The directory in which {@code kseg seeds} keeps what is needed to look at failed runs and to
 * repeat them, even when the kernel has been built anew since. It is made when the first run fails.
 */
final class KeptRuns {
    /** How many runs with the same verdict are kept. */
    static final int OF_EACH_VERDICT = 3;

    private static final String USUAL = "kseg-seeds";

    private final Path directory;
    private final Path workingDirectory;
    private final Repetition repetition;
    private final @Nullable Path kernel;
    private final @Nullable Path configuration;
    private boolean made;

    /**
     * Nothing is written yet.
     *
     * @param directory where the runs are kept
     * @param host knows the directory that other paths are relative to
     * @param written how a run is repeated with the user's own files
     * @param sources the files to keep copies of; null if the guest comes with Kseg
     */
    KeptRuns(Path directory, Host host, Repetition written, Job.@Nullable Sources sources) {
        this.directory = directory.toAbsolutePath();
        workingDirectory = host.directory().toAbsolutePath();
        kernel = sources == null ? null : host.path(sources.kernel());
        String file = sources == null ? null : sources.configuration();
        configuration = file == null ? null : host.path(file);
        repetition = written.with(copy(kernel, "kernel"), copy(configuration, "sys161.conf"));
    }

    /**
     * The directory asked for, which must be new; without, a new one beside those that are there.
     */
    static Path choose(Host host, @Nullable String asked) throws UserErrorException {
        if (asked == null) {
            Path usual = host.path(USUAL);
            for (int i = 2; Files.exists(usual); i++) {
                usual = host.path(USUAL + "-" + i);
            }
            return usual;
        }
        Path wanted = host.path(asked);
        if (Files.exists(wanted) && !isEmptyDirectory(wanted)) {
            String hint = "name one that is empty or does not exist yet";
            String what = "--keep " + asked + ": not an empty directory";
            throw new UserErrorException(new UserError.Usage(what, hint));
        }
        return wanted;
    }

    private static boolean isEmptyDirectory(Path path) {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.findFirst().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private @Nullable String copy(@Nullable Path original, String name) {
        return original == null ? null : directory.resolve(name).toString();
    }

    /** Keeps a failed run. */
    void keep(SeedRun run) {
        Path place = directory.resolve("seed-" + run.seed());
        try {
            Files.createDirectories(place);
            copyOriginals();
            byte[] console = run.output().getBytes(StandardCharsets.ISO_8859_1);
            Files.write(place.resolve("console.txt"), console);
            Files.writeString(place.resolve("stats.json"), run.statistics());
            Path script = place.resolve("repeat");
            Files.writeString(script, script(run));
            if (!script.toFile().setExecutable(true)) {
                throw new IOException("cannot be made executable");
            }
        } catch (IOException e) {
            throw new HostFailureException(place + ": " + HostErrors.reason(e), e);
        }
    }

    private void copyOriginals() throws IOException {
        if (made) {
            return;
        }
        made = true;
        if (kernel != null) {
            Files.copy(kernel, directory.resolve("kernel"));
        }
        if (configuration != null) {
            Files.copy(configuration, directory.resolve("sys161.conf"));
        }
    }

    private String script(SeedRun run) {
        return """
        #!/bin/sh
        # %s
        # Repeats this run; options of kseg's may be added: ./repeat -t x
        cd %s && exec "${KSEG:-kseg}" %s
        """
                .formatted(
                        run.verdict(),
                        Repetition.quoted(workingDirectory.toString()),
                        repetition.arguments(run, "\"$@\""));
    }

    /** Where runs have been kept; empty if none had to be. */
    String place() {
        return made ? directory.toString() : "";
    }
}
