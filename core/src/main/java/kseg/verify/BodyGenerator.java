package kseg.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kseg.isa.CpuModel;
import kseg.isa.Insn;
import kseg.time.Generator;

/**
 * Draws bodies: 20 to 200 instructions in up to three pages, of items between which control goes
 * anywhere, so that loops, calls and branches nest and overlap as they will. Weighted to what
 * compilers get wrong.
 */
final class BodyGenerator {
    private static final int WORDS = Layout.CODE_PAGES * Layout.PAGE / 4;
    private static final int PAGE_WORDS = Layout.PAGE / 4;

    /** Room kept for an item, which is never longer. */
    private static final int MARGIN = 64;

    private enum Fix {
        BRANCH,
        JUMP,
        /** The lower half of the address, which is the same in all segments. */
        LOW,
        /** Distance in bytes from the second word behind the link instruction. */
        DISTANCE,
        WORD
    }

    /** Length of what {@link #toUser} emits. */
    private static final int TO_USER_WORDS = 5;

    /** A word whose immediate depends on where an item lies. */
    private record Fixup(int at, Fix fix, int item, int delta, int from) {}

    /**
     * A body, and where it can be entered.
     *
     * @param entries offsets of its items in the code pages, in bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Generated(Body body, int[] entries) {}

    private final Generator random;
    private final InsnPicker picker;
    private final Processor processor;
    private final boolean mips161;
    private final List<List<Part>> firmware;

    private final int[] words = new int[WORDS];
    private final List<Fixup> fixups = new ArrayList<>();
    private int[] items = new int[0];
    private int at;
    private int item;

    /**
     * A generator.
     *
     * @param firmware the handlers to choose from
     */
    BodyGenerator(Generator random, Processor processor, List<List<Part>> firmware) {
        this.random = random;
        this.processor = processor;
        this.firmware = firmware;
        mips161 = processor.model() == CpuModel.MIPS161;
        picker = new InsnPicker(random, processor.model());
    }

    Generated next() {
        Arrays.fill(words, Words.NOP);
        fixups.clear();
        picker.nextTheme();
        items = new int[5 + random.below(random.below(3) == 0 ? 48 : 20)];
        at = random.below(3) == 0 ? 0 : PAGE_WORDS - random.below(100);
        for (item = 0; item < items.length; item++) {
            items[item] = at;
            item();
            layOut();
        }
        jumpTo(random.below(items.length));
        fixups.forEach(this::resolve);
        var parts = new ArrayList<Part>();
        addCode(parts, Layout.CODE, words);
        addCode(parts, Layout.OTHER_CODE, otherWords());
        parts.add(new Part(Layout.DATA, data()));
        List<Part> handlers = firmware.get(random.below(firmware.size()));
        int[] entries = Arrays.stream(items).map(i -> 4 * i).toArray();
        return new Generated(new Body(processor, handlers, List.copyOf(parts)), entries);
    }

    /** Now and then goes on in another page, or puts a branch in the last word of this one. */
    private void layOut() {
        int left = PAGE_WORDS - at % PAGE_WORDS;
        boolean room = at + PAGE_WORDS + 400 < WORDS;
        if (left < 16 && picker.once(2)) {
            while (at % PAGE_WORDS != PAGE_WORDS - 1) {
                emit(picker.plain());
            }
            branchTo(label(), picker.branch());
        } else if (room && picker.once(24)) {
            jumpTo(Math.min(item + 1, items.length - 1));
            at = (at / PAGE_WORDS + 1) * PAGE_WORDS + random.below(300);
        } else if (at + 2 * MARGIN > WORDS) {
            jumpTo(0);
            at = WORDS - 2 * MARGIN; // overwrites what was last
        }
    }

    private void emit(int word) {
        words[at++] = word;
    }

    private void emit(int word, Fix fix, int target, int delta, int from) {
        fixups.add(new Fixup(at, fix, target, delta, from));
        emit(word);
    }

    private void slot() {
        emit(picker.slot());
    }

    /** An item to go to, more often one near by; loops come from those behind. */
    private int label() {
        if (picker.once(4)) {
            return random.below(items.length);
        }
        int near = item + random.below(9) - 5;
        return Math.clamp(near, 0, items.length - 1);
    }

    /** Past an item's start, into its middle, or in front of it: perhaps a delay slot. */
    private int delta() {
        return random.below(12) < 10 ? 0 : random.below(4) - 1;
    }

