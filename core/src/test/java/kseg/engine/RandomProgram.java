package kseg.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import kseg.isa.Assembler;
import kseg.isa.CpuModel;

/**
 * A program drawn from a seed, weighted to what engines get wrong: delay slots, faults, TLB edits,
 * code that changes, LL and SC, mode switches, interrupts. It consists of items that can be left
 * out one by one, so that a failing program can be shrunk; labels L0, L1, ... name the items'
 * places and stay.
 *
 * @param start where the body starts, in its two pages at {@link CpuRig#BODY}
 * @param items assembly text
 * @param setup assembly text that runs first
 * @param handlers assembly text of the refill and the general vector
 * @param table where exceptions may lead: pairs of address and Status, as .word lines
 * @param data contents of the data pages
 * @param lines interrupt lines that change
 */
public record RandomProgram(
        int start,
        List<String> items,
        String setup,
        List<String> handlers,
        String table,
        int[] data,
        List<CpuRig.LineChange> lines) {

    /** Where a program starts. */
    public static final int ENTRY = CpuRig.CODE;

    /** Steps that a run takes. */
    public static final int STEPS = 400;

    private static final int TABLE = 0x80005000;
    private static final int REFILL = 0x80000000;
    private static final int GENERAL = 0x80000080;
    private static final int DATA = 0x80006000;

    /** What lies where in memory. */
    public record Placed(int vaddr, int[] words) {}

    /** Assembles all parts. */
    public List<Placed> assemble() {
        var body = new StringBuilder();
        for (int i = 0; i < items.size(); i++) {
            body.append("L%d: %s%n".formatted(i, items.get(i)));
        }
        int[] words = Assembler.assemble(body + "END: b .\n nop\n" + table, start);
        int bodyWords = words.length - table.lines().toArray().length;
        return List.of(
                new Placed(start, Arrays.copyOf(words, bodyWords)),
                new Placed(TABLE, Arrays.copyOfRange(words, bodyWords, words.length)),
                new Placed(CpuRig.CODE, Assembler.assemble(setup, CpuRig.CODE)),
                new Placed(REFILL, Assembler.assemble(handlers.get(0), REFILL)),
                new Placed(GENERAL, Assembler.assemble(handlers.get(1), GENERAL)),
                new Placed(DATA, data));
    }

    /** Places the program in benches, and resets them. */
    void load(CpuRig... rigs) {
        List<Placed> parts = assemble();
        for (CpuRig rig : rigs) {
            rig.clear();
            parts.forEach(part -> rig.place(part.vaddr & 0x1fffffff, part.words));
            lines.forEach(change -> rig.line(change.cycle(), change.line(), change.raised()));
            rig.reset();
        }
    }

    /** Leaves out items and interrupts as long as what is left still fails. */
    public RandomProgram shrink(Predicate<RandomProgram> fails) {
        RandomProgram least = this;
        boolean smaller = true;
        while (smaller) {
            smaller = false;
            for (int i = 0; i < least.items.size(); i++) {
                RandomProgram candidate = least.withoutItem(i);
                if (!least.items.get(i).isEmpty() && fails.test(candidate)) {
                    least = candidate;
                    smaller = true;
                }
            }
            RandomProgram quiet = least.withoutLines();
            if (!least.lines.isEmpty() && fails.test(quiet)) {
                least = quiet;
                smaller = true;
            }
        }
        return least;
    }

    private RandomProgram withoutItem(int index) {
        List<String> fewer = new ArrayList<>(items);
        fewer.set(index, "");
        return new RandomProgram(start, fewer, setup, handlers, table, data, lines);
    }

    private RandomProgram withoutLines() {
        return new RandomProgram(start, items, setup, handlers, table, data, List.of());
    }

    @Override
    public String toString() {
        var text = new StringBuilder("# setup at 80001000\n").append(setup);
        text.append("# refill vector\n").append(handlers.get(0));
        text.append("# general vector\n").append(handlers.get(1));
        text.append("# body at %08x%n".formatted(start));
        for (int i = 0; i < items.size(); i++) {
            if (!items.get(i).isEmpty()) {
                text.append("L%d: %s%n".formatted(i, items.get(i)));
            }
        }
        return text.append("# table at 80005000\n").append(table).append(lines).toString();
    }

    public static RandomProgram of(long seed, CpuModel model) {
        return new ProgramGenerator(new Random(seed), model).program();
    }
}
