package kseg.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which line of which source file an address was compiled from: the DWARF line tables of an image,
 * versions 2 to 5. Reading notes only which addresses each stretch of the tables covers; a question
 * runs the one stretch that has the answer. Damaged tables have no lines, and say so.
 */
public final class LineTable {
    private static final String SECTION = ".debug_line";

    /** No image of 4 GB of code has more; a damaged one could claim them. */
    private static final int MOST_SEQUENCES = 1 << 20;

    /** Rows looked at for a question: no sequence has more, but a damaged one may claim them. */
    private static final int MOST_ROWS = 4_000_000;

    /** A stretch of rows with rising addresses. */
    private record Sequence(LineUnit unit, int start, int low, int high) {
        boolean covers(int vaddr) {
            return Integer.compareUnsigned(vaddr, low) >= 0
                    && Integer.compareUnsigned(vaddr, high) < 0;
        }
    }

    private final List<Sequence> sequences = new ArrayList<>();
    private String fault = "";

    private LineTable() {}

    /** Reads the tables of a file. */
    static LineTable of(ElfSections sections) {
        LineTable table = new LineTable();
        try {
            Optional<ElfSections.Section> lines = sections.named(SECTION);
            if (lines.isPresent()) {
                LineFiles.Strings strings =
                        new LineFiles.Strings(
                                strings(sections, ".debug_str"),
                                strings(sections, ".debug_line_str"));
                table.index(lines.get().bytes(), strings);
            }
        } catch (DamagedException e) {
            table.fault = String.valueOf(e.getMessage());
        }
        return table;
    }

    private static @Nullable DebugBytes strings(ElfSections sections, String name) {
        return sections.named(name).map(ElfSections.Section::bytes).orElse(null);
    }

    /** Whether there is nothing to find. */
    public boolean isEmpty() {
        return sequences.isEmpty();
    }

    /**
     * What is wrong with the tables, empty if nothing is; they may hold some lines all the same.
     */
    public String fault() {
        return fault;
    }

    /** The line an address was compiled from; empty if that is not recorded. */
    public Optional<SourceLine> at(int vaddr) {
        for (Sequence sequence : sequences) {
            if (sequence.covers(vaddr)) {
                try {
                    return find(sequence, vaddr);
                } catch (DamagedException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<SourceLine> find(Sequence sequence, int vaddr) {
        long[] best = new long[2];
        int[] rows = new int[1];
        sequence.unit.run(
                sequence.start,
                (address, file, line, last, _) -> {
                    if (++rows[0] > MOST_ROWS) {
                        throw new DamagedException("rows without end");
                    }
                    if (last || Integer.compareUnsigned(address, vaddr) > 0) {
                        return false;
                    }
                    best[0] = file;
                    best[1] = line;
                    return true;
                });
        return sequence.unit.source(best[0], best[1]);
    }

    private void index(DebugBytes section, LineFiles.Strings strings) {
        while (!section.atEnd() && sequences.size() < MOST_SEQUENCES) {
            DebugBytes.Unit unit = section.unit();
            try {
                index(LineUnit.of(unit, strings));
            } catch (DamagedException e) {
                fault = String.valueOf(e.getMessage());
            }
        }
    }

    private void index(LineUnit unit) {
        Stretch stretch = new Stretch(unit);
        unit.run(unit.start(), stretch);
    }

    /** Collects the sequences of a unit. */
    private final class Stretch implements LineUnit.Rows {
        private final LineUnit unit;
        private int start;
        private int low;
        private boolean begun;

        Stretch(LineUnit unit) {
            this.unit = unit;
            start = unit.start();
        }

        @Override
        public boolean row(int address, long file, long line, boolean last, int behind) {
            if (!begun) {
                begun = true;
                low = address;
            }
            if (last) {
                if (Integer.compareUnsigned(low, address) < 0) {
                    sequences.add(new Sequence(unit, start, low, address));
                }
                start = behind;
                begun = false;
            }
            return sequences.size() < MOST_SEQUENCES;
        }
    }
}