    private void branchTo(int target, int branch) {
        emit(branch, Fix.BRANCH, target, delta(), 0);
        slot();
    }

    private void jumpTo(int target) {
        if (picker.once(2)) {
            emit(Words.of(Insn.J, 0), Fix.JUMP, target, 0, 0);
            emit(Words.NOP);
        } else {
            emit(Words.i(Insn.BEQ, 0, 0, 0), Fix.BRANCH, target, 0, 0);
            emit(Words.NOP);
        }
    }

    private void item() {
        switch (random.below(45)) {
            case 0, 1, 2, 3, 4 -> plains();
            case 5, 6 -> emit(picker.access());
            case 7, 8, 9, 10 -> group();
            case 11, 12, 13, 14, 15, 16 -> branchTo(label(), picker.branch());
            case 17, 18, 19 -> loop();
            case 20 -> call();
            case 21, 22 -> indirect(picker.pick(Insn.JR, Insn.JALR));
            case 23 -> table();
            case 24 -> returns();
            case 25 -> recursion();
            case 26, 27, 28 -> changeCode();
            case 29, 30 -> editTlb();
            case 31 -> emit(Words.mtc0(picker.once(3) ? 0 : Layout.A0 + random.below(4), 10));
            case 32, 33 -> linked();
            case 34 -> mode();
            case 35, 36 -> anything();
            case 37 -> walk();
            case 38 -> odd();
            case 39, 40, 41, 42, 43 -> sweep();
            default -> branchTo(label(), picker.branch());
        }
    }

    private void anything() {
        for (int i = random.below(4); i >= 0; i--) {
            emit(picker.any());
        }
    }

    private void plains() {
        for (int i = random.below(5); i >= 0; i--) {
            emit(picker.plain());
        }
    }

    /** Accesses off one base, past the ends of pages, aligned and not, the base changing. */
    private void group() {
        int base = picker.pointer();
        int offset = 4 * (random.below(16) - 8);
        for (int i = 2 + random.below(7); i > 0; i--) {
            emit(picker.access(base, offset));
            offset += picker.once(8) ? random.below(5) : 4 * random.below(3);
            if (picker.once(16)) {
                emit(Words.i(Insn.ADDIU, base, base, 4 * (random.below(9) - 4)));
            }
        }
    }

    private void loop() {
        int counter = picker.once(3) ? Layout.OUTER_COUNTER : Layout.COUNTER;
        emit(Words.i(Insn.ADDIU, counter, counter, -1));
        int target = Math.max(0, item - random.below(6));
        branchTo(target, Words.i(picker.pick(Insn.BGTZ, Insn.BNE), 0, counter, 0));
        if (picker.once(3)) {
            emit(Words.i(Insn.ADDIU, counter, 0, 3 + random.below(30)));
        }
    }

    private void call() {
        emit(Words.of(Insn.JAL, 0), Fix.JUMP, label(), delta(), 0);
        slot();
    }

    /** The address of an item in $t9: absolute, in some segment, or relative to the pc. */
    private void address(int target, int delta) {
        if (picker.once(2)) {
            emit(Words.i(Insn.BGEZAL, 0, 0, 1));
            emit(picker.once(2) ? Words.NOP : picker.plain());
            int distance = Words.i(Insn.ADDIU, Layout.TARGET, Layout.RA, 0);
            emit(distance, Fix.DISTANCE, target, delta, at - 2);
        } else {
            int[] segments = {0x8000, 0x8000, 0xa000, 0xc000, 0};
            int high = segments[random.below(segments.length)];
            emit(Words.i(Insn.LUI, Layout.TARGET, 0, high));
            int low = Words.i(Insn.ORI, Layout.TARGET, Layout.TARGET, 0);
            emit(low, Fix.LOW, target, delta, 0);
        }
    }

    private void indirect(Insn insn) {
        address(label(), delta());
        emit(Words.r(insn, picker.once(4) ? picker.target() : Layout.RA, Layout.TARGET, 0));
        slot();
    }

