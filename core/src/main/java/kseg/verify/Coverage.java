package kseg.verify;

import java.util.ArrayList;
import java.util.List;
import kseg.isa.Insn;
import org.jspecify.annotations.Nullable;

/**
 * How often each instruction ended in each way, in delay slots and elsewhere, over all executions.
 * Counted by the reference, after every step.
 */
public final class Coverage {
    private static final Insn[] INSNS = Insn.values();
    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final int FETCH = INSNS.length;

    /** By instruction (or failed fetch), delay slot, outcome. */
    private final long[] counts = new long[(FETCH + 1) * 2 * OUTCOMES.length];

    private static int index(int row, boolean inSlot, Outcome outcome) {
        return (2 * row + (inSlot ? 1 : 0)) * OUTCOMES.length + outcome.ordinal();
    }

    /** Counts a step; no instruction if it could not be fetched. */
    void count(@Nullable Insn insn, boolean inSlot, Outcome outcome) {
        counts[index(insn == null ? FETCH : insn.ordinal(), inSlot, outcome)]++;
    }

    /** Adds what another verifier covered. */
    public void add(Coverage other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
    }

    /** Steps that were compared. */
    public long steps() {
        long steps = 0;
        for (long count : counts) {
            steps += count;
        }
        return steps;
    }

    /**
     * A row of the table.
     *
     * @param insn its mnemonic, or "fetch"
     * @param outcome how the step ended
     * @param inSlot whether in a delay slot
     * @param count how often
     */
    public record Cell(String insn, String outcome, boolean inSlot, long count) {
        private boolean below(long asked) {
            boolean interrupt = outcome.equals(Outcome.INTERRUPT.title());
            return count < (interrupt ? asked / 10 : asked);
        }

        @Override
        public String toString() {
            return "%s, %s%s: %d".formatted(insn, outcome, inSlot ? ", in a slot" : "", count);
        }
    }

    /** Every combination that can occur. */
    public List<Cell> cells() {
        return cells(true);
    }

    /** Combinations seen that {@link Outcome} thinks impossible: it, or an engine, is wrong. */
    public List<Cell> impossible() {
        return cells(false).stream().filter(cell -> cell.count > 0).toList();
    }

    /**
     * The combinations that occurred less often than so, interrupts less often than a tenth of
     * that: they are no fault of the instruction in front of which they come.
     */
    public List<Cell> below(long count) {
        return cells().stream().filter(cell -> cell.below(count)).toList();
    }

    private List<Cell> cells(boolean possible) {
        List<Cell> cells = new ArrayList<>();
        for (int row = 0; row <= FETCH; row++) {
            for (Outcome outcome : OUTCOMES) {
                if (possible(row, outcome) == possible) {
                    cells.add(cell(row, outcome, false));
                    cells.add(cell(row, outcome, true));
                }
            }
        }
        return cells;
    }

    private static boolean possible(int row, Outcome outcome) {
        return row == FETCH ? outcome.possibleAtFetch() : outcome.possible(INSNS[row]);
    }

    private Cell cell(int row, Outcome outcome, boolean inSlot) {
        String name = row == FETCH ? "fetch" : INSNS[row].mnemonic();
        return new Cell(name, outcome.title(), inSlot, counts[index(row, inSlot, outcome)]);
    }

    /**
     * The table: a line for each instruction, a pair "elsewhere/in delay slots" for each outcome.
     */
    public String table() {
        var text = new StringBuilder();
        String insn = "";
        List<Cell> cells = cells();
        for (int i = 0; i < cells.size(); i += 2) {
            Cell cell = cells.get(i);
            if (!cell.insn.equals(insn)) {
                insn = cell.insn;
                text.append(text.isEmpty() ? "" : "\n").append("%-8s".formatted(insn));
            } else {
                text.append(',');
            }
            text.append(" %s %d/%d".formatted(cell.outcome, cell.count, cells.get(i + 1).count));
        }
        return text.append('\n').toString();
    }
}
