package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Command lines as System/161's own getopt reads them. */
class GetoptTest {
    private static Optional<List<String>> split(String... words) {
        Host host =
                new Host(
                        System.in,
                        System.out,
                        new Messages(System.err),
                        Path.of(""),
                        Caller.UNKNOWN);
        return Getopt.split(Main.run(host, Face.SYS161).getCommandSpec(), List.of(words));
    }

    @Test
    void lettersMayBeClusteredAndArgumentsGlued() {
        assertThat(split("-sX", "-cfile", "-C31:cpus=4", "-XD3", "kernel", "-s", "a"))
                .hasValue(
                        List.of(
                                "-s",
                                "-X",
                                "-c=file",
                                "-C=31:cpus=4",
                                "-X",
                                "-D=3",
                                "kernel",
                                "-s",
                                "a"));
    }

    @Test
    void anArgumentIsTheNextWordWhateverItLooksLike() {
        assertThat(split("-Xc", "-s", "-C", "--", "k"))
                .hasValue(List.of("-X", "-c=-s", "-C=--", "k"));
    }

    @Test
    void whatSystem161Refuses() {
        assertThat(split("-q", "kernel")).isEmpty();
        assertThat(split("-Xq", "kernel")).isEmpty();
        assertThat(split("-X", "-c")).isEmpty();
        assertThat(split("-h")).isEmpty();
    }

    @Test
    void ourOwnOptionsAreLeftAlone() {
        assertThat(split("--seed=7", "-X", "kernel")).hasValue(List.of("--seed=7", "-X", "kernel"));
        assertThat(split("-", "kernel")).as("a dash alone is nothing").hasValue(List.of("kernel"));
    }
}