    /** A jump to one of four places, through a table of addresses or computed. */
    private void table() {
        int index = picker.value();
        emit(Words.i(Insn.ANDI, Layout.WORD, index, 0xc));
        emit(Words.i(Insn.BGEZAL, 0, 0, 1));
        emit(Words.NOP);
        emit(Words.r(Insn.ADDU, Layout.WORD, Layout.WORD, Layout.RA));
        if (picker.once(2)) {
            emit(Words.i(Insn.LW, Layout.TARGET, Layout.WORD, 5 * 4 - 4));
            emit(Words.r(Insn.JR, 0, Layout.TARGET, 0));
            slot();
            emit(Words.NOP);
            for (int i = 0; i < 4; i++) {
                emit(Layout.KSEG0 + Layout.CODE, Fix.WORD, label(), 0, 0);
            }
        } else {
            emit(Words.i(Insn.ADDIU, Layout.WORD, Layout.WORD, 12));
            emit(Words.r(Insn.JR, 0, Layout.WORD, 0));
            slot();
            for (int i = 0; i < 4; i++) {
                emit(Words.i(Insn.BEQ, 0, 0, 0), Fix.BRANCH, label(), 0, 0);
            }
            emit(picker.plain());
        }
    }

    private void returns() {
        emit(Words.r(Insn.JR, 0, Layout.RA, 0));
        slot();
    }

    /** A function that calls itself with a smaller argument, its frames on the stack. */
    private void recursion() {
        int argument = Layout.VALUES[2 + random.below(6)];
        emit(Words.i(Insn.ADDIU, Layout.SP, Layout.SP, -8));
        emit(Words.i(Insn.SW, Layout.RA, Layout.SP, 4));
        emit(Words.i(Insn.ANDI, argument, argument, 7));
        emit(Words.i(Insn.BLEZ, 0, argument, picker.once(2) ? 3 : 4));
        emit(Words.i(Insn.SW, argument, Layout.SP, 0));
        emit(Words.of(Insn.JAL, 0), Fix.JUMP, item, 0, 0);
        emit(Words.i(Insn.ADDIU, argument, argument, -1));
        emit(Words.i(Insn.LW, Layout.RA, Layout.SP, 4));
        emit(Words.r(Insn.JR, 0, Layout.RA, 0));
        emit(Words.i(Insn.ADDIU, Layout.SP, Layout.SP, 8));
    }

    /** Stores into code: ahead, behind, here; a new word, or a constant changed in place. */
    private void changeCode() {
        int target = picker.once(2) ? item : label();
        address(target, random.below(10) - 1);
        switch (random.below(4)) {
            case 0 -> {
                emit(Words.i(Insn.LW, Layout.WORD, Layout.TARGET, 0));
                emit(Words.i(Insn.XORI, Layout.WORD, Layout.WORD, 1 << random.below(5)));
            }
            case 1 -> emit(Words.i(Insn.LW, Layout.WORD, Layout.TARGET, 0));
            default -> emit(Words.i(Insn.LW, Layout.WORD, picker.pointer(), 8 * random.below(16)));
        }
        Insn store = picker.once(6) ? picker.pick(Insn.SB, Insn.SH, Insn.SWL, Insn.SWR) : Insn.SW;
        emit(Words.i(store, Layout.WORD, Layout.TARGET, store == Insn.SH ? 2 : 0));
        if (picker.once(3)) {
            emit(Words.i(Insn.SW, Layout.WORD, Layout.TARGET, 4 * random.below(6)));
        }
    }

    /** Writes an entry of the TLB from what $a0 to $a3 hold, or with changed permissions. */
    private void editTlb() {
        if (picker.once(2)) {
            emit(Words.i(Insn.XORI, Layout.A0 + 1, Layout.A0 + 1, random.below(8) << 8));
        }
        if (picker.once(2)) {
            emit(Words.mtc0(Layout.A0, 10));
        }
        emit(Words.mtc0(Layout.A0 + 1 + random.below(2), 2));
        switch (random.below(4)) {
            case 0 -> emit(Insn.TLBWR.match());
            case 1 -> {
                emit(Insn.TLBP.match());
                emit(Insn.TLBWI.match());
            }
            case 2 -> {
                emit(Insn.TLBP.match());
                emit(Insn.TLBR.match());
            }
            default -> {
                emit(Words.i(Insn.ADDIU, Layout.K0, 0, random.below(20) << 8));
                emit(Words.mtc0(Layout.K0, 0));
                emit(Insn.TLBWI.match());
            }
        }
    }

