package kseg.engine.compile;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import kseg.engine.CodePages;
import kseg.isa.Trait;
import kseg.memory.FramePool;

/**
 * Where a region for a hot address should begin. Samples find code in the middle of its loops; a
 * region entered there has loops HotSpot makes little of, and one for each place sampled would be
 * nearly the same code again and again. So a function is compiled from its first instruction, and
 * after that from the heads of its loops, outermost first.
 *
 * <p>Functions are known by calls of them and by what stands before them. All of this is guessing:
 * it decides how fast code will be, never what it does.
 */
final class Surroundings {
    /** Look for a function's first instruction so many pages away, and for calls of it. */
    private static final int BACK = 2;

    private static final int CALLERS = 32;
    private static final int PAGE = FramePool.FRAME_BYTES;

    private static final int TRIES = 16;

    /** Most instructions of a function. */
    private static final int MAX_FLOW = 3000;

    private final CodeReader reader;
    private final Hints hints;
    private final int pc;

    /** Addresses in the function's reach that are called, and those that are jumped to. */
    private final Set<Integer> called = new TreeSet<>();

    private final Set<Integer> jumpedTo = new TreeSet<>();

    /** The function's instructions, in the order of a search, and where each leads. */
    private Map<Integer, List<Integer>> flow = new LinkedHashMap<>();

    private Surroundings(CodeReader reader, Hints hints, int pc) {
        this.reader = reader;
        this.hints = hints;
        this.pc = pc;
    }

    /**
     * Where a region that is to hold {@code pc} had better begin, the best first: its function, and
     * the loops around it. Empty if nothing is known.
     */
    static List<Integer> entries(CodeReader reader, Hints hints, int pc) {
        return new Surroundings(reader, hints, pc).entries();
    }

    private List<Integer> entries() {
        collectTargets();
        var entries = new LinkedHashSet<Integer>();
        if (findFunction()) {
            entries.add(flow.keySet().iterator().next());
            Set<Integer> code = flow.keySet();
            while (!entries.contains(pc)) {
                Set<Integer> loop = loop(code);
                if (loop.isEmpty() || isIrreducible(loop)) {
                    break;
                }
                int head = loop.iterator().next();
                entries.add(head);
                code = new LinkedHashSet<>(loop);
                code.remove(head);
            }
        }
        return List.copyOf(entries);
    }

    private void collectTargets() {
        int home = pc & -PAGE;
        for (int page = home - CALLERS * PAGE; page != home + CALLERS * PAGE; page += PAGE) {
            long[] words = reader.page(page);
            for (int i = 0; i < Math.min(words.length, CodePages.WORDS); i++) {
                if (Scout.isBranch(words[i])) {
                    collectTargets(words[i], page + 4 * i);
                }
            }
        }
    }

    private void collectTargets(long w, int at) {
        boolean links = CodeReader.insn(w).has(Trait.LINK);
        for (int target : targets(w, at)) {
            if (pc - target >= 0 && pc - target < BACK * PAGE) {
                (links ? called : jumpedTo).add(target);
            }
        }
    }

    /** Where a branch may lead, other than to the instruction behind it. */
    private List<Integer> targets(long w, int at) {
        return switch (CodeReader.insn(w).shape()) {
            case BRANCH1, BRANCH2 -> List.of(CodeReader.branchTarget(w, at));
            case JUMP -> List.of(CodeReader.jumpTarget(w, at));
            default -> reader.isIndirect(at) ? hints.targets(at) : List.of();
        };
    }

    /** Finds the function around the address; false if none is found. */
    private boolean findFunction() {
        int tries = TRIES;
        for (int start = pc; pc - start < BACK * PAGE && tries > 0; start -= 4) {
            boolean begins = called.contains(start) || endsAt(start) && !jumpedTo.contains(start);
            if (begins) {
                tries--;
                search(start);
                if (flow.containsKey(pc)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether what stands before an address never goes on to it. */
    private boolean endsAt(int at) {
        long w = reader.at(at - 8);
        if (!Scout.isBranch(w)) {
            return false;
        }
        return !CodeReader.isConditional(w) && !CodeReader.insn(w).has(Trait.LINK);
    }

    private void search(int start) {
        flow = new LinkedHashMap<>();
        var todo = new ArrayDeque<Integer>();
        todo.add(start);
        while (!todo.isEmpty() && flow.size() < MAX_FLOW) {
            int at = todo.poll();
            if (!flow.containsKey(at)) {
                List<Integer> next = successors(at);
                flow.put(at, next);
                todo.addAll(next);
            }
        }
    }

    private List<Integer> successors(int at) {
        long w = reader.at(at);
        if (w == CodeReader.ABSENT) {
            return List.of();
        }
        if (!Scout.isBranch(w)) {
            return List.of(at + 4);
        }
        boolean conditional = CodeReader.isConditional(w);
        if (CodeReader.insn(w).has(Trait.LINK) && !conditional) {
            return List.of(at + 8);
        }
        var next = new ArrayList<Integer>();
        if (conditional) {
            next.add(at + 8);
        }
        next.addAll(targets(w, at));
        return next;
    }

    /** The largest loop through the address in a part of the function, its head first. */
    private Set<Integer> loop(Set<Integer> code) {
        Map<Integer, List<Integer>> before = new LinkedHashMap<>();
        for (int at : code) {
            for (int next : flow.getOrDefault(at, List.of())) {
                before.computeIfAbsent(next, n -> new ArrayList<>()).add(at);
            }
        }
        Set<Integer> ahead = reach(flow, code);
        Set<Integer> loop = reach(before, code);
        loop.retainAll(ahead);
        var ordered = new LinkedHashSet<>(code);
        ordered.retainAll(loop);
        return ordered;
    }

    /** Whether a loop is entered at others of its instructions than its head. */
    private boolean isIrreducible(Set<Integer> loop) {
        int head = loop.iterator().next();
        return flow.entrySet().stream()
                .filter(from -> !loop.contains(from.getKey()))
                .flatMap(from -> from.getValue().stream())
                .anyMatch(to -> to != head && loop.contains(to));
    }

    /** What lies a step or more from the address, within a part of the function. */
    private Set<Integer> reach(Map<Integer, List<Integer>> edges, Set<Integer> code) {
        var reached = new LinkedHashSet<Integer>();
        var todo = new ArrayDeque<>(List.of(pc));
        while (!todo.isEmpty()) {
            for (int next : edges.getOrDefault(todo.poll(), List.of())) {
                if (code.contains(next) && reached.add(next)) {
                    todo.add(next);
                }
            }
        }
        return reached;
    }
}
