package kseg.engine.compile;

import java.util.Arrays;
import kseg.engine.CodePages;
import kseg.isa.Insn;
import kseg.memory.FramePool;
import kseg.memory.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/**
 * A family's blocks, by the frame and offset at which they start. Decoded code is independent of
 * virtual addresses, mode and machine, so blocks are too, and every alias and fork uses the same.
 *
 * <p>Wraps the family's {@link CodePages}: what holds decoded code may hold blocks, and a write to
 * it invalidates both, at once.
 */
public final class BlockCache implements PhysicalMemory.CodeWatcher {
    /** Compilation is worth its while after so many executions. */
    public static final int HOT = 50;

    /** Longest block: the generated method stays below HotSpot's limit of 8,000 bytes. */
    static final int MAX_INSNS = 50;

    private static final Insn[] INSNS = Insn.values();
    private static final int OFFSET_MASK = FramePool.FRAME_BYTES - 1;

    /** What is known of the code that starts at one word. */
    static final class Entry {
        /** Instructions in the block; 0 if the first cannot begin one. */
        final int length;

        int executions;
        @Nullable Block block;

        Entry(int length) {
            this.length = length;
        }
    }

    private final FramePool pool;
    private final CodePages code;
    private final int hot;
    private @Nullable Entry[] @Nullable [] byFrame = new Entry[0][];

    /**
     * A cache without blocks.
     *
     * @param hot compile what is executed for this many-th time; invisible to the guest
     */
    public BlockCache(FramePool pool, CodePages code, int hot) {
        this.pool = pool;
        this.code = code;
        this.hot = hot;
    }

    /** The entry for code at an aligned address in the pool. */
    Entry at(int poolAddress) {
        int frame = poolAddress >>> FramePool.FRAME_SHIFT;
        int index = (poolAddress & OFFSET_MASK) >>> 2;
        @Nullable Entry[] entries = frame < byFrame.length ? byFrame[frame] : null;
        Entry entry = entries == null ? null : entries[index];
        return entry == null ? add(frame, index) : entry;
    }

    private Entry add(int frame, int index) {
        if (byFrame.length < pool.capacity()) {
            byFrame = Arrays.copyOf(byFrame, pool.capacity());
        }
        @Nullable Entry[] entries = byFrame[frame];
        if (entries == null) {
            entries = new Entry[CodePages.WORDS];
            byFrame[frame] = entries;
        }
        var entry = new Entry(length(code.at(frame), index));
        entries[index] = entry;
        return entry;
    }

    /** Counts an execution of code that has no block; compiles it once it is hot. */
    @Nullable Block warm(Entry entry, int poolAddress) {
        if (++entry.executions == hot && entry.length > 0) {
            long[] page = code.at(poolAddress >>> FramePool.FRAME_SHIFT);
            int index = (poolAddress & OFFSET_MASK) >>> 2;
            entry.block = BlockCompiler.compile(page, index, entry.length);
        }
        return entry.block;
    }

    /** Length of the block that starts here; a branch without a plain delay slot is left out. */
    private static int length(long[] page, int start) {
        int at = start;
        while (at - start < MAX_INSNS - 1 && isOrdinary(page[at])) {
            if (isBranch(page[at])) {
                boolean plainSlot = isOrdinary(page[at + 1]) && !isBranch(page[at + 1]);
                return at - start + (plainSlot ? 2 : 0);
            }
            at++;
        }
        return at - start;
    }

    private static boolean isOrdinary(long decoded) {
        return Decoded.op(decoded) < CodePages.OP_LOCAL;
    }

    private static boolean isBranch(long decoded) {
        return switch (INSNS[Decoded.op(decoded)].shape()) {
            case BRANCH1, BRANCH2, JUMP, JUMP_REG -> true;
            default -> false;
        };
    }

    // CodeWatcher

    @Override
    public boolean holdsCode(int frame) {
        return code.holdsCode(frame);
    }

    @Override
    public void written(int frame, int offset) {
        code.written(frame, offset);
        @Nullable Entry[] entries = frame < byFrame.length ? byFrame[frame] : null;
        if (entries != null) {
            int word = offset >>> 2;
            Arrays.fill(entries, Math.max(0, word - MAX_INSNS), word + 1, null);
        }
    }

    @Override
    public void freed(int frame) {
        code.freed(frame);
        if (frame < byFrame.length) {
            byFrame[frame] = null;
        }
    }
}
