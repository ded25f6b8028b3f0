package kseg.engine.compile;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import kseg.engine.CodePages;
import kseg.engine.compile.RegionGraph.Block;
import kseg.engine.compile.RegionGraph.End;
import kseg.isa.Insn;
import kseg.isa.Trait;
import org.jspecify.annotations.Nullable;

/**
 * Finds the extent of a region: from a hot address along branches, jumps and calls of small leaf
 * functions, breadth first, up to a number of instructions and pages.
 */
final class Scout {
    /** Largest callee, in instructions, that is inlined into its callers. */
    static final int MAX_INLINED = 50;

    /** The same of a callee with a loop: a larger one is simpler for HotSpot alone. */
    private static final int MAX_INLINED_LOOP = 16;

    /** Callees of one indirect call that are inlined. */
    private static final int MAX_CALLEES = 4;

    private static final int RA = 31;
    private static final long[] NONE = {};

    /** The upper bits of addresses in kseg0 and kseg1, which the TLB does not translate. */
    private static final int SEGMENTS = 0xc0000000;

    private static final int DIRECT = 0x80000000;
    private static final long ABSENT = (long) CodePages.OP_PAGE_END << 56;
    private static final Insn[] INSNS = Insn.values();

    /** Sees decoded instructions by virtual address. */
    interface View {
        /** A page's decoded words, null if it is not mapped or has never been executed. */
        long @Nullable [] page(int vaddr);
    }

    private final View view;
    private final Lessons lessons;
    private final RegionGraph graph;
    private final int entry;
    private final ArrayDeque<Block> todo = new ArrayDeque<>();

    private final Map<Integer, long[]> seen = new LinkedHashMap<>();

    /** Page addresses, the entry's first. */
    private final List<Integer> pages = new ArrayList<>();

    private int room;

    /** What running regions have taught about code. */
    interface Lessons {
        /** Known targets of an indirect jump at an address. */
        List<Integer> targets(int pc);

        /** Whether accesses of the block at an address have crossed a page's end together. */
        boolean straddles(int pc);
    }

    private Scout(View view, Lessons lessons, int entry, boolean user, int maxInsns) {
        this.view = view;
        this.lessons = lessons;
        this.entry = entry;
        room = maxInsns;
        graph = new RegionGraph(user || (entry & SEGMENTS) == DIRECT);
    }

    /** A region's graph and the pages it lies on. */
    record Found(RegionGraph graph, List<Integer> pages) {}

    /**
     * Scouts from {@code entry}.
     *
     * @param user whether it is executed in user mode
     * @return null if nothing can be compiled there
     */
    static @Nullable Found scout(
            View view, Lessons lessons, int entry, boolean user, int maxInsns) {
        return new Scout(view, lessons, entry, user, maxInsns).explore();
    }

    private @Nullable Found explore() {
        Block start = block(entry, 0);
        if (start == null) {
            return null;
        }
        while (!todo.isEmpty()) {
            fill(todo.poll());
        }
        splitOverlaps();
        connect();
        graph.findLoops(start);
        start.entry = true;
        markEntries();
        graph.prune();
        graph.plantTrees();
        return start.length() == 0 ? null : new Found(graph, List.copyOf(pages));
    }

    /**
     * Where execution goes on after a call or after what was left to the interpreter. Not loop
     * heads: an entry into the middle of a nest of loops costs it up to half its speed; a region of
     * its own is compiled for one at which execution begins often.
     */
    private void markEntries() {
        for (Block block : graph.blocks()) {
            if (block.returnsTo == 0 && block.resume != null) {
                block.resume.entry = true;
            }
        }
    }

    /** The block at an address, a new one if there is room; null if it must stay outside. */
    private @Nullable Block block(int pc, int returnsTo) {
        Block known = graph.find(pc, returnsTo);
        if (known != null) {
            return known;
        }
        if (room <= 0 || (pc & 3) != 0 || word(pc) == ABSENT) {
            return null;
        }
        Block block = graph.add(pc, returnsTo);
        block.straddles = lessons.straddles(pc);
        todo.add(block);
        return block;
    }

    /** The decoded instruction at an address; ABSENT if it is not mapped or on a page too many. */
    private long word(int pc) {
        int page = pc & 0xfffff000;
        long w = peek(pc);
        if (w != ABSENT && !pages.contains(page)) {
            boolean elsewhere = ((pc ^ entry) & SEGMENTS) != 0;
            if (elsewhere || pages.size() == Region.MAX_PAGES) {
                return ABSENT;
            }
            pages.add(page);
        }
        return w;
    }

