package kseg.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kseg.cpu.Cpu;
import kseg.cpu.Tlb;
import kseg.isa.CpuModel;
import kseg.time.Generator;
import kseg.verify.Start.Action;
import kseg.verify.Start.LineChange;
import kseg.verify.Start.Stop;

/** Draws the states bodies start in, and what happens to them. */
final class StartGenerator {
    private static final int V = Tlb.LO_VALID;
    private static final int D = Tlb.LO_DIRTY;
    private static final int G = Tlb.LO_GLOBAL;

    /** EntryHi of the address space programs mostly begin in. */
    static final int ASID = 1 << 6;

    /** Where nothing is, not even a device. */
    static final int NOWHERE = 0x08000000;

    private static final int STATUS_BEV = 0x400000;

    private final Generator random;
    private final Processor processor;
    private final InsnPicker picker;

    private int[] items = new int[0];
    private int[] tlb = new int[0];
    private int entries;
    private int slot;
    private boolean user;

    StartGenerator(Generator random, Processor processor) {
        this.random = random;
        this.processor = processor;
        picker = new InsnPicker(random, processor.model());
    }

    Start next(BodyGenerator.Generated generated) {
        items = generated.entries();
        int place = random.below(5);
        user = place < 2;
        int segment =
                place < 2 ? 0 : place == 2 && random.below(2) == 0 ? mappedKernel() : direct();
        int entry = items[random.below(2) == 0 ? 0 : random.below(items.length)];
        return new Start(
                segment + Layout.CODE + entry,
                registers(),
                cp0(),
                tlb(),
                List.of(new Part(Layout.TABLES, tables())),
                lines(),
                stops());
    }

    private boolean once(int in) {
        return random.below(in) == 0;
    }

    private int mappedKernel() {
        return once(2) ? 0 : Layout.KSEG2;
    }

    private int direct() {
        return once(6) ? Layout.KSEG1 : Layout.KSEG0;
    }

    // Registers

    private int[] registers() {
        int[] gpr = new int[Start.REGISTERS];
        for (int i = 1; i < gpr.length; i++) {
            gpr[i] = value();
        }
        for (int i = 0; i < Layout.POINTERS; i++) {
            gpr[Layout.S0 + i] = pointer();
        }
        gpr[Layout.COUNTER] = random.below(40);
        gpr[Layout.OUTER_COUNTER] = random.below(10);
        gpr[Layout.SP] = (user ? Layout.USER_DATA : Layout.KSEG0 + Layout.DATA) + 0xf00;
        gpr[Layout.TARGET] = code();
        gpr[Layout.RA] = code();
        gpr[Layout.A0] = page() | ASID << random.below(2);
        gpr[Layout.A0 + 1] = frame() | random.below(16) << 8;
        gpr[Layout.A0 + 2] = frame() | V | D;
        gpr[Layout.A0 + 3] = ASID << random.below(2);
        return gpr;
    }

    private int value() {
        return switch (random.below(6)) {
            case 0, 1 -> random.below(9) - 3;
            case 2 -> picker.extreme();
            default -> random.nextInt() >> random.below(32);
        };
    }

    private int code() {
        int segment = user || once(4) ? 0 : once(4) ? Layout.KSEG2 : direct();
        return segment + Layout.CODE + items[random.below(items.length)];
    }

