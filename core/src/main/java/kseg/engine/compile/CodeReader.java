package kseg.engine.compile;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import kseg.engine.CodePages;
import kseg.isa.Insn;
import kseg.isa.Shape;
import kseg.isa.Trait;

/** Decoded instructions by virtual address: one state of each page while its owner changes it. */
final class CodeReader {
    static final long ABSENT = (long) CodePages.OP_PAGE_END << 56;
    static final int RA = 31;
    private static final int SP = 29;
    private static final int FP = 30;

    /** How far before a jump its register is expected to be set. */
    private static final int NEAR = 12;

    private static final Insn[] INSNS = Insn.values();

    /** Largest callee, in instructions, that is inlined into its callers. */
    static final int MAX_INLINED = 50;

    /** The same of a callee with a loop: a larger one is simpler for HotSpot alone. */
    private static final int MAX_INLINED_LOOP = 16;

    private static final long[] NONE = {};

    private final Scout.View view;
    private final Map<Integer, long[]> seen = new LinkedHashMap<>();

    CodeReader(Scout.View view) {
        this.view = view;
    }

    /** The decoded instruction at an address; ABSENT if there is none. */
    long at(int pc) {
        long[] words = page(pc);
        return words.length == 0 ? ABSENT : words[pc >>> 2 & CodePages.WORDS - 1];
    }

    /** A page's decoded words and sentinels, or nothing. */
    long[] page(int vaddr) {
        return seen.computeIfAbsent(vaddr & 0xfffff000, this::look);
    }

    private long[] look(int page) {
        long[] words = view.page(page);
        return words == null ? NONE : words.clone();
    }

    /** Whether the instruction at an address jumps to a register, other than to return. */
    boolean isIndirect(int pc) {
        long[] words = page(pc);
        return words.length != 0 && isIndirect(words, pc >>> 2 & CodePages.WORDS - 1);
    }

    /**
     * The same of a decoded page. Compilers jump to a switch's cases through $ra, too: not a return
     * is what has just been computed, or loaded from elsewhere than the stack.
     */
    static boolean isIndirect(long[] page, int index) {
        long w = page[index];
        if (!Scout.isBranch(w) || insn(w).shape() != Shape.JUMP_REG) {
            return false;
        }
        if (insn(w).has(Trait.LINK) || Decoded.a(w) != RA) {
            return true;
        }
        for (int i = index - 1; i >= Math.max(0, index - NEAR); i--) {
            long before = page[i];
            if (!Scout.isOrdinary(before) || Scout.isBranch(before)) {
                return false;
            }
            if (Decoded.d(before) == RA && !insn(before).has(Trait.STORES)) {
                boolean stack = Decoded.a(before) == SP || Decoded.a(before) == FP;
                return !insn(before).has(Trait.LOADS) || !stack;
            }
        }
        return false;
    }

    /** Whether a branch is taken only under a condition: {@code b} is a {@code beq} of equals. */
    static boolean isConditional(long branch) {
        return switch (insn(branch).shape()) {
            case BRANCH1 -> true;
            case BRANCH2 -> insn(branch) != Insn.BEQ || Decoded.a(branch) != Decoded.b(branch);
            default -> false;
        };
    }

    static Insn insn(long decoded) {
        return INSNS[Decoded.op(decoded)];
    }

    /** A decoded branch names its target by the index in its page. */
    static int branchTarget(long w, int pc) {
        return (pc & 0xfffff000) + 4 * Decoded.immediate(w);
    }

    static int jumpTarget(long w, int pc) {
        return pc + 4 & 0xf0000000 | Decoded.immediate(w);
    }

    /**
     * Instructions of a function that calls nothing and only returns; a large number if not so, or
     * if it is too large to be inlined.
     */
    int leafSize(int function) {
        var visited = new TreeSet<Integer>();
        var open = new ArrayDeque<Integer>();
        open.add(function);
        int none = Integer.MAX_VALUE;
        boolean loops = false;
        while (!open.isEmpty()) {
            int pc = open.poll();
            while (visited.add(pc)) {
                long w = at(pc);
                if (visited.size() > MAX_INLINED || !Scout.isOrdinary(w)) {
                    return none;
                }
                if (Scout.isBranch(w)) {
                    long slot = at(pc + 4);
                    if (!Scout.isOrdinary(slot) || Scout.isBranch(slot)) {
                        return none;
                    }
                    visited.add(pc + 4);
                    Insn insn = insn(w);
                    if (insn.has(Trait.LINK)) {
                        return none;
                    }
                    switch (insn.shape()) {
                        case BRANCH1, BRANCH2 -> {
                            loops |= branchTarget(w, pc) <= pc;
                            open.add(branchTarget(w, pc));
                            if (isConditional(w)) {
                                open.add(pc + 8);
                            }
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
        return loops && visited.size() > MAX_INLINED_LOOP ? none : visited.size();
    }
}
