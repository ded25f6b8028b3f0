package kseg.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kseg.isa.Disassembler;
import kseg.isa.Registers;

/**
 * A random program for user mode: initial registers and scratch memory, and items each of which may
 * transfer control forward to the start of another. It ends, whatever happens, at {@link #end()} or
 * with an exception.
 *
 * <p>Trials have slots, so that many fit one process: each slot is a piece of code and a record in
 * memory. The program must not change $k0, which points to its record.
 *
 * @param gpr registers at the start
 * @param scratch memory at the start
 * @param targets for each item, the item to which it transfers control; the number of items means
 *     the end
 */
record Trial(
        int slot,
        int[] gpr,
        int hi,
        int lo,
        int[] scratch,
        List<Item> items,
        List<Integer> targets) {
    /** Such that the programs of every eighth slot lie across a page boundary. */
    static final int CODE = 0x0041_0100;

    static final int CODE_STRIDE = 512;
    static final int RECORDS = 0x1000_0000;
    static final int RECORD_STRIDE = 256;
    static final int SCRATCH_OFFSET = 192;
    static final int SCRATCH_WORDS = 16;
    static final int K0 = 26;

    /** Words of setting-up before the program. */
    static final int PROLOGUE_WORDS = 38;

    static final int MAX_WORDS = 48;

    /** Where the slot's code begins. */
    int slotVaddr() {
        return CODE + slot * CODE_STRIDE;
    }

    /** Where the program begins. */
    int start() {
        return slotVaddr() + 4 * PROLOGUE_WORDS;
    }

    /** Where it has ended. */
    int end() {
        return vaddrOf(items.size());
    }

    /** Where the slot's record is, and $k0 points. */
    int recordVaddr() {
        return RECORDS + slot * RECORD_STRIDE;
    }

    int scratchVaddr() {
        return recordVaddr() + SCRATCH_OFFSET;
    }

    private int vaddrOf(int item) {
        return start() + 4 * items.stream().limit(item).mapToInt(Item::size).sum();
    }

    List<Integer> words() {
        List<Integer> words = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            int here = start() + 4 * words.size();
            words.addAll(items.get(i).words(here, vaddrOf(targets.get(i))));
        }
        return words;
    }

    /** The same without one item, in whose place nothing happens. */
    Trial without(int item) {
        List<Item> fewer = new ArrayList<>(items);
        fewer.set(item, Item.Plain.nops(items.get(item).size()));
        return new Trial(slot, gpr, hi, lo, scratch, fewer, targets);
    }

    /** The same with a register zero at the start. */
    Trial withoutRegister(int register) {
        int[] fewer = gpr.clone();
        fewer[register] = 0;
        return new Trial(slot, fewer, hi, lo, scratch, items, targets);
    }

    /** The program as assembly language, without its no-operations. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        for (int i = 1; i < 32; i++) {
            if (gpr[i] != 0) {
                text.append("        # %s = 0x%08x%n".formatted(Registers.name(i), gpr[i]));
            }
        }
        text.append("        # hi = 0x%08x, lo = 0x%08x%n".formatted(hi, lo));
        text.append("        # scratch at 0x%08x:".formatted(scratchVaddr()));
        Arrays.stream(scratch).forEach(word -> text.append(" %08x".formatted(word)));
        text.append('\n');
        int pc = start();
        for (int word : words()) {
            if (word != 0) {
                text.append("%08x: %s%n".formatted(pc, Disassembler.disassemble(word, pc)));
            }
            pc += 4;
        }
        return text.append("%08x: end%n".formatted(end())).toString();
    }
}
