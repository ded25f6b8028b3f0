package kseg.engine.compile;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import kseg.engine.compile.RegionGraph.Block;
import kseg.engine.compile.RegionGraph.End;
import kseg.isa.Insn;
import kseg.isa.Trait;
import kseg.memory.FramePool;
import org.jspecify.annotations.Nullable;

/**
 * An innermost loop that calls nothing. It is compiled twice: in the first copy every address is
 * translated; from its end, if some addresses stay within their pages for some more rounds, control
 * goes to the second, in which these are not, and back when those rounds are through. They are
 * those that stand still, move by the same step each round, or are an element of a small table.
 *
 * <p>Nothing in such a loop can change the page maps, so a page that is present stays so.
 */
final class HoistedLoop {
    /** Most different addresses of a loop that are hoisted. */
    static final int MAX_WINDOWS = 6;

    private static final int MAX_BLOCKS = 16;
    private static final int MAX_INSNS = 48;

    /** Most bytes between the first and the last of a window. */
    private static final int MAX_SPAN = 2048;

    /** Longest way an address may move in a round; with longer ones a page is soon left. */
    static final int MAX_STEP = 512;

    /** Most pages a window may spread over. */
    private static final int MAX_PAGES = 8;

    /** More need not be known at once. */
    private static final int MAX_ROUNDS = 4096;

    /** More pages are looked at for so many rounds. */
    private static final int FAR = 64;

    private static final int PAGE_SHIFT = FramePool.FRAME_SHIFT;
    private static final int PAGE_BYTES = FramePool.FRAME_BYTES;
    private static final Insn[] INSNS = Insn.values();

    /**
     * How a register moves in a round: by no more than {@code step}, which is negative if it moves
     * down, or by the value of a register that stands still.
     *
     * @param bits that are set in one of its steps
     * @param by that register, else 0
     */
    record Motion(int step, int bits, int by) {}

    /** The pages which accesses off one steady address have to stay in. */
    static final class Window {
        final List<Integer> registers;
        final @Nullable Motion motion;
        private final int constant;
        boolean stores;

        /** Bytes of the largest access. */
        int size = 1;

        // Offsets from the sum of registers and constant: of an access of that size, of the lowest
        // byte and behind the highest.
        private int anchor;
        private int lowest = Integer.MAX_VALUE;
        private int end = Integer.MIN_VALUE;
        private boolean possible;

        private Window(SteadyAddress base, @Nullable Motion motion) {
            registers = base.registers();
            constant = base.constant();
            this.motion = motion;
            possible = motion == null || Math.abs(motion.step) <= MAX_STEP;
        }

        /** What to add to the registers for an aligned address that is not above any access. */
        int offset() {
            return constant + lowest - (lowest - anchor & size - 1);
        }

        /** Bytes from there to the end of the highest access. */
        int span() {
            return end - lowest + (lowest - anchor & size - 1);
        }

        private boolean isOf(SteadyAddress base) {
            return constant == base.constant() && registers.equals(base.registers());
        }

        private void add(SteadyAddress base, int offset, Insn insn) {
            int bytes = MemoryAccesses.alignment(insn) + 1;
            int common = Math.min(size, bytes) - 1;
            possible &= lowest > end || (offset - anchor & common) == 0;
            possible &= motion == null || (motion.bits & bytes - 1) == 0;
            possible &= 1L << base.zeros() >= bytes;
            if (bytes > size || lowest > end) {
                size = bytes;
                anchor = offset;
            }
            lowest = Math.min(lowest, offset);
            end = Math.max(end, offset + base.reach() + bytes);
            possible &= end - lowest <= MAX_SPAN;
            stores |= insn.has(Trait.STORES);
        }
    }

    /** From the end of a block to another outside the loop, null if that is outside the region. */
    record WayOut(Block from, @Nullable Block target, int pc) {}

    private final Block head;
    private final Set<Block> blocks;
    private final long written;
    private final long chased;
    private final Map<Integer, Motion> motions = new LinkedHashMap<>();
    private final List<Window> windows;
    private final List<WayOut> waysOut;

    private HoistedLoop(Block head, Set<Block> blocks) {
        this.head = head;
        this.blocks = blocks;
        long all = 0;
        for (Block block : blocks) {
            for (long w : block.insns) {
                all |= RegisterUse.writes(w);
            }
        }
        written = all;
        chased = findChased();
        findMotions();
        windows = findWindows();
        waysOut = findWaysOut();
    }

