package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The completion script, as bash executes it. */
@Timeout(60)
class CompletionCommandTest {
    @TempDir Path directory;

    /** What bash offers for the last of these words. */
    private List<String> offered(String... words) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "no bash: skipped");
        Kseg.Result script = new Kseg(directory).run("completion", "bash");
        assertThat(script.code()).isZero();
        Path file = directory.resolve("script");
        String ask =
                """
                COMP_WORDS=(%s)
                COMP_CWORD=%d
                _complete_kseg
                printf '%%s\\n' "${COMPREPLY[@]}"
                """
                        .formatted("'" + String.join("' '", words) + "'", words.length - 1);
        Files.writeString(file, script.out() + ask);
        Process bash =
                new ProcessBuilder("bash", "--norc", file.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD) // "not completing"
                        .start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return said.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    @Test
    void commandsAndOptionsAreOffered() throws Exception {
        assertThat(offered("kseg", "")).contains("run", "demo", "seeds", "config");
        assertThat(offered("kseg", "se")).containsExactly("seeds");
        assertThat(offered("kseg", "disk", "")).contains("create", "info", "resize");
        assertThat(offered("kseg", "run", "--se")).containsExactly("--seed");
        assertThat(offered("kseg", "run", "--on-eof", "po")).containsExactly("poweroff");
    }

    @Test
    void zshGetsTheSame() {
        Kseg kseg = new Kseg(directory);
        assertThat(kseg.run("completion", "zsh").out())
                .isEqualTo(kseg.run("completion", "bash").out())
                .contains("bashcompinit");
        assertThat(kseg.run("completion", "fish").code()).isEqualTo(2);
    }
}
