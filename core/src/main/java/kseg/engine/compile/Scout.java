package kseg.engine.compile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeSet;
import kseg.engine.CodePages;
import kseg.engine.compile.RegionGraph.Block;
import kseg.engine.compile.RegionGraph.End;
import kseg.isa.Insn;
import kseg.isa.Shape;
import kseg.isa.Trait;
import org.jspecify.annotations.Nullable;

/**
 * Finds the extent of a region: from a hot address along branches, jumps and calls of small leaf
 * functions, breadth first, up to a number of instructions and pages.
 */
final class Scout {
    /** Callees of one indirect call that are inlined. */
    private static final int MAX_CALLEES = 4;

    /** A block may be so much longer than there is room left, rather than be cut. */
    private static final int SLACK = 30;

    /** The upper bits of addresses in kseg0 and kseg1, which the TLB does not translate. */
    private static final int SEGMENTS = 0xc0000000;

    private static final int DIRECT = 0x80000000;

    /** Sees decoded instructions by virtual address. */
    interface View {
        /** A page's decoded words, null if it is not mapped or has never been executed. */
        long @Nullable [] page(int vaddr);
    }

    private final CodeReader reader;
    private final Hints hints;
    private final RegionGraph graph;
    private final int entry;
    private final boolean rest;
    private final PriorityQueue<Todo> todo = new PriorityQueue<>();

    /** Page addresses, the entry's first. */
    private final List<Integer> pages = new ArrayList<>();

    private int room;
    private int order;

    /**
     * What to add next, best first: the rest of a callee, then the hottest block of the function's
     * own, then a call in hot code, to be inlined; and what no sample has shown last.
     */
    private record Todo(int rank, int heat, int order, int pc, int returnsTo)
            implements Comparable<Todo> {
        private static final int CALLEE = 0;
        private static final int HOT = 1;
        private static final int HOT_CALL = 2;
        private static final int COLD = 3;
        private static final int COLD_CALL = 4;

        boolean isCall() {
            return rank == HOT_CALL || rank == COLD_CALL;
        }

        @Override
        public int compareTo(Todo other) {
            return rank != other.rank
                    ? Integer.compare(rank, other.rank)
                    : heat != other.heat
                            ? Integer.compare(other.heat, heat)
                            : Integer.compare(order, other.order);
        }
    }

    private Scout(CodeReader reader, Hints hints, Extent extent) {
        this.reader = reader;
        this.hints = hints;
        entry = extent.entry;
        rest = extent.rest;
        room = extent.maxInsns;
        graph = new RegionGraph(extent.user || (entry & SEGMENTS) == DIRECT);
    }

    /**
     * What to scout.
     *
     * @param user whether it is executed in user mode
     * @param rest only up to where other regions are entered
     */
    record Extent(int entry, boolean user, int maxInsns, boolean rest) {}

    /** A region's graph and the pages it lies on. */
    record Found(RegionGraph graph, List<Integer> pages) {}

    /** Scouts from an address; null if nothing can be compiled there. */
    static @Nullable Found scout(CodeReader reader, Hints hints, Extent extent) {
        return new Scout(reader, hints, extent).explore();
    }

