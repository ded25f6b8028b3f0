package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kseg.cli.Kseg.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code kseg seeds} on guests that really run, and the commands it prints. */
@Timeout(120)
class SeedsCommandTest {
    private static final String BUG = "bugs=1;locktest 1";
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    @TempDir Path directory;

    private Result kseg(String... args) {
        return new Kseg(directory).run(args);
    }

    private static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(command);
        while (matcher.find()) {
            words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return words;
    }

    /** The command that a report prints for a verdict, without the word kseg. */
    private static String[] repetition(String report) {
        String line =
                report.lines().filter(l -> l.strip().startsWith("kseg ")).findFirst().orElseThrow();
        List<String> words = words(line);
        return words.subList(1, words.size()).toArray(String[]::new);
    }

    private static List<String> figures(String statistics) {
        Pattern figure = Pattern.compile("\"(cycles|steps|instructions|seed|epoch|ll)\": \\d+");
        return figure.matcher(statistics).results().map(m -> m.group()).toList();
    }

    @Test
    void theCommandThatIsPrintedRepeatsTheRun() throws IOException {
        Result seeds = kseg("seeds", "12", "demo", "--", BUG);
        assertThat(seeds.code()).isEqualTo(1);
        assertThat(seeds.err()).isEmpty();
        assertThat(seeds.out())
                .startsWith("12 of 12 runs from seed 1: 2 passed, 10 failed; ")
                .contains("\n     2  passed\n    10  crash: verdict: FAIL (locktest: counter: ")
                .contains("\n        seeds 1 2 4 5 6 7 8 9 11 12\n")
                .endsWith("kept in kseg-seeds\n");
        String[] repetition = repetition(seeds.out());
        repetition[0] = "demo";
        List<String> withStatistics = new ArrayList<>(List.of(repetition));
        withStatistics.addAll(1, List.of("--stats=json", "again.json"));
        Result again = kseg(withStatistics.toArray(String[]::new));
        assertThat(again.code()).isEqualTo(1);
        Path kept = directory.resolve("kseg-seeds/seed-1");
        assertThat(Files.readString(kept.resolve("console.txt")))
                .isEqualTo(again.out() + again.err());
        assertThat(figures(Files.readString(kept.resolve("stats.json"))))
                .isEqualTo(figures(Files.readString(directory.resolve("again.json"))))
                .hasSizeGreaterThan(5);
        try (var entries = Files.list(directory.resolve("kseg-seeds"))) {
            assertThat(entries).as("the first of each verdict").hasSize(KeptRuns.OF_EACH_VERDICT);
        }
    }

    @Test
    void whatPassesLeavesNothingBehind() throws IOException {
        Result result = kseg("seeds", "--jobs=3", "6", "demo", "--cpus=4", "--", "locktest");
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .matches("6 of 6 runs from seed 1: 6 passed, 0 failed; .*\n     6  passed\n");
        try (var entries = Files.list(directory)) {
            assertThat(entries).isEmpty();
        }
    }

    @Test
    void theResultDoesNotDependOnWhichRunIsReadyFirst() throws IOException {
        String[] command = {
            "seeds",
            "--json=-",
            "--jobs=1",
            "--from=5",
            "--stop-after-failures=4",
            "100",
            "demo",
            "--epoch=0",
            "--",
            BUG
        };
        String one = kseg(command).out();
        command[2] = "--jobs=5";
        assertThat(kseg(command).out().replaceAll(" *\"seconds\".*\n", ""))
                .isEqualTo(one.replaceAll(" *\"seconds\".*\n", ""))
                .contains("\"failed\": 4,", "\"seeds\": [5, 6, 7, 8],", "\"complete\": false");
    }

    @Test
    void textDecides() {
        String[] command = {"seeds", "--fail-on", "2 threads", "2", "demo", "--", "cpus;counter"};
        assertThat(kseg(command).out()).contains("     2  printed \"2 threads\"\n");
        command[1] = "--pass-on";
        assertThat(kseg(command).code()).isZero();
        command[2] = "17 threads";
        assertThat(kseg(command).out()).contains("     2  did not print \"17 threads\"\n");
    }

    @Test
    void noRunIsWithoutEnd() {
        Result result = kseg("seeds", "2", "demo", "--max-cycles=30000000", "--", "hang loop");
        assertThat(result.out()).contains("     2  limit reached\n");
        Result waits = kseg("seeds", "1", "demo");
        assertThat(waits.out()).contains("     1  input ended\n").contains("kseg demo --detached");
        assertThat(kseg(repetition(waits.out())).code()).isEqualTo(17);
    }