    /**
     * How often an address may move before an access off it leaves its page, or those behind it
     * that lie behind it in the pool, too. Generated code calls this.
     *
     * @param map page map
     * @param span bytes that are accessed from {@code vaddr} on
     * @param step bytes it moves each time
     * @param alignment bits that must be clear in address and step
     * @param outside bits that must be clear in a pool address
     * @return {@link #MAX_ROUNDS} if it does not move; 0 also if it is absent or misaligned
     */
    static int rounds(int[] map, int vaddr, int span, int step, int alignment, int outside) {
        int entry = map[vaddr >>> PAGE_SHIFT];
        if ((vaddr + entry & outside | (vaddr | step) & alignment) != 0
                || Math.abs(step) > MAX_STEP) {
            return 0;
        }
        int below = vaddr & PAGE_BYTES - 1;
        int above = PAGE_BYTES - below - span;
        for (int i = 1; i < MAX_PAGES && (above < FAR * step || above < 0); i++) {
            if (map[vaddr + i * PAGE_BYTES >>> PAGE_SHIFT] != entry) {
                break;
            }
            above += PAGE_BYTES;
        }
        if (above < 0) {
            return 0;
        }
        if (step == 0) {
            return MAX_ROUNDS;
        }
        return step > 0 ? above / step : below / -step;
    }

    /** The loops of a region that are worth it, after its trees have been planted. */
    static List<HoistedLoop> of(RegionGraph graph) {
        Map<Block, List<Block>> before = new LinkedHashMap<>();
        for (Block block : graph.blocks()) {
            for (Block successor : block.successors()) {
                before.computeIfAbsent(successor, b -> new ArrayList<>()).add(block);
            }
        }
        var loops = new ArrayList<HoistedLoop>();
        before.forEach((head, predecessors) -> {
            Set<Block> body = body(head, predecessors, before);
            if (!head.endsSoon
                    && body.stream().allMatch(HoistedLoop::isPlain)
                    && !isNest(head, body)) {
                var loop = new HoistedLoop(head, body);
                loops.add(loop);
            }
        });
        return loops.size() <= Region.MAX_LOOPS ? loops : loops.subList(0, Region.MAX_LOOPS);
    }

    /**
     * The blocks from which control goes back to {@code head} without leaving the addresses between
     * it and the last jump back. There may be other ways into the loop: they lead to its first
     * copy.
     */
    private static Set<Block> body(
            Block head, List<Block> predecessors, Map<Block, List<Block>> before) {
        List<Block> back =
                predecessors.stream()
                        .filter(b -> b.pc >= head.pc && b.returnsTo == head.returnsTo)
                        .toList();
        int last = back.stream().mapToInt(b -> b.pc).max().orElse(head.pc);
        var body = new LinkedHashSet<Block>();
        var todo = new ArrayDeque<Block>(back);
        while (!todo.isEmpty()) {
            Block block = todo.poll();
            int place = block.returnsTo == head.returnsTo ? block.pc : block.returnsTo;
            if (place >= head.pc && place <= last && body.add(block) && block != head) {
                todo.addAll(before.getOrDefault(block, List.of()));
            }
        }
        return body;
    }

    /** Whether a round may pass a block twice. */
    private static boolean isNest(Block head, Set<Block> body) {
        if (!body.contains(head) || body.size() > MAX_BLOCKS) {
            return true;
        }
        var open = new LinkedHashSet<>(body);
        for (boolean changed = true; changed; ) {
            changed =
                    open.removeIf(block ->
                            block.successors().stream()
                                    .noneMatch(next -> next != head && open.contains(next)));
        }
        return !open.isEmpty() || body.stream().mapToInt(Block::length).sum() > MAX_INSNS;
    }

    /** Whether a block's instructions cannot change the page maps. */
    private static boolean isPlain(Block block) {
        if (block.end != End.FALL && block.end != End.BRANCH && block.end != End.JUMP) {
            return false;
        }
        for (long w : block.insns) {
            if (!Scout.isOrdinary(w)) {
                return false;
            }
        }
        return true;
    }

    Block head() {
        return head;
    }

    boolean contains(Block block) {
        return blocks.contains(block);
    }

    Set<Block> blocks() {
        return blocks;
    }

    /** Where control may leave the loop. */
    List<WayOut> waysOut() {
        return waysOut;
    }

    /** Which of these leads from a block to an address. */
    int wayOut(Block from, int pc) {
        for (int i = 0; i < waysOut.size(); i++) {
            if (waysOut.get(i).from == from && waysOut.get(i).pc == pc) {
                return i;
            }
        }
        throw new IllegalArgumentException("no way out of the loop");
    }

    private List<WayOut> findWaysOut() {
        var ways = new ArrayList<WayOut>();
        for (Block block : blocks) {
            if (block.end != End.JUMP) {
                addWayOut(ways, new WayOut(block, block.next, block.nextPc()));
            }
            if (block.end != End.FALL) {
                addWayOut(ways, new WayOut(block, block.taken, block.target));
            }
        }
        return List.copyOf(ways);
    }