    /** Into the first page, over its end, or where it should not. */
    private int pointer() {
        int in = 0x20 + 4 * random.below(16);
        int edge = 0xff0 + 4 * random.below(5);
        int kind = user ? random.below(14) : random.below(20);
        int vaddr =
                switch (kind) {
                    case 0, 1, 2 -> Layout.USER_DATA + edge;
                    case 3, 4 -> Layout.USER_DATA + in;
                    case 5 -> Layout.USER_DATA + 0x1000 * random.below(4) + edge;
                    case 6 -> Layout.USER_DATA + 0x1000 + in;
                    case 7 -> Layout.USER_DATA + 0x2000 + in;
                    case 8 -> Layout.USER_DATA + 0x3000 + in;
                    case 9 -> code() & 0x0fffffff;
                    case 10 -> Layout.USER_DATA + 0x1000 + edge;
                    case 11 -> once(2) ? random.nextInt() : 0x00100000 + in;
                    case 12 -> Layout.USER_DATA + 0x4000 + in;
                    case 13 -> Layout.KSEG0 + Layout.DATA + in;
                    case 14 -> Layout.KSEG0 + Layout.DATA + edge;
                    case 15 -> Layout.KSEG1 + Layout.DATA + in;
                    case 16 -> Layout.KSEG2 + Layout.DATA + (once(2) ? in : edge);
                    case 17 -> code();
                    case 18 -> Layout.KSEG2 + 0x00100000 + in;
                    default -> once(2) ? Layout.KSEG1 + Bench.DEVICE : 0xbf000000 + in;
                };
        return once(10) ? vaddr + random.below(4) : vaddr;
    }

    private int[] cp0() {
        int status = random.below(64) & ~3 | (user ? 2 : 0) | (once(3) ? 0 : 1);
        status |= once(3) ? random.nextInt() & 0xff00 : 0xff00;
        status |= once(40) ? STATUS_BEV : 0;
        if (processor.model() == CpuModel.R3000A && once(20)) {
            status |= 0x10000; // cache isolated
        }
        int[] always = {
            4,
            random.nextInt() & 0xffe00000,
            8,
            random.nextInt(),
            10,
            once(12) ? ASID << 1 : ASID,
            2,
            frame() | random.below(16) << 8,
            0,
            random.below(20) << 8,
            9,
            0,
            11,
            once(3) ? random.below(400) : Integer.MAX_VALUE,
            12,
            status
        };
        return always;
    }

    // The TLB

    private int page() {
        return switch (random.below(4)) {
            case 0 -> Layout.CODE + Layout.PAGE * random.below(Layout.CODE_PAGES);
            case 1 -> Layout.KSEG2 + Layout.CODE + Layout.PAGE * random.below(8);
            default -> Layout.USER_DATA + Layout.PAGE * random.below(5);
        };
    }

    private int frame() {
        return switch (random.below(8)) {
            case 0, 1 -> Layout.CODE + Layout.PAGE * random.below(2 * Layout.CODE_PAGES);
            case 2 -> once(2) ? Bench.DEVICE : NOWHERE;
            default -> Layout.DATA + Layout.PAGE * random.below(Layout.DATA_PAGES);
        };
    }

    private int[] tlb() {
        tlb = new int[3 * 32];
        entries = 0;
        slot = random.below(64);
        for (int i = 0; i < Layout.CODE_PAGES; i++) {
            int page = Layout.CODE + Layout.PAGE * i;
            int other = once(3) ? page : Layout.OTHER_CODE + Layout.PAGE * i;
            entry(page | ASID, page, once(3) ? V : V | D, 16);
            entry(page | ASID << 1, other, once(3) ? V : V | D, 8);
            entry(Layout.KSEG2 + page, page, once(3) ? V | G : V | D | G, 8);
        }
        int[] usual = {V | D, V, D, 0};
        for (int i = 0; i < Layout.DATA_PAGES; i++) {
            int page = Layout.USER_DATA + Layout.PAGE * i;
            entry(page | ASID, Layout.DATA + Layout.PAGE * i, usual[i], i == 3 ? 1 : 12);
            entry(page | ASID << 1, frame(), random.below(16) << 8 & ~G, 3);
            entry(Layout.KSEG2 + Layout.DATA + Layout.PAGE * i, frame(), G | V | D, 3);
        }
        // What is mapped to a device, to nothing, and to code under a data page's name.
        int last = Layout.USER_DATA + 0x4000;
        entry(last | ASID, once(2) ? Bench.DEVICE : NOWHERE, V | D, 8);
        return Arrays.copyOf(tlb, 3 * entries);
    }