    @Test
    void theWorldStaysAsItIs() throws IOException {
        Files.write(directory.resolve("kernel"), Resources.bytes("guests/kseg-demo"));
        Files.writeString(directory.resolve("text"), "before");
        Files.writeString(
                directory.resolve("my.conf"),
                "0 serial\n1 timer\n2 disk file=D.img\n4 emufs dir=.\n5 trace\n"
                        + "6 nic hwaddr=1\n31 mainboard ramsize=8M cpus=2\n");
        kseg("disk", "create", "D.img", "5M");
        byte[] disk = Files.readAllBytes(directory.resolve("D.img"));
        String work = "mkfs;echo after > /host/text;cat /host/text;false;q";
        Result seeds = kseg("seeds", "--jobs=4", "8", "-cmy.conf", "kernel", work);
        assertThat(seeds.code()).as(seeds.out() + seeds.err()).isEqualTo(1);
        assertThat(kseg(repetition(seeds.out())).out())
                .as("a run sees what it has written")
                .contains("\nafter\n");
        assertThat(directory.resolve("text")).hasContent("before");
        assertThat(Files.readAllBytes(directory.resolve("D.img"))).isEqualTo(disk);
        assertThat(directory.resolve(".sockets")).doesNotExist();

        Path kept = directory.resolve("kseg-seeds").toAbsolutePath();
        assertThat(Files.readString(kept.resolve("seed-1/repeat")))
                .contains(
                        "cd " + directory.toAbsolutePath() + " && exec ",
                        " run --detached --seed 1 --epoch ",
                        " \"$@\" -c " + kept + "/sys161.conf " + kept + "/kernel \"mkfs;echo ");
        assertThat(kept.resolve("kernel")).hasSameBinaryContentAs(directory.resolve("kernel"));
        assertThat(kept.resolve("sys161.conf"))
                .hasSameTextualContentAs(directory.resolve("my.conf"));
        assertThat(kseg("seeds", "1", "run", "-cmy.conf", "kernel", "false;q").out())
                .endsWith("kept in kseg-seeds-2\n");
    }

    @Test
    void mistakes() {
        assertThat(kseg("seeds", "0", "demo").err()).startsWith("kseg: N is 0: ");
        assertThat(kseg("seeds", "many", "demo").err()).contains("'many' is not a long");
        assertThat(kseg("seeds", "3").err()).contains("Missing required parameter: 'COMMAND'");
        assertThat(kseg("seeds", "3", "demo", "--seed=3").err())
                .isEqualTo(
                        """
                        kseg: --seed has no place in a run of kseg seeds
                        kseg:     use it with the command that repeats a run
                        """);
        assertThat(kseg("seeds", "3", "demo", "--cpu=3").err())
                .contains("there is no option --cpu=3 here", "did you mean --cpus?", "kseg demo");
        assertThat(kseg("seeds", "3", "nosuch").err()).startsWith("kseg: nosuch: no such file\n");
        assertThat(kseg("seeds", "--keep=here", "3", "demo").code()).isEqualTo(1);
        assertThat(kseg("seeds", "--keep=here", "3", "demo").err())
                .startsWith("kseg: --keep here: not an empty directory\n");
        assertThat(kseg("seeds", "--jobs=0", "3", "demo").code()).isEqualTo(2);
        assertThat(kseg("seeds", "--pass-on=", "3", "demo").code()).isEqualTo(2);
        assertThat(kseg("seeds", "3", "demo", "--help").out()).startsWith("Boot the guest");
    }

    @Test
    void wordsAreQuotedForAShell() {
        assertThat(Repetition.quoted("a/b-c=1")).isEqualTo("a/b-c=1");
        assertThat(Repetition.quoted("sy2;q")).isEqualTo("\"sy2;q\"");
        assertThat(Repetition.quoted("it's")).isEqualTo("\"it's\"");
        assertThat(Repetition.quoted("$x's")).isEqualTo("'$x'\\''s'");
        assertThat(Repetition.quoted("")).isEqualTo("\"\"");
    }

    @Test
    void longOutputIsKeptInPart() {
        var capture = new Capture();
        byte[] line = "0123456789abcde\n".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 100_000; i++) {
            capture.write(line, 0, line.length);
        }
        capture.write('!');
        String text = capture.text();
        assertThat(text).startsWith("0123456789abcde\n").endsWith("0123456789abcde\n!");
        long missing = 1_600_001 - (256 << 10);
        assertThat(text).contains("\n[kseg: " + missing + " bytes left out]\n");
        assertThat(text)
                .hasSize((256 << 10) + ("\n[kseg: " + missing + " bytes left out]\n").length());
    }
}
