package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The manual pages, and groff's opinion of them. */
@Timeout(60)
class ManCommandTest {
    @TempDir Path directory;

    @BeforeEach
    void pages() {
        assertThat(new Kseg(directory).run("man", "share/man").code()).isZero();
    }

    private String page(String name) throws IOException {
        return Files.readString(directory.resolve("share/man/man1").resolve(name + ".1"));
    }

    @Test
    void everyCommandHasAPage() {
        List<CommandLine> commands = HelpTest.commands().toList();
        assertThat(commands).hasSizeGreaterThan(10);
        assertThat(commands)
                .allSatisfy(command -> {
                    String name = command.getCommandSpec().qualifiedName("-");
                    assertThat(page(name)).startsWith(".TH \"");
                });
    }

    @Test
    void aPageSaysWhatHelpSays() throws IOException {
        String page = page("kseg-seeds");
        assertThat(page)
                .startsWith(".TH \"KSEG\\-SEEDS\" \"1\" \"\" \"Kseg ")
                .contains("\nkseg\\-seeds \\- Run a command under many seeds, and count how")
                .contains("\n.SH \"SYNOPSIS\"\nkseg seeds [OPTION...] N COMMAND...\n")
                .contains("\n.TP\n\\fB\\-\\-stop\\-after\\-failures K\\fR\nStop at the K\\-th run")
                .contains("\n.SH \"EXAMPLES\"\n.nf\nkseg seeds 1000 demo \\-\\- \\(dqbugs=1;")
                .endsWith(".SH \"SEE ALSO\"\n.BR \"kseg\" \"(1)\"\n");
        assertThat(page("kseg")).contains("\\fB130\\fR\ninterrupted: ").contains("kseg\\-seeds");
        assertThat(page("kseg-run")).contains("\\(haC").doesNotContain("%n");
        assertThat(page("kseg-disas")).contains("\\-\\-jit").doesNotContain("\\-\\-call");
    }

    @Test
    void groffHasNothingToSayAgainstThem() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "no groff: skipped");
        Path place = directory.resolve("share/man/man1");
        try (Stream<Path> files = Files.list(place)) {
            for (Path file : files.sorted().toList()) {
                Process groff =
                        new ProcessBuilder("groff", "-man", "-ww", "-z", "-K", "utf8", file + "")
                                .redirectErrorStream(true)
                                .start();
                String said =
                        new String(groff.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(said).as(file.toString()).isEmpty();
                assertThat(groff.waitFor()).isZero();
            }
        }
    }
}
