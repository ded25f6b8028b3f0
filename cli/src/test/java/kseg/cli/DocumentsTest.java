package kseg.cli;

import static java.util.function.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents say that a program can check. */
class DocumentsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** A link to a file of this repository. */
    private static final Pattern LINK =
            Pattern.compile("]\\((?!https?:|#|mailto:)([^)#]+)(#[^)]*)?\\)");

    /** A test, or a method of one, by name. */
    private static final Pattern TEST =
            Pattern.compile("(?:`|-Dtest=)([A-Z]\\w*(?:Test|Props|Suite))(?:\\.(\\w+))?\\b");

    private static final Pattern BENCH = Pattern.compile("`(bench/[a-z]+)`");

    /** A command of Kseg's at the beginning of a line, or behind a pipe. */
    private static final Pattern COMMAND = Pattern.compile("^(?:\\$ |.*\\| )?(?:\\./)?kseg (.*)");

    /** What the launcher itself does; everything else is a command of Kseg's. */
    private static final List<String> LAUNCHER = List.of("test", "mvn");

    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    private record Document(Path path, String text) {}

    @Test
    void linksLeadSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Document document : documents()) {
            for (MatchResult link : LINK.matcher(document.text).results().toList()) {
                links++;
                if (!Files.exists(document.path.resolveSibling(link.group(1)))) {
                    broken.add(ROOT.relativize(document.path) + ": " + link.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
        assertThat(links).isGreaterThan(20);
    }

    @Test
    void testsThatAreNamedExist() throws IOException {
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (Document document : documents()) {
            for (MatchResult test : TEST.matcher(document.text).results().toList()) {
                named++;
                if (!exists(test.group(1), test.group(2))) {
                    missing.add(ROOT.relativize(document.path) + ": " + test.group());
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(named).isGreaterThan(20);
    }

    @Test
    void everyPromiseNamesWhatChecksIt() throws IOException {
        String text = Files.readString(ROOT.resolve("SPECIFICATION.md"));
        List<String> rows =
                text.lines()
                        .filter(line -> line.startsWith("| "))
                        .filter(not(this::isHeading))
                        .toList();
        assertThat(rows).hasSizeGreaterThan(10).allMatch(row -> row.contains("`"));
        for (MatchResult bench : BENCH.matcher(text).results().toList()) {
            assertThat(ROOT.resolve(bench.group(1))).isExecutable();
        }
    }

    @Test
    void messagesThatAreExplainedExist() throws IOException {
        String sources = sources();
        List<String> missing = new ArrayList<>();
        int messages = 0;
        for (String row : Files.readString(ROOT.resolve("docs/troubleshooting.md")).split("\n")) {
            if (!row.startsWith("| `")) {
                continue;
            }
            for (MatchResult quoted : QUOTED.matcher(row.split(" \\| ")[0]).results().toList()) {
                messages++;
                for (String part : quoted.group(1).replace("\"", "").split("…")) {
                    if (!sources.contains(part)) {
                        missing.add(quoted.group(1) + ": " + part);
                    }
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(messages).isGreaterThan(40);
    }

    /** All sources and the launcher, with strings that are broken over lines joined. */
    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder(Files.readString(ROOT.resolve("kseg")));
        for (String module : List.of("core", "host", "cli")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module + "/src/main/java"))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    all.append(Files.readString(file));
                }
            }
        }
        return all.toString().replaceAll("\"\\s*\\+\\s*\"", "").replace("\\\"", "");
    }

    @Test
    void commandsThatAreShownParse() throws IOException {
        int commands = 0;
        for (Document document : documents()) {
            for (String line : blocks(document.text)) {
                Matcher command = COMMAND.matcher(line.replaceFirst(" +#.*", ""));
                if (!command.find() || LAUNCHER.contains(words(command.group(1)).getFirst())) {
                    continue;
                }
                commands++;
                List<String> words = words(command.group(1).replaceFirst(" +[<|>].*", ""));
                assertThatCode(() ->
                                Main.commandLine(silent()).parseArgs(words.toArray(String[]::new)))
                        .as(document.path + ": " + line)
                        .doesNotThrowAnyException();
            }
        }
        assertThat(commands).isGreaterThan(30);
    }

    private boolean isHeading(String row) {
        return row.startsWith("| Promise") || row.startsWith("| What");
    }

    private static boolean exists(String test, String method) throws IOException {
        for (String module : List.of("core", "debug", "host", "cli")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module + "/src/test/java"))) {
                Path file = files.filter(f -> f.endsWith(test + ".java")).findFirst().orElse(null);
                if (file != null) {
                    return method == null || Files.readString(file).contains(" " + method + "(");
                }
            }
        }
        return false;
    }

    private static List<Document> documents() throws IOException {
        List<Document> documents = new ArrayList<>();
        for (String place : List.of(".", "docs", "docs/decisions", "guests", "bench")) {
            try (Stream<Path> files = Files.list(ROOT.resolve(place).normalize())) {
                for (Path file : files.filter(f -> f.toString().endsWith(".md")).toList()) {
                    documents.add(new Document(file, Files.readString(file)));
                }
            }
        }
        return documents;
    }

    /** The lines of the document's code blocks. */
    private static List<String> blocks(String text) {
        List<String> lines = new ArrayList<>();
        boolean inside = false;
        for (String line : text.lines().toList()) {
            if (line.startsWith("```")) {
                inside = !inside;
            } else if (inside) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(command);
        while (matcher.find()) {
            words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return words;
    }

    private static Host silent() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        var nothing = new ByteArrayInputStream(new byte[0]);
        return new Host(nothing, nowhere, new Messages(nowhere), ROOT, Caller.UNKNOWN);
    }
}
