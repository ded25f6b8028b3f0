package kseg.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code kseg completion}. */
@Command(
        name = "completion",
        header = "Print a script that lets a shell complete kseg's commands and options.",
        description = {
            "",
            "The script is for bash, and for zsh by its bashcompinit. Everything else, such as"
                    + " kernels, is completed as file names.",
            ""
        },
        mixinStandardHelpOptions = true,
        customSynopsis = "kseg completion bash|zsh",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  source <(kseg completion bash)                        in this shell",
            "  kseg completion bash >~/.local/share/bash-completion/completions/kseg",
            "  echo 'source <(kseg completion zsh)' >>~/.zshrc"
        })
final class CompletionCommand implements Callable<Integer> {
    private final Host host;

    /** Shells there is a script for. */
    enum Shell {
        BASH,
        ZSH;

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    @SuppressWarnings("UnusedVariable") // one script serves both
    private Shell shell = Shell.BASH;

    CompletionCommand(Host host) {
        this.host = host;
    }

    @Override
    public Integer call() {
        host.out().print(AutoComplete.bash("kseg", Main.commandLine(host)));
        return ExitCode.POWER_OFF.code();
    }
}
