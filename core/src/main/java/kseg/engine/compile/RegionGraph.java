package kseg.engine.compile;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kseg.engine.Translation;
import org.jspecify.annotations.Nullable;

/**
 * The control-flow graph of a region: basic blocks by address and, for inlined callees, by the
 * address they return to.
 *
 * <p>Blocks form <em>budget trees</em>: the budget is compared once at a tree's root, with its
 * longest path, and what was executed is subtracted where control leaves the tree. Exact, because
 * code that does not fit into the budget is left to the interpreter; a tree is at most {@link
 * #MAX_PATH} instructions deep, so that is not much.
 */
final class RegionGraph {
    /** Longest path of a budget tree, in instructions, unless one block alone is longer. */
    static final int MAX_PATH = 40;

    /** How a block ends. */
    enum End {
        /** Without a branch: the next address begins another block, or lies outside. */
        FALL,
        /** In a conditional branch and its delay slot. */
        BRANCH,
        /** In a jump to a known address. */
        JUMP,
        /** In a jump-and-link to a known address. */
        CALL,
        /** In a jump to a register, linking or not. */
        INDIRECT,
        /** Before an instruction that compiled code leaves to the interpreter. */
        ODD
    }

    static final class Block {
        final int pc;

        /** Where the inlined callee this block belongs to returns to; 0 outside of callees. */
        final int returnsTo;

        /** The instructions, a branch and its delay slot included. */
        long[] insns = {};

        End end = End.FALL;

        /** For BRANCH, JUMP and CALL. */
        int target;

        /** Successors that lie in the region, else null. */
        @Nullable Block next;

        @Nullable Block taken;

        /** Where execution goes on after a call or after what was left to the interpreter. */
        @Nullable Block resume;

        /** Known targets of an indirect jump. */
        List<Block> cases = List.of();

        boolean entry;

        /** Whether its accesses must be translated one by one. */
        boolean straddles;

        /** Whether a loop that begins with it mostly ends after a few rounds. */
        boolean endsSoon;

        // Budget trees
        Block root = this;

        /** Instructions from the root to this block's start. */
        int before;

        /** For a root: its longest path. */
        int longest;

        int predecessors;
        boolean loopHead;

        Block(int pc, int returnsTo) {
            this.pc = pc;
            this.returnsTo = returnsTo;
        }

        int length() {
            return insns.length;
        }

        /** The address behind the block. */
        int nextPc() {
            return pc + 4 * insns.length;
        }

        /** Whether it calls another region, which spends budget of its own. */
        boolean callsOut() {
            return end == End.CALL && taken == null || end == End.INDIRECT && next != null;
        }

        /** Blocks where execution goes on at once, not only when a call comes back. */
        List<Block> jumpsTo() {
            return callsOut() ? cases : successors();
        }

        List<Block> successors() {
            var all = new ArrayList<Block>();
            if (next != null) {
                all.add(next);
            }
            if (taken != null) {
                all.add(taken);
            }
            all.addAll(cases);
            return all;
        }
    }

    private final Map<Long, Block> blocks = new LinkedHashMap<>();
    private final boolean stable;

    RegionGraph(boolean stable) {
        this.stable = stable;
    }

    /**
     * Whether the region's own pages stay mapped whatever coprocessor 0 does meanwhile: in user
     * mode, which cannot use it, and in kseg0 and kseg1. Only then may it execute such instructions
     * or call regions that do.
     */
    boolean stable() {
        return stable;
    }

    @Nullable Block find(int pc, int returnsTo) {
        return blocks.get(key(pc, returnsTo));
    }

    Block add(int pc, int returnsTo) {
        var block = new Block(pc, returnsTo);
        blocks.put(key(pc, returnsTo), block);
        return block;
    }

    List<Block> blocks() {
        return List.copyOf(blocks.values());
    }

    List<Block> entries() {
        return blocks.values().stream().filter(block -> block.entry).toList();
    }