    private void addWayOut(List<WayOut> ways, WayOut way) {
        if ((way.target == null || !contains(way.target)) && !ways.contains(way)) {
            ways.add(way);
        }
    }

    /** Registers the loop writes. */
    long written() {
        return written;
    }

    /** Registers the loop touches. */
    long touched() {
        long all = written;
        for (Block block : blocks) {
            for (long w : block.insns) {
                all |= RegisterUse.reads(w);
            }
        }
        return all;
    }

    /** What is to be found out before the second copy is entered. */
    List<Window> windows() {
        return windows;
    }

    /** Which window an access is known to lie in in the second copy; -1 if it is in none. */
    int window(Block block, int index) {
        SteadyAddress base = base(block, index);
        for (int i = 0; i < windows.size() && base != null; i++) {
            if (windows.get(i).isOf(base)) {
                return i;
            }
        }
        return -1;
    }

    /** Most instructions of a round. */
    int longestRound() {
        return blocks.stream().mapToInt(Block::length).sum();
    }

    /** Budget with which a round may be begun: for all of it, and what is compared only there. */
    int reserve() {
        int behind = 0;
        for (Block block : blocks) {
            behind = Math.max(behind, block.root.longest);
        }
        return longestRound() + behind;
    }

    private List<Window> findWindows() {
        var all = new ArrayList<Window>();
        for (Block block : blocks) {
            for (int i = 0; i < block.length(); i++) {
                SteadyAddress base = base(block, i);
                if (base != null) {
                    long w = block.insns[i];
                    window(all, base).add(base, Decoded.immediate(w), INSNS[Decoded.op(w)]);
                }
            }
        }
        return all.stream().filter(window -> window.possible).limit(MAX_WINDOWS).toList();
    }

    private Window window(List<Window> all, SteadyAddress base) {
        for (Window window : all) {
            if (window.isOf(base)) {
                return window;
            }
        }
        List<Motion> moving =
                base.registers().stream().map(motions::get).filter(Objects::nonNull).toList();
        var window = new Window(base, moving.isEmpty() ? null : moving.getFirst());
        window.possible &= moving.size() <= 1;
        all.add(window);
        return window;
    }

    /** The base of the access at an index; null if it is no access or its base is not steady. */
    private @Nullable SteadyAddress base(Block block, int index) {
        long w = block.insns[index];
        Insn insn = INSNS[Decoded.op(w)];
        return insn.has(Trait.LOADS) || insn.has(Trait.STORES)
                ? SteadyAddress.of(this::isSteady, block, index, Decoded.a(w))
                : null;
    }

    private boolean isSteady(int register) {
        return (written >>> register & 1) == 0 || motions.containsKey(register);
    }

    /** Whether a pointer comes from memory in each round: a list is walked. */
    boolean isChased(int register) {
        return (chased >>> register & 1) != 0;
    }

    /** Registers that hold what was loaded in the loop, or that with a constant added. */
    private long findChased() {
        long found = 0;
        for (long before = -1; before != found; ) {
            before = found;
            for (Block block : blocks) {
                for (long w : block.insns) {
                    Insn insn = INSNS[Decoded.op(w)];
                    boolean moves = insn == Insn.ADDU || insn == Insn.OR || insn == Insn.ADDIU;
                    if (insn == Insn.LW || moves && (RegisterUse.reads(w) & found) != 0) {
                        found |= RegisterUse.writes(w);
                    }
                }
            }
        }
        return found;
    }

    private void findMotions() {
        for (int register = 1; register < Integer.SIZE; register++) {
            Motion motion = (written >>> register & 1) == 0 ? null : motion(register);
            if (motion != null) {
                motions.put(register, motion);
            }
        }
    }

    private @Nullable Motion motion(int register) {
        int up = 0;
        int down = 0;
        int bits = 0;
        int by = 0;
        int writes = 0;
        for (Block block : blocks) {
            for (long w : block.insns) {
                if ((RegisterUse.writes(w) >>> register & 1) == 0) {
                    continue;
                }
                writes++;
                Insn insn = INSNS[Decoded.op(w)];
                int other = Decoded.a(w) == register ? Decoded.b(w) : Decoded.a(w);
                boolean adds = Decoded.a(w) == register || Decoded.b(w) == register;
                if (adds && (insn == Insn.ADDIU || insn == Insn.ADDI)) {
                    up += Math.max(0, Decoded.immediate(w));
                    down += Math.max(0, -Decoded.immediate(w));
                    bits |= Decoded.immediate(w);
                } else if (adds && insn == Insn.ADDU && (written >>> other & 1) == 0) {
                    by = other;
                } else {
                    return null;
                }
            }
        }
        if (by != 0) {
            return writes == 1 ? new Motion(0, 0, by) : null;
        }
        return (up == 0) == (down == 0) ? null : new Motion(up - down, bits, 0);
    }
}
