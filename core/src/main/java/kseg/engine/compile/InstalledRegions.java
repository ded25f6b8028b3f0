package kseg.engine.compile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import kseg.engine.CodePages;
import kseg.memory.FramePool;
import org.jspecify.annotations.Nullable;

/** A family's installed regions, in the order in which they came, and by the words they hold. */
final class InstalledRegions {
    private static final int OFFSET_MASK = FramePool.FRAME_BYTES - 1;

    /** An installed region, where it is entered, and the words it holds: bit sets by frame. */
    record Installed(
            Region region,
            List<CodeCache.Entry> entries,
            List<Linkage.Slot> slots,
            int instructions,
            Map<Integer, long[]> words) {
        boolean holds(int frame, int word) {
            long[] set = words.get(frame);
            return set != null && (set[word >>> 6] >>> word & 1) != 0;
        }

        boolean touchesLine(int frame, int line) {
            long[] set = words.get(frame);
            return set != null && (set[line >>> 2] >>> (line << 4) & 0xffff) != 0;
        }
    }

    private final ArrayList<Installed> all = new ArrayList<>();
    private @Nullable ArrayList<Installed>[] onFrame = lists(0);

    /** The words that installed regions hold, by frame. */
    private long[] @Nullable [] held = new long[0][];

    @SuppressWarnings({"unchecked", "rawtypes"}) // there are no generic arrays
    private static @Nullable ArrayList<Installed>[] lists(int length) {
        return new ArrayList[length];
    }

    /** There may be regions on so many frames. */
    void makeRoom(int frames) {
        onFrame = Arrays.copyOf(onFrame, frames);
        held = Arrays.copyOf(held, frames);
    }

    /** All, the oldest first. */
    List<Installed> all() {
        return Collections.unmodifiableList(all);
    }

    /** Those that hold words of a frame. */
    List<Installed> on(int frame) {
        List<Installed> list = frame < onFrame.length ? onFrame[frame] : null;
        return list == null ? List.of() : Collections.unmodifiableList(list);
    }

    /** Installed regions that hold the instruction at an address in the pool. */
    List<Region> around(int poolAddress) {
        int frame = poolAddress >>> FramePool.FRAME_SHIFT;
        int word = (poolAddress & OFFSET_MASK) >>> 2;
        return on(frame).stream()
                .filter(installed -> installed.holds(frame, word))
                .map(Installed::region)
                .toList();
    }

    /**
     * Whether an installed region holds the instruction at an address in the pool. May be called by
     * any thread.
     */
    boolean holds(int poolAddress) { // hot
        int frame = poolAddress >>> FramePool.FRAME_SHIFT;
        int word = (poolAddress & OFFSET_MASK) >>> 2;
        long[] @Nullable [] frames = held;
        long[] set = frame < frames.length ? frames[frame] : null;
        return set != null && (set[word >>> 6] >>> word & 1) != 0;
    }

    /**
     * Instructions of the largest region that holds the one at an address in the pool; 0 if none.
     */
    int instructionsAround(int poolAddress) {
        int frame = poolAddress >>> FramePool.FRAME_SHIFT;
        int word = (poolAddress & OFFSET_MASK) >>> 2;
        int most = 0;
        for (Installed installed : on(frame)) {
            if (installed.holds(frame, word)) {
                most = Math.max(most, installed.instructions);
            }
        }
        return most;
    }

    void add(Installed installed) {
        all.add(installed);
        for (int frame : installed.words.keySet()) {
            ArrayList<Installed> list = onFrame[frame];
            if (list == null) {
                list = new ArrayList<>();
                onFrame[frame] = list;
            }
            list.add(installed);
            listWords(frame, list);
        }
    }

    private void listWords(int frame, List<Installed> list) {
        var words = new long[CodePages.WORDS / Long.SIZE];
        for (Installed installed : list) {
            long[] set = installed.words.get(frame);
            for (int i = 0; set != null && i < words.length; i++) {
                words[i] |= set[i];
            }
        }
        held[frame] = words;
    }

    void remove(Installed installed) {
        all.remove(installed);
        for (int frame : installed.words.keySet()) {
            ArrayList<Installed> list = onFrame[frame];
            if (list != null) {
                list.remove(installed);
                listWords(frame, list);
            }
        }
    }

    /** A frame holds no code any more. */
    void forget(int frame) {
        onFrame[frame] = null;
        held[frame] = null;
    }
}