    private @Nullable Found explore() {
        add(entry, 0);
        for (Todo next = todo.poll(); next != null; next = todo.poll()) {
            if (next.isCall()) {
                inline(next.pc, next.returnsTo);
            } else {
                add(next.pc, next.returnsTo);
            }
        }
        Block start = graph.find(entry, 0);
        if (start == null) {
            return null;
        }
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
     * its own is compiled for one at which execution begins often. Nor where a call of a function
     * that the region holds comes back, for the same reason.
     */
    private void markEntries() {
        graph.blocks().forEach(Scout::ignoreSkipped);
        for (Block block : graph.blocks()) {
            boolean callsWithin = block.end == End.CALL && !block.callsOut();
            if (block.returnsTo == 0 && block.resume != null && !callsWithin) {
                block.resume.entry = true;
            }
        }
    }

    /** What a branch skips, as the trap behind a division, is not expected to be executed. */
    private static void ignoreSkipped(Block block) {
        Block skipped = block.next;
        if (block.end == End.BRANCH
                && skipped != null
                && skipped.length() == 0
                && skipped.resume == block.taken) {
            skipped.resume = null;
        }
    }

    /** Notes an address that a block leads to. */
    private void lead(int pc, int returnsTo) {
        int heat = hints.heat(pc);
        int rank = returnsTo != 0 ? Todo.CALLEE : heat != 0 ? Todo.HOT : Todo.COLD;
        todo.add(new Todo(rank, heat, order++, pc, returnsTo));
    }

    /** Adds the block at an address, if there is room and it need not stay outside. */
    private void add(int pc, int returnsTo) {
        boolean elsewhere = rest && returnsTo == 0 && pc != entry && hints.entered(pc);
        if (graph.find(pc, returnsTo) != null || elsewhere || (pc & 3) != 0) {
            return;
        }
        for (Block block : graph.blocks()) {
            int length = (pc - block.pc) / 4;
            if (block.returnsTo == returnsTo && length > 0 && length < block.length()) {
                boolean slot = length == block.length() - 1 && isBranch(block.insns[length - 1]);
                if (!slot) {
                    split(block, length);
                    return;
                }
            }
        }
        if (room > 0 && word(pc) != CodeReader.ABSENT) {
            fill(newBlock(pc, returnsTo));
        }
    }

    private Block newBlock(int pc, int returnsTo) {
        Block block = graph.add(pc, returnsTo);
        block.straddles = hints.straddles(pc);
        block.endsSoon = hints.endsSoon(pc);
        return block;
    }

    /** Makes two of a block that was read beyond where another begins. */
    private void split(Block block, int length) {
        Block second = newBlock(block.pc + 4 * length, block.returnsTo);
        second.insns = Arrays.copyOfRange(block.insns, length, block.length());
        second.end = block.end;
        second.target = block.target;
        block.insns = Arrays.copyOf(block.insns, length);
        block.end = End.FALL;
    }

    /** The decoded instruction at an address; ABSENT if not mapped or on a page too many. */
    private long word(int pc) {
        int page = pc & 0xfffff000;
        long w = reader.at(pc);
        if (w != CodeReader.ABSENT && !pages.contains(page)) {
            boolean elsewhere = ((pc ^ entry) & SEGMENTS) != 0;
            if (elsewhere || pages.size() == Region.MAX_PAGES) {
                return CodeReader.ABSENT;
            }
            pages.add(page);
        }
        return w;
    }

    /** Reads a block's instructions and adds the blocks it leads to. */
    private void fill(Block block) {
        var insns = new ArrayList<Long>();
        int pc = block.pc;
        while (true) {
            long w = word(pc);
            if (!isOrdinary(w) && !(isLocal(w) && graph.stable())) {
                block.end = w == CodeReader.ABSENT && !insns.isEmpty() ? End.FALL : End.ODD;
                break;
            }
            if (isBranch(w)) {
                long slot = word(pc + 4);
                if (slot == CodeReader.ABSENT || isBranch(slot)) {
                    block.end = End.ODD;
                    break;
                }
                insns.add(w);
                insns.add(slot);
                endIn(block, w, pc);
                break;
            }
            insns.add(hints.accessesDevice(pc) && isAccess(w) ? Decoded.precise(w) : w);
            pc += 4;
            if (insns.size() >= room + SLACK || graph.find(pc, block.returnsTo) != null) {
                break;
            }
        }
        block.insns = insns.stream().mapToLong(Long::longValue).toArray();
        room -= block.insns.length;
        if (block.end == End.FALL || block.end == End.BRANCH) {
            lead(block.nextPc(), block.returnsTo);
        }
        if (block.end == End.ODD && block.returnsTo == 0) {
            lead(block.nextPc() + 4, 0);
        }
    }

    private void endIn(Block block, long w, int pc) {
        Insn insn = CodeReader.insn(w);
        switch (insn.shape()) {
            case BRANCH1, BRANCH2 -> {
                block.end = CodeReader.isConditional(w) ? End.BRANCH : End.JUMP;
                block.target = CodeReader.branchTarget(w, pc);
                lead(block.target, block.returnsTo);
            }
            case JUMP -> {
                block.target = CodeReader.jumpTarget(w, pc);
                if (insn.has(Trait.LINK)) {
                    block.end = End.CALL;
                    call(block, block.target, pc + 8);
                    lead(pc + 8, 0);
                } else {
                    block.end = End.JUMP;
                    lead(block.target, block.returnsTo);
                }
            }
            default -> {
                block.end = End.INDIRECT;
                if (insn.has(Trait.LINK)) {
                    List<Integer> targets =
                            hints.targets(pc).stream()
                                    .filter(to -> reader.leafSize(to) <= CodeReader.MAX_INLINED)
                                    .toList();
                    if (block.returnsTo == 0 && targets.size() <= MAX_CALLEES) {
                        targets.forEach(target -> call(block, target, pc + 8));
                    }
                    lead(pc + 8, 0);
                } else if (block.returnsTo == 0 && reader.isIndirect(pc)) {
                    for (int target : hints.targets(pc)) {
                        lead(target, 0);
                    }
                }
            }
        }
    }

    /** Notes a block's call of a function that may be inlined. */
    private void call(Block block, int function, int returnsTo) {
        int heat = hints.heat(block.pc);
        int rank = heat != 0 ? Todo.HOT_CALL : Todo.COLD_CALL;
        todo.add(new Todo(rank, heat, order++, function, returnsTo));
    }

    /** Adds the first block of a function that is called, if all of it fits. */
    private void inline(int function, int returnsTo) {
        if (reader.leafSize(function) <= Math.min(CodeReader.MAX_INLINED, room)) {
            lead(function, returnsTo);
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
        } else if (CodeReader.insn(w).has(Trait.LINK)) {
            block.next = graph.find(after, 0);
            block.resume = block.next;
            block.cases = cases(after - 8, after);
        } else if (!reader.isIndirect(after - 8)) {
            block.cases = returnSites;
        } else {
            block.cases = cases(after - 8, 0);
        }
    }

    /** The blocks of an indirect jump's known targets that lie in the region. */
    private List<Block> cases(int jump, int returnsTo) {
        var cases = new ArrayList<Block>();
        for (int target : new TreeSet<>(hints.targets(jump))) {
            Block found = graph.find(target, returnsTo);
            if (found != null) {
                cases.add(found);
            }
        }
        return List.copyOf(cases);
    }

    static boolean isOrdinary(long decoded) {
        return Decoded.op(decoded) < CodePages.OP_LOCAL;
    }

    /** An instruction {@link kseg.cpu.PreciseStep#local} may execute within a region. */
    static boolean isLocal(long decoded) {
        return Decoded.op(decoded) == CodePages.OP_LOCAL;
    }

    /** Whether it is a load or store of all of a datum. */
    static boolean isAccess(long decoded) {
        Shape shape = isOrdinary(decoded) ? CodeReader.insn(decoded).shape() : Shape.RESERVED;
        return shape == Shape.LOAD || shape == Shape.STORE;
    }

    static boolean isBranch(long decoded) {
        return isOrdinary(decoded) && CodeReader.insn(decoded).has(Trait.DELAY_SLOT);
    }
}
