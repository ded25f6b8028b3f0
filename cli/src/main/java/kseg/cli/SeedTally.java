package kseg.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counts what the runs of {@code kseg seeds} ended with, verdict by verdict, in order of seeds. */
final class SeedTally {
    private static final int SHOWN_SEEDS = 10;

    /** All runs with one verdict, but for numbers in it. */
    static final class Group {
        private final SeedRun first;
        private final List<Long> seeds = new ArrayList<>();

        private Group(SeedRun first) {
            this.first = first;
        }

        /** The first of them. */
        SeedRun first() {
            return first;
        }

        int count() {
            return seeds.size();
        }
    }

    private final Map<String, Group> groups = new LinkedHashMap<>();
    private long runs;
    private long failed;
    private long steps;

    /** Adds a run; answers what it belongs to. */
    Group add(SeedRun run) {
        runs++;
        failed += run.passed() ? 0 : 1;
        steps += run.steps();
        Group group = groups.computeIfAbsent(run.kind(), _ -> new Group(run));
        group.seeds.add(run.seed());
        return group;
    }

    long runs() {
        return runs;
    }

    long failed() {
        return failed;
    }

    /** Steps of all runs. */
    long steps() {
        return steps;
    }

    /** Whether Kseg itself failed in a run. */
    boolean hasBug() {
        return groups.values().stream().anyMatch(group -> group.first.exit() == ExitCode.BUG);
    }

    /** Passed runs first, then what happened most often. */
    private List<Group> sorted() {
        List<Group> all = new ArrayList<>(groups.values());
        all.sort(
                Comparator.comparing((Group group) -> !group.first.passed())
                        .thenComparing(Group::count, Comparator.reverseOrder()));
        return all;
    }

    /** The table, with the command that repeats the first of each group. */
    String text(Repetition repetition) {
        StringBuilder text = new StringBuilder();
        for (Group group : sorted()) {
            text.append("%6d  %s\n".formatted(group.count(), group.first.verdict()));
            if (!group.first.passed()) {
                text.append("        seed%s\n".formatted(list(group.seeds)));
                text.append("        ").append(repetition.of(group.first)).append('\n');
            }
        }
        return text.toString();
    }

    private static String list(List<Long> seeds) {
        StringBuilder text = new StringBuilder(seeds.size() > 1 ? "s" : "");
        seeds.stream().limit(SHOWN_SEEDS).forEach(seed -> text.append(' ').append(seed));
        return text + (seeds.size() > SHOWN_SEEDS ? " ..." : "");
    }

    /** Everything, for programs; see docs/seeds.md. */
    String json(Repetition repetition, double seconds, boolean complete) {
        JsonWriter json = new JsonWriter();
        json.open();
        json.field("runs", runs).field("passed", runs - failed).field("failed", failed);
        json.number("complete", String.valueOf(complete));
        json.field("steps", steps);
        json.number("seconds", String.format(Locale.ROOT, "%.3f", seconds));
        json.array("verdicts");
        for (Group group : sorted()) {
            json.open();
            json.field("verdict", group.first.verdict());
            json.number("passed", String.valueOf(group.first.passed()));
            json.field("exit", group.first.exit().title());
            json.field("exitCode", group.first.exit().code());
            json.field("count", group.count());
            json.number("seeds", group.seeds.toString());
            json.field("repeat", repetition.of(group.first));
            json.close();
        }
        json.closeArray().close();
        return json.toString();
    }
}