    private void linked() {
        int base = picker.pointer();
        int offset = picker.once(4) ? 0 : 4 * random.below(8);
        if (!mips161) {
            emit(Words.i(Insn.LW, picker.target(), base, offset));
            return;
        }
        int kind = random.below(8);
        if (kind == 0) { // to user mode, which must not store there
            base = Layout.WORD;
            emit(Words.i(Insn.LUI, base, 0, Layout.KSEG0 >>> 16));
            emit(Words.i(Insn.ORI, base, base, Layout.DATA));
        }
        emit(Words.i(Insn.LL, picker.target(), base, offset));
        switch (kind) {
            case 0 -> toUser(item, at + TO_USER_WORDS - items[item]);
            case 1, 2 -> remap(base, offset);
            case 3 -> emit(picker.plain());
            case 4 -> emit(picker.access(base, offset));
            case 5 -> emit(Words.mtc0(picker.once(2) ? 0 : Layout.A0, 10));
            default -> {}
        }
        int sc = Words.i(Insn.SC, picker.target(), base, offset);
        if (picker.once(2)) {
            emit(picker.branch() | 1 + random.below(4));
        }
        emit(sc);
    }

    /** What an address is mapped to becomes invalid, read-only, or nothing. */
    private void remap(int base, int offset) {
        emit(Words.i(Insn.ADDIU, Layout.K0, base, offset));
        emit(Words.shift(Insn.SRL, Layout.K0, Layout.K0, 12));
        emit(Words.shift(Insn.SLL, Layout.K0, Layout.K0, 12));
        emit(Words.i(Insn.ORI, Layout.K0, Layout.K0, StartGenerator.ASID));
        emit(Words.mtc0(Layout.K0, 10));
        emit(Insn.TLBP.match());
        int flags = picker.once(2) ? 6 : random.below(8);
        emit(Words.i(Insn.LUI, Layout.K0, 0, StartGenerator.NOWHERE >>> 16));
        emit(Words.i(Insn.ORI, Layout.K0, Layout.K0, flags << 8));
        emit(Words.mtc0(Layout.K0, 2));
        if (picker.once(4)) { // not even that
            emit(Words.mtc0(Layout.A0, 10));
        }
        emit(Insn.TLBWI.match());
    }

    /** To user mode, and there by a jump to a place in kuseg. */
    private void toUser(int target, int delta) {
        emit(Words.i(Insn.ORI, Layout.K0, 0, 8 | random.below(64) & ~3 | 0xff00 * random.below(2)));
        emit(Words.mtc0(Layout.K0, 12));
        emit(Words.i(Insn.ORI, Layout.TARGET, 0, 0), Fix.LOW, target, delta, 0);
        emit(Words.r(Insn.JR, 0, Layout.TARGET, 0));
        emit(Insn.RFE.match());
    }

    private void mode() {
        int status = random.below(64) | 0xff00 * random.below(2);
        int isolate = !mips161 && picker.once(3) ? 1 << 16 : 0;
        switch (random.below(4)) {
            case 0 -> emit(Insn.RFE.match());
            case 1 -> toUser(label(), 0);
            default -> {
                emit(Words.i(Insn.LUI, Layout.K0, 0, isolate >>> 16));
                emit(Words.i(Insn.ORI, Layout.K0, Layout.K0, status & ~2));
                emit(Words.mtc0(Layout.K0, 12));
            }
        }
    }

    /** A pointer moves on, so that a loop walks through pages. */
    private void walk() {
        int base = picker.pointer();
        emit(picker.access(base, 0));
        emit(Words.i(Insn.ADDIU, base, base, picker.once(6) ? 1 : 4 * (random.below(5) - 1)));
    }

