package kseg.journal;

import java.util.ArrayList;
import java.util.List;

/** The inputs a machine has taken, in order. */
public final class Journal {
    /**
     * One input.
     *
     * @param step machine step at which it took effect
     * @param cycle machine cycle at which it took effect
     */
    public record Entry(long step, long cycle, Input input) {}

    private final List<Entry> entries = new ArrayList<>();

    /** Appends an input. */
    public void add(long step, long cycle, Input input) {
        entries.add(new Entry(step, cycle, input));
    }

    /** Number of inputs; the ordinal of the next. */
    public int size() {
        return entries.size();
    }

    public Entry get(int ordinal) {
        return entries.get(ordinal);
    }

    /** A journal of its own that holds the first {@code count} inputs. */
    public Journal prefix(int count) {
        var journal = new Journal();
        journal.entries.addAll(entries.subList(0, count));
        return journal;
    }

    /** The inputs so far. */
    public List<Entry> entries() {
        return List.copyOf(entries);
    }
}