    private long peek(int pc) {
        long[] words = seen.computeIfAbsent(pc & 0xfffff000, this::look);
        return words.length == 0 ? ABSENT : words[pc >>> 2 & CodePages.WORDS - 1];
    }

    /** A copy, so that the scout sees one state of a page while its owner changes it. */
    private long[] look(int page) {
        long[] words = view.page(page);
        return words == null ? NONE : words.clone();
    }

    /** Reads a block's instructions and adds the blocks it leads to. */
    private void fill(Block block) {
        var insns = new ArrayList<Long>();
        int pc = block.pc;
        while (true) {
            long w = word(pc);
            if (!isOrdinary(w) && !(isLocal(w) && graph.stable())) {
                block.end = w == ABSENT && !insns.isEmpty() ? End.FALL : End.ODD;
                break;
            }
            if (isBranch(w)) {
                long slot = word(pc + 4);
                if (slot == ABSENT || isBranch(slot)) {
                    block.end = End.ODD;
                    break;
                }
                insns.add(w);
                insns.add(slot);
                endIn(block, w, pc);
                break;
            }
            insns.add(w);
            pc += 4;
            if (insns.size() >= room || graph.find(pc, block.returnsTo) != null) {
                break;
            }
        }
        block.insns = insns.stream().mapToLong(Long::longValue).toArray();
        room -= block.insns.length;
        if (block.end == End.FALL || block.end == End.BRANCH) {
            block(block.nextPc(), block.returnsTo);
        }
        if (block.end == End.ODD && block.returnsTo == 0 && room > 0) {
            block(block.nextPc() + 4, 0);
        }
    }

    private void endIn(Block block, long w, int pc) {
        Insn insn = INSNS[Decoded.op(w)];
        switch (insn.shape()) {
            case BRANCH1, BRANCH2 -> {
                block.end = End.BRANCH;
                block.target = branchTarget(w, pc);
                block(block.target, block.returnsTo);
            }
            case JUMP -> {
                block.target = jumpTarget(w, pc);
                if (insn.has(Trait.LINK)) {
                    block.end = End.CALL;
                    inline(block.target, pc + 8);
                    block(pc + 8, 0);
                } else {
                    block.end = End.JUMP;
                    block(block.target, block.returnsTo);
                }
            }
            default -> {
                block.end = End.INDIRECT;
                if (insn.has(Trait.LINK)) {
                    List<Integer> targets = lessons.targets(pc);
                    if (block.returnsTo == 0 && targets.size() <= MAX_CALLEES) {
                        targets.forEach(target -> inline(target, pc + 8));
                    }
                    block(pc + 8, 0);
                } else if (block.returnsTo == 0 && Decoded.a(w) != RA) {
                    for (int target : lessons.targets(pc)) {
                        block(target, 0);
                    }
                }
            }
        }
    }

    /** Adds the first block of a function that is called, if all of it fits. */
    private void inline(int function, int returnsTo) {
        if (leafSize(function) <= Math.min(MAX_INLINED, room)) {
            block(function, returnsTo);
        }
    }

    /**
     * A branch into the middle of a block that was read before ends up in two blocks holding the
     * same instructions; shortens the first to where the second begins.
     */
    private void splitOverlaps() {
        for (Block block : graph.blocks()) {
            for (int i = 1; i < block.length(); i++) {
                boolean slot = i == block.length() - 1 && isBranch(block.insns[i - 1]);
                if (!slot && graph.find(block.pc + 4 * i, block.returnsTo) != null) {
                    block.insns = Arrays.copyOf(block.insns, i);
                    block.end = End.FALL;
                    break;
                }
            }
        }
    }

    private void connect() {
        List<Block> returnSites = connectCalls();
        for (Block block : graph.blocks()) {
            int after = block.nextPc();
            switch (block.end) {
                case FALL -> block.next = graph.find(after, block.returnsTo);
                case ODD -> block.resume = block.returnsTo == 0 ? graph.find(after + 4, 0) : null;
                case BRANCH -> {
                    block.next = graph.find(after, block.returnsTo);
                    block.taken = graph.find(block.target, block.returnsTo);
                }
                case JUMP -> block.taken = graph.find(block.target, block.returnsTo);
                case CALL -> {}
                case INDIRECT -> connectIndirect(block, after, returnSites);
            }
        }
    }

