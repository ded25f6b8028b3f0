package kseg.engine.compile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kseg.engine.compile.RegionGraph.Block;
import kseg.isa.Insn;
import kseg.isa.Trait;

/**
 * Which registers of a region must move between the CPU's array and local variables, and where.
 *
 * <p>A register is <em>dirty</em> where its variable may be newer than the array: written since the
 * region was entered or since another that it called came back. It is <em>live</em> where its
 * variable will be read before it is written: by an instruction, or by an exit or a call, which
 * store what is dirty. Entries and calls load what is live behind them, nothing else.
 */
final class RegisterFlow {
    private static final Insn[] INSNS = Insn.values();

    /** Sets of registers, bit by bit as in {@link RegisterUse}. */
    private static final class Sets {
        /** Written in the block before each index, and in all of it. */
        final long[] written;

        long dirtyIn;
        long liveIn;

        Sets(Block block) {
            written = new long[block.length() + 1];
            for (int i = 0; i < block.length(); i++) {
                written[i + 1] = written[i] | RegisterUse.writes(block.insns[i]);
            }
        }
    }

    private final Map<Block, Sets> sets = new LinkedHashMap<>();

    private RegisterFlow() {}

    static RegisterFlow of(RegionGraph graph) {
        var flow = new RegisterFlow();
        List<Block> blocks = graph.blocks();
        for (Block block : blocks) {
            flow.sets.put(block, new Sets(block));
        }
        flow.findDirty(blocks);
        flow.findLive(blocks.reversed());
        return flow;
    }

    /** Registers that are dirty before the instruction at this index of a block. */
    long dirty(Block block, int index) {
        Sets sets = of(block);
        return sets.dirtyIn | sets.written[index];
    }

    /** Registers that are dirty where a block ends. */
    long dirtyBehind(Block block) {
        return dirty(block, block.length());
    }

    /** Registers that are live where a block begins. */
    long live(Block block) {
        return of(block).liveIn;
    }

    private Sets of(Block block) {
        Sets found = sets.get(block);
        if (found == null) {
            throw new IllegalArgumentException("a block of another region");
        }
        return found;
    }

    private void findDirty(List<Block> blocks) {
        for (boolean changed = true; changed; ) {
            changed = false;
            for (Block block : blocks) {
                long dirty = dirtyBehind(block);
                for (Block successor : block.jumpsTo()) {
                    Sets sets = of(successor);
                    changed |= (dirty & ~sets.dirtyIn) != 0;
                    sets.dirtyIn |= dirty;
                }
            }
        }
    }

    private void findLive(List<Block> blocks) {
        for (boolean changed = true; changed; ) {
            changed = false;
            for (Block block : blocks) {
                long live = liveIn(block);
                changed |= live != of(block).liveIn;
                of(block).liveIn = live;
            }
        }
    }

    private long liveIn(Block block) {
        boolean leaves = block.callsOut() || block.successors().size() < waysOut(block);
        long live = leaves ? dirtyBehind(block) : 0;
        for (Block successor : block.jumpsTo()) {
            live |= of(successor).liveIn;
        }
        for (int i = block.length() - 1; i >= 0; i--) {
            long w = block.insns[i];
            live = live & ~RegisterUse.writes(w) | RegisterUse.reads(w);
            if (mayStop(w)) {
                live |= dirty(block, i);
            }
        }
        return block.root == block ? live | of(block).dirtyIn : live;
    }

    /** How many successors a block has that never leaves the region where it ends. */
    private static int waysOut(Block block) {
        return switch (block.end) {
            case FALL, JUMP, CALL -> 1;
            case BRANCH -> 2;
            case INDIRECT, ODD -> Integer.MAX_VALUE;
        };
    }

    /** Whether a region may have to leave before an instruction. */
    private static boolean mayStop(long w) {
        if (!Scout.isOrdinary(w)) {
            return true;
        }
        Insn insn = INSNS[Decoded.op(w)];
        return insn.has(Trait.LOADS) || insn.has(Trait.STORES) || insn.has(Trait.MAY_OVERFLOW);
    }
}