    /** Whether the instruction at an address is in it, other than in an inlined callee. */
    boolean holds(int pc) {
        return blocks.values().stream()
                .anyMatch(block ->
                        block.returnsTo == 0 && pc - block.pc >= 0 && pc - block.nextPc() < 0);
    }

    int instructions() {
        int sum = 0;
        for (Block block : blocks.values()) {
            sum += block.length();
        }
        return sum;
    }

    /** Everything the translation depends on: equal keys, equal classes. */
    Translation.Key key(boolean user, List<Integer> pages) {
        var signature = new ArrayList<Long>();
        signature.add(user ? 1L : 0L);
        signature.add((long) pages.size());
        pages.forEach(page -> signature.add((long) page));
        for (Block block : blocks.values()) {
            signature.add(key(block.pc, block.returnsTo));
            signature.add(
                    (long) block.end.ordinal() << 32
                            | (block.entry ? 1 : 0)
                            | (block.straddles ? 2 : 0)
                            | (block.endsSoon ? 4 : 0));
            for (long insn : block.insns) {
                signature.add(insn);
            }
            for (Block successor : block.successors()) {
                signature.add(key(successor.pc, successor.returnsTo));
            }
        }
        return Translation.Key.of(signature.stream().mapToLong(Long::longValue).toArray());
    }

    /** Finds loop heads: targets of edges back to a block that is still being visited. */
    void findLoops(Block start) {
        var done = new LinkedHashSet<Block>();
        visit(start, done);
        for (Block block : blocks.values()) {
            visit(block, done);
        }
    }

    private static void visit(Block start, Set<Block> done) {
        record Visit(Block block, Iterator<Block> left) {}
        var path = new ArrayDeque<Visit>();
        var onPath = new LinkedHashSet<Block>();
        if (done.add(start)) {
            path.push(new Visit(start, start.successors().iterator()));
            onPath.add(start);
        }
        while (!path.isEmpty()) {
            Visit visit = path.element();
            if (!visit.left.hasNext()) {
                onPath.remove(visit.block);
                path.pop();
                continue;
            }
            Block successor = visit.left.next();
            if (onPath.contains(successor)) {
                successor.loopHead = true;
            } else if (done.add(successor)) {
                path.push(new Visit(successor, successor.successors().iterator()));
                onPath.add(successor);
            }
        }
    }

    /** Removes blocks no entry leads to. */
    void prune() {
        var reached = new LinkedHashSet<Block>(entries());
        var todo = new ArrayDeque<Block>(reached);
        while (!todo.isEmpty()) {
            for (Block successor : todo.poll().successors()) {
                if (reached.add(successor)) {
                    todo.add(successor);
                }
            }
        }
        blocks.values().retainAll(reached);
    }

    /** Plants the budget trees; after entries and loops are known. */
    void plantTrees() {
        for (Block block : blocks.values()) {
            for (Block successor : block.successors()) {
                successor.predecessors++;
            }
        }
        var roots = new ArrayList<Block>();
        for (Block block : blocks.values()) {
            if (mustBeRoot(block)) {
                roots.add(block);
            }
        }
        while (!roots.isEmpty()) {
            grow(roots.removeLast(), roots);
        }
    }

    private static boolean mustBeRoot(Block block) {
        return block.entry || block.loopHead || block.predecessors != 1;
    }

    /** Lets a tree grow; blocks that have to stay outside, but have no other root, become roots. */
    private static void grow(Block root, List<Block> roots) {
        var todo = new ArrayList<Block>();
        todo.add(root);
        while (!todo.isEmpty()) {
            Block block = todo.removeLast();
            int path = block.before + block.length();
            root.longest = Math.max(root.longest, path);
            for (Block successor : block.successors()) {
                if (mustBeRoot(successor)) {
                    continue;
                }
                if (block.callsOut()
                        || block.cases.size() > 1
                        || path + successor.length() > MAX_PATH) {
                    roots.add(successor);
                } else {
                    successor.root = root;
                    successor.before = path;
                    todo.add(successor);
                }
            }
        }
    }

    private static long key(int pc, int returnsTo) {
        return (long) pc << 32 | returnsTo & 0xffffffffL;
    }
}
