package kseg.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a verdict needs of the guest's console: whether it printed what it must and nothing that it
 * must not, and its last words. Looks at the characters as they come, so that no output is too long
 * for it.
 *
 * <p>Not thread-safe: the machine's owner.
 */
final class Evidence {
    private static final int LONGEST_LINE = 200;

    private final List<String> wanted;
    private final List<String> unwanted;
    private final List<PromptWatcher> wantedSeen;
    private final List<PromptWatcher> unwantedSeen;
    private final StringBuilder line = new StringBuilder();
    private String lastLine = "";

    Evidence(List<String> wanted, List<String> unwanted) {
        this.wanted = wanted;
        this.unwanted = unwanted;
        wantedSeen = watchers(wanted);
        unwantedSeen = watchers(unwanted);
    }

    private static List<PromptWatcher> watchers(List<String> texts) {
        List<PromptWatcher> all = new ArrayList<>();
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            all.add(new PromptWatcher(List.of(new PromptWatcher.Step(bytes, new byte[0]))));
        }
        return all;
    }

    /** The guest has printed a character. */
    void see(int character) {
        wantedSeen.forEach(watcher -> watcher.see((byte) character));
        unwantedSeen.forEach(watcher -> watcher.see((byte) character));
        if (character == '\n') {
            lastLine = lastLine();
            line.setLength(0);
        } else if (line.length() < LONGEST_LINE) {
            line.append(character >= ' ' && character <= '~' ? (char) character : ' ');
        }
    }

    /** The last line that is not blank. */
    String lastLine() {
        return line.toString().isBlank() ? lastLine : line.toString().strip();
    }

    /** What is wrong with what was printed; empty if nothing. */
    String complaint() {
        for (int i = 0; i < unwanted.size(); i++) {
            if (unwantedSeen.get(i).isDue()) {
                return "printed \"" + unwanted.get(i) + "\"";
            }
        }
        for (int i = 0; i < wanted.size(); i++) {
            if (!wantedSeen.get(i).isDue()) {
                return "did not print \"" + wanted.get(i) + "\"";
            }
        }
        return "";
    }
}