    /**
     * Connects calls to inlined callees, and to functions the region itself holds, which are
     * recursive: these are nothing but jumps.
     *
     * @return where the latter return to
     */
    private List<Block> connectCalls() {
        var returnSites = new ArrayList<Block>();
        for (Block block : graph.blocks()) {
            if (block.end != End.CALL || block.returnsTo != 0) {
                continue;
            }
            int after = block.nextPc();
            Block back = graph.find(after, 0);
            block.taken = graph.find(block.target, after);
            if (block.taken != null) {
                continue;
            }
            block.resume = back;
            block.taken = graph.find(block.target, 0);
            if (block.taken == null) {
                block.next = back;
            } else if (back != null) {
                returnSites.add(back);
            }
        }
        return returnSites;
    }

    private void connectIndirect(Block block, int after, List<Block> returnSites) {
        long w = block.insns[block.length() - 2];
        if (block.returnsTo != 0) {
            Block back = graph.find(block.returnsTo, 0);
            block.cases = back == null ? List.of() : List.of(back);
        } else if (INSNS[Decoded.op(w)].has(Trait.LINK)) {
            block.next = graph.find(after, 0);
            block.resume = block.next;
            block.cases = cases(after - 8, after);
        } else if (Decoded.a(w) == RA) {
            block.cases = returnSites;
        } else {
            block.cases = cases(after - 8, 0);
        }
    }

    /** The blocks of an indirect jump's known targets that lie in the region. */
    private List<Block> cases(int jump, int returnsTo) {
        var cases = new ArrayList<Block>();
        for (int target : new TreeSet<>(lessons.targets(jump))) {
            Block found = graph.find(target, returnsTo);
            if (found != null) {
                cases.add(found);
            }
        }
        return List.copyOf(cases);
    }

    /** Instructions of a function that calls nothing and only returns; a large number if not so. */
    private int leafSize(int function) {
        var seen = new TreeSet<Integer>();
        var open = new ArrayDeque<Integer>();
        open.add(function);
        int none = Integer.MAX_VALUE;
        boolean loops = false;
        while (!open.isEmpty()) {
            int pc = open.poll();
            while (seen.add(pc)) {
                long w = peek(pc);
                if (seen.size() > MAX_INLINED || !isOrdinary(w)) {
                    return none;
                }
                if (isBranch(w)) {
                    long slot = peek(pc + 4);
                    if (!isOrdinary(slot) || isBranch(slot)) {
                        return none;
                    }
                    seen.add(pc + 4);
                    Insn insn = INSNS[Decoded.op(w)];
                    if (insn.has(Trait.LINK)) {
                        return none;
                    }
                    switch (insn.shape()) {
                        case BRANCH1, BRANCH2 -> {
                            loops |= branchTarget(w, pc) <= pc;
                            open.add(branchTarget(w, pc));
                            open.add(pc + 8);
                        }
                        case JUMP -> {
                            loops |= jumpTarget(w, pc) <= pc;
                            open.add(jumpTarget(w, pc));
                        }
                        default -> {
                            if (Decoded.a(w) != RA) {
                                return none;
                            }
                        }
                    }
                    break;
                }
                if (Decoded.d(w) == RA) {
                    return none;
                }
                pc += 4;
            }
        }
        return loops && seen.size() > MAX_INLINED_LOOP ? none : seen.size();
    }

    /** A decoded branch names its target by the index in its page. */
    private static int branchTarget(long w, int pc) {
        return (pc & 0xfffff000) + 4 * Decoded.immediate(w);
    }

    private static int jumpTarget(long w, int pc) {
        return pc + 4 & 0xf0000000 | Decoded.immediate(w);
    }

    static boolean isOrdinary(long decoded) {
        return Decoded.op(decoded) < CodePages.OP_LOCAL;
    }

    /** An instruction {@link kseg.cpu.PreciseStep#local} may execute within a region. */
    static boolean isLocal(long decoded) {
        return Decoded.op(decoded) == CodePages.OP_LOCAL;
    }

    static boolean isBranch(long decoded) {
        return isOrdinary(decoded) && INSNS[Decoded.op(decoded)].has(Trait.DELAY_SLOT);
    }
}