    /** Adds an entry, but for once in {@code missing} times; sometimes not the usual one. */
    private void entry(int hi, int frame, int flags, int missing) {
        if (once(missing)) {
            return;
        }
        boolean usual = !once(10);
        tlb[3 * entries] = slot++ & 63;
        tlb[3 * entries + 1] = hi;
        tlb[3 * entries + 2] = usual ? frame | flags : frame() | flags & G | V | (once(2) ? D : 0);
        entries++;
    }

    /** Where lost programs go on, and what is filled in for missing pages. */
    private int[] tables() {
        int[] tables = new int[2 * Layout.AWAY_ENTRIES + Layout.REFILL_ENTRIES];
        for (int i = 0; i < Layout.AWAY_ENTRIES; i++) {
            boolean toUser = random.below(5) < 2;
            int status = 0xff00 | random.below(4) << 4 | (once(3) ? 0 : 4);
            int segment = toUser ? 0 : once(6) ? mappedKernel() : direct();
            tables[2 * i] = segment + Layout.CODE + items[random.below(items.length)];
            tables[2 * i + 1] = status | (toUser ? 8 : 0);
        }
        for (int i = 0; i < Layout.REFILL_ENTRIES; i++) {
            int flags = once(4) ? random.below(8) << 8 & ~G : V | (once(3) ? 0 : D);
            tables[2 * Layout.AWAY_ENTRIES + i] = frame() | flags;
        }
        for (int i = 2; i < 2 + Layout.CODE_PAGES; i++) {
            if (!once(4)) {
                tables[2 * Layout.AWAY_ENTRIES + i] = Layout.PAGE * i | V | D;
            }
        }
        return tables;
    }

    // What happens

    private List<LineChange> lines() {
        if (once(3)) {
            return List.of();
        }
        List<LineChange> lines = new ArrayList<>();
        int apart = once(2) ? 60 : 15 + random.below(15);
        long cycle = 0;
        do {
            cycle += random.below(apart);
            int line = once(2) ? Cpu.LINE_LAMEBUS : Cpu.LINE_IPI;
            lines.add(new LineChange(cycle, line, true));
            cycle += 1 + random.below(6);
            lines.add(new LineChange(cycle, line, false));
        } while (!once(apart < 60 ? 12 : 3));
        return lines;
    }

    private List<Stop> stops() {
        int steps = 20 + random.below(80 << random.below(4));
        int manner = random.below(10);
        List<Stop> stops = new ArrayList<>();
        if (manner == 0) { // at every step, or nearly
            steps = Math.min(steps, 20 + random.below(60));
            walk(stops, 0, steps, 1 + random.below(4));
        } else if (manner == 1) { // warm, then at every step
            int window = Math.min(24, steps - 1);
            walk(stops, steps - window, steps, 1);
        } else if (manner < 7) {
            walk(stops, 0, steps, 8 + random.below(120));
        }
        stops.add(stop(steps));
        return stops;
    }

    /** Stops up to {@code longest} steps apart, ending before {@code to}. */
    private void walk(List<Stop> stops, int from, int to, int longest) {
        for (long at = from + 1L; at < to; at += 1 + random.below(longest)) {
            stops.add(stop(at));
        }
    }

    private Stop stop(long cycle) {
        Action action =
                switch (random.below(40)) {
                    case 0 -> Action.HASH;
                    case 1, 2 -> Action.SHARE;
                    case 3 -> Action.DROP;
                    case 4, 5, 6 -> Action.WRITE;
                    case 7, 8 -> Action.BLOCK;
                    default -> Action.LOOK;
                };
        if (action != Action.WRITE) {
            return new Stop(cycle, action, 0, 0);
        }
        int code = once(5) ? Layout.OTHER_CODE : Layout.CODE;
        int paddr = code + items[random.below(items.length)] + 4 * random.below(4);
        int word = picker.replacement();
        return new Stop(
                cycle,
                action,
                once(6) ? Layout.DATA + 4 * random.below(64) : paddr,
                processor.littleEndian() ? Integer.reverseBytes(word) : word);
    }
}