    /**
     * A loop whose addresses stand still, move by steps of their own, or lie in a table: what can
     * be translated once for many rounds, unless it is absent, misaligned, or leaves its page.
     */
    private void sweep() {
        for (int i = random.below(3); i > 0; i--) { // to near the ends of pages
            int base = picker.pointer();
            emit(Words.i(Insn.ORI, base, base, 0xf80));
        }
        emit(Words.i(Insn.ADDIU, Layout.WORD, 0, 2 + random.below(picker.once(3) ? 120 : 20)));
        int head = at;
        Insn[][] sizes = {{Insn.LW, Insn.SW}, {Insn.LBU, Insn.SB}, {Insn.LH, Insn.SH}};
        for (int i = random.below(4); i >= 0; i--) {
            Insn[] pair = sizes[random.below(sizes.length)];
            int bytes = pair[0] == Insn.LW ? 4 : pair[0] == Insn.LH ? 2 : 1;
            int base = picker.pointer();
            if (picker.once(4)) {
                emit(Words.i(Insn.ANDI, Layout.TARGET, picker.value(), random.below(256)));
                emit(Words.shift(Insn.SLL, Layout.TARGET, Layout.TARGET, random.below(4)));
                emit(Words.r(Insn.ADDU, Layout.TARGET, Layout.TARGET, base));
                base = Layout.TARGET;
            }
            int offset = bytes * (random.below(9) - 4);
            emit(Words.i(pair[0], picker.target(), base, offset));
            if (picker.once(2)) {
                emit(Words.i(pair[1], picker.value(), base, bytes * random.below(4)));
            }
            if (picker.once(5)) {
                emit(Words.i(Insn.BNE, picker.value(), picker.value(), 2));
                emit(picker.plain());
            }
            if (picker.once(8)) {
                emit(Words.r(Insn.ADDU, base, base, picker.value()));
            } else {
                int[] steps = {0, 1, 2, 4, 4, 8, -4, 36, -100, 288, 600};
                int step = Words.i(Insn.ADDIU, base, base, steps[random.below(steps.length)]);
                emit(step);
                if (picker.once(6)) {
                    emit(step);
                }
            }
        }
        emit(Words.i(Insn.ADDIU, Layout.WORD, Layout.WORD, -1));
        emit(Words.i(Insn.BGTZ, 0, Layout.WORD, head - at - 1 & 0xffff));
        emit(picker.once(4) ? picker.slot() : picker.plain());
    }

    private void odd() {
        switch (random.below(6)) {
            case 0 -> { // the device: raises a line, or counts
                emit(Words.i(Insn.LUI, Layout.TARGET, 0, 0xbfe0));
                Insn insn = picker.pick(Insn.SW, Insn.LW, Insn.SB, Insn.LL, Insn.LH);
                insn = !mips161 && insn == Insn.LL ? Insn.LW : insn;
                emit(Words.i(insn, picker.value(), Layout.TARGET, 0));
            }
            case 1 -> { // the timer
                emit(Words.i(Insn.ADDIU, Layout.K0, 0, random.below(90)));
                emit(Words.mtc0(Layout.K0, mips161 ? picker.once(3) ? 9 : 11 : 14));
            }
            case 2 -> emit(Words.mfc0(picker.target(), random.below(15)));
            case 3 -> emit(Words.of(picker.pick(Insn.SYSCALL, Insn.BREAK), picker.bits()));
            case 4 -> { // software interrupts
                emit(Words.i(Insn.ADDIU, Layout.K0, 0, random.below(4) << 8));
                emit(Words.mtc0(Layout.K0, 13));
            }
            default -> emit(mips161 ? Insn.WAIT.match() : Words.NOP);
        }
    }

    private void resolve(Fixup fixup) {
        int target = items[fixup.item] + fixup.delta;
        int value =
                switch (fixup.fix) {
                    case BRANCH -> target - fixup.at - 1 & 0xffff;
                    case JUMP -> (Layout.CODE >>> 2) + target;
                    case LOW -> Layout.CODE + 4 * target;
                    case DISTANCE -> 4 * (target - fixup.from - 2) & 0xffff;
                    case WORD -> 4 * target;
                };
        words[fixup.at] += value;
    }

    /** What the second address space has in place of the code: the same with some changes. */
    private int[] otherWords() {
        int[] other = words.clone();
        for (int i = random.below(20); i > 0; i--) {
            other[items[random.below(items.length)] + random.below(3)] = picker.plain();
        }
        return other;
    }

    /** Adds what is not zero of the code. */
    private static void addCode(List<Part> parts, int paddr, int[] code) {
        int from = 0;
        int to = code.length;
        while (from < to && code[from] == 0) {
            from++;
        }
        while (to > from && code[to - 1] == 0) {
            to--;
        }
        parts.add(new Part(paddr + 4 * from, Arrays.copyOfRange(code, from, to)));
    }

    /** Half of it instructions, for programs to put into their code or to run into. */
    private int[] data() {
        int[] data = new int[Layout.DATA_PAGES * PAGE_WORDS];
        int[] sensible = new int[12];
        for (int i = 0; i < sensible.length; i++) {
            sensible[i] = picker.replacement();
        }
        for (int i = 0; i < data.length; i++) {
            data[i] = (i & 1) == 0 ? sensible[random.below(sensible.length)] : random.nextInt();
        }
        return data;
    }
}
