package kseg.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import kseg.host.Terminal;

/** This process, running a command of its own. Signals are {@link Interrupt}'s. */
final class OwnProcess extends Caller.Unknown {
    @Override
    public String target(int descriptor) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    @Override
    public boolean mapsLineFeeds(int descriptor) {
        return Terminal.mapsLineFeeds(descriptor);
    }

    @Override
    public boolean inputIsFile() {
        return Files.isRegularFile(Path.of("/proc/self/fd/0"));
    }

    @Override
    public Optional<ConsoleInput> terminal(boolean keepSignals) {
        return Terminal.open(keepSignals).map(TerminalInput::new);
    }

    @Override
    public Map<String, String> environment() {
        return System.getenv();
    }
}
