package kseg.engine.compile;

import static java.lang.constant.ConstantDescs.CD_int;
import static kseg.engine.compile.RegionCode.L_HOISTED;
import static kseg.engine.compile.RegionCode.L_POINTER;
import static kseg.engine.compile.RegionCode.L_VADDR;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kseg.engine.compile.HoistedLoop.Window;
import kseg.engine.compile.RegionGraph.Block;
import kseg.isa.Insn;
import kseg.isa.Trait;
import kseg.memory.FramePool;

/**
 * Where the windows of a loop lie in the pool, in the rounds that a {@link RoundsMethod} writes
 * behind each other: computed and masked once for all of them. Accesses lie some bytes behind, as
 * the pool's spare bytes allow, so HotSpot sees that they are in range, and no access computes its
 * address.
 *
 * <p>A register's way through these rounds is known where every round passes the same blocks.
 */
final class PoolPointers {
    private static final Insn[] INSNS = Insn.values();

    /** A window off one register: where it begins, from the register's value at the first round. */
    private record Pointer(int register, int lowest) {}

    private final RegionCode region;
    private final HoistedLoop loop;

    /** The loop's blocks in the order of execution; none if rounds differ. */
    private final List<Block> line;

    private final Map<Integer, Pointer> pointers = new LinkedHashMap<>();
    private int round;

    /**
     * Pointers of a loop's windows.
     *
     * @param together how many rounds they hold for
     */
    PoolPointers(RegionCode region, HoistedLoop loop, int together) {
        this.region = region;
        this.loop = loop;
        line = line(loop);
        for (int i = 0; i < loop.windows().size(); i++) {
            Window window = loop.windows().get(i);
            if (window.registers.size() == 1) {
                add(i, window, window.registers.getFirst(), together);
            }
        }
    }

    private static List<Block> line(HoistedLoop loop) {
        var line = new ArrayList<Block>();
        for (Block block = loop.head(); !line.contains(block); ) {
            line.add(block);
            List<Block> inside =
                    block.successors().stream().filter(loop::contains).distinct().toList();
            if (inside.size() != 1) {
                return List.of();
            }
            block = inside.getFirst();
            if (block == loop.head()) {
                return line.size() == loop.blocks().size() ? line : List.of();
            }
        }
        return List.of();
    }

    private void add(int number, Window window, int register, int together) {
        if (window.motion == null) {
            if (window.span() <= FramePool.SPARE_BYTES) {
                pointers.put(number, new Pointer(register, window.offset()));
            }
            return;
        }
        int lowest = Integer.MAX_VALUE;
        int end = Integer.MIN_VALUE;
        for (Block block : line) {
            for (int i = 0; i < block.length(); i++) {
                if (isOff(register, block, i)) {
                    int first = moved(register, block, i) + Decoded.immediate(block.insns[i]);
                    int last = first + (together - 1) * window.motion.step();
                    lowest = Math.min(lowest, Math.min(first, last));
                    end = Math.max(end, Math.max(first, last) + Integer.BYTES);
                }
            }
        }
        if (window.motion.by() == 0 && lowest < end && end - lowest <= FramePool.SPARE_BYTES) {
            pointers.put(number, new Pointer(register, lowest));
        }
    }

    private static boolean isOff(int register, Block block, int index) {
        Insn insn = INSNS[Decoded.op(block.insns[index])];
        return (insn.has(Trait.LOADS) || insn.has(Trait.STORES))
                && Decoded.a(block.insns[index]) == register;
    }

    /** How far a register has moved in a round before an instruction. */
    private int moved(int register, Block until, int index) {
        int moved = 0;
        for (Block block : line) {
            int length = block == until ? index : block.length();
            for (int i = 0; i < length; i++) {
                if ((RegisterUse.writes(block.insns[i]) >>> register & 1) != 0) {
                    moved += Decoded.immediate(block.insns[i]);
                }
            }
            if (block == until) {
                break;
            }
        }
        return moved;
    }

    /** Before the first round: computes them. */
    void compute() {
        pointers.forEach((window, pointer) -> {
            region.code.iload(L_HOISTED + window);
            pushLowest(pointer);
            region.code.iadd();
            region.linked("INSIDE", CD_int);
            region.code.iand().istore(L_POINTER + window);
        });
    }

    private void pushLowest(Pointer pointer) {
        region.pushRegister(pointer.register);
        region.code.loadConstant(pointer.lowest).iadd();
    }

    /** The rounds that are written next are the {@code number}-th, from 0. */
    void begin(int number) {
        round = number;
    }

    /**
     * Pushes the pool address of an access in a window, if there is a way to it.
     *
     * @param offset of the address from the register it is off
     * @return whether there was
     */
    boolean push(int number, int offset) {
        Pointer pointer = pointers.get(number);
        if (pointer == null) {
            return false;
        }
        Window window = loop.windows().get(number);
        boolean direct = isOff(pointer.register, region.block, region.index);
        if (window.motion != null && !direct) {
            return false;
        }
        region.code.iload(L_POINTER + number);
        if (direct) {
            int behind = offset - pointer.lowest;
            if (window.motion != null) {
                behind += moved(pointer.register, region.block, region.index);
                behind += round * window.motion.step();
            }
            region.code.loadConstant(behind);
        } else { // HotSpot sees that only the index is left of it
            region.code.iload(L_VADDR);
            pushLowest(pointer);
            region.code.isub();
        }
        region.code.iadd();
        return true;
    }
}
