package kseg.engine.compile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kseg.engine.CodePages;
import kseg.engine.RegionListener;
import kseg.memory.FramePool;
import kseg.memory.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/**
 * A family's compiled regions, by the frame and word at which they can be entered.
 *
 * <p>Wraps the family's {@link CodePages}: a region lies only on frames that hold decoded code, so
 * every write to them comes by here and removes what it makes stale, at once. The machine's owner
 * alone installs and removes; the compiler's thread only asks for slots.
 */
@SuppressWarnings("ReferenceEquality") // identity of regions is meant
final class CodeCache implements PhysicalMemory.CodeWatcher {
    private static final int OFFSET_MASK = FramePool.FRAME_BYTES - 1;
    private static final int LINE_SHIFT = 6;
    private static final int HASHED = 16;

    /** What is known of the code that starts at one word. */
    static final class Entry {
        /** Virtual address it was compiled for, with bit 0 set for user mode. */
        int key;

        /** Steps its samples stand for: {@link Jit#sample}. */
        int samples;

        /** For what multiple of the threshold it has been looked at. */
        int looked;

        /** How many samples to wait for before asking whether this code is known from elsewhere. */
        int tried;

        /** Steps interpreted here, all told. */
        int heat;

        /** Whether an {@link IdleLoop} may begin here, and how often in a row it was none. */
        boolean idle;

        int busy;

        /** How often a region has stopped here for a device. */
        int deviceStops;

        @Nullable Region region;

        /** What direct calls of it are linked to; null until a region was installed here. */
        Linkage.@Nullable Slot slot;

        /** Begins to count again. */
        void cool() {
            samples = 0;
            looked = 0;
            tried = 0;
        }
    }

    /** An installed region, where it is entered, and the words it holds: bit sets by frame. */
    private record Installed(
            Region region,
            List<Entry> entries,
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

    private final HostWorker worker;
    private final FramePool pool;
    private final CodePages code;
    private final TierCounters counters;
    private final RegionListener listener;
    private final ArrayList<Installed> all = new ArrayList<>();
    private @Nullable Entry[] @Nullable [] byFrame = new Entry[0][];
    private @Nullable ArrayList<Installed>[] onFrame = lists(0);

    /** The words that installed regions hold, by frame. */
    private long[] @Nullable [] held = new long[0][];

    CodeCache(HostWorker worker, CodePages code, TierCounters counters, RegionListener listener) {
        this.worker = worker;
        pool = worker.pool();
        this.code = code;
        this.counters = counters;
        this.listener = listener;
    }

    static int key(int pc, boolean user) {
        return user ? pc | 1 : pc;
    }

    /** How many regions are installed. */
    int regions() {
        return all.size();
    }

    /** The entry for code at an aligned address in the pool. */
    Entry at(int poolAddress) { // hot
        int frame = poolAddress >>> FramePool.FRAME_SHIFT;
        int index = (poolAddress & OFFSET_MASK) >>> 2;
        @Nullable Entry[] entries = frame < byFrame.length ? byFrame[frame] : null;
        Entry entry = entries == null ? null : entries[index];
        return entry == null ? add(frame, index) : entry;
    }

    private Entry add(int frame, int index) {
        if (byFrame.length < pool.capacity()) {
            byFrame = Arrays.copyOf(byFrame, pool.capacity());
            onFrame = Arrays.copyOf(onFrame, pool.capacity());
            held = Arrays.copyOf(held, pool.capacity());
        }
        code.at(frame); // from now on writes to it are told
        @Nullable Entry[] entries = byFrame[frame];
        if (entries == null) {
            entries = new Entry[CodePages.WORDS];
            byFrame[frame] = entries;
        }
        var entry = new Entry();
        entries[index] = entry;
        return entry;
    }

    /** A hash of the instructions, 16 at most, from an aligned address in the pool. */
    int hash(int poolAddress) {
        long[] page = code.at(poolAddress >>> FramePool.FRAME_SHIFT);
        int index = (poolAddress & OFFSET_MASK) >>> 2;
        int hash = 0;
        for (int i = index; i < Math.min(index + HASHED, CodePages.WORDS); i++) {
            hash = 31 * hash + Long.hashCode(page[i]);
        }
        return hash;
    }

    /**
     * Installs a compiled region if its instructions are still those in memory.
     *
     * @param fetch fetch map of its mode
     * @return whether it was installed
     */
    boolean install(Compilation compiled, int[] fetch) {
        Region region = compiled.region();
        int outside = FramePool.outside(pool.bytes());
        region.pages = compiled.pages().stream().mapToInt(Integer::intValue).toArray();
        for (int i = 0; i < compiled.pages().size(); i++) {
            int page = compiled.pages().get(i);
            int entry = fetch[page >>> FramePool.FRAME_SHIFT];
            if ((page + entry & outside) != 0) {
                return false;
            }
            region.bind(i, entry);
        }
        Map<Integer, long[]> words =
                compiled.type().memory() == pool.bytes() ? words(compiled, fetch) : null;
        if (words == null) {
            return false;
        }
        var entries = new ArrayList<Entry>();
        var entered = new ArrayList<Linkage.Slot>();
        for (int pc : compiled.entries()) {
            Entry entry = at(pc + fetch[pc >>> FramePool.FRAME_SHIFT]);
            int key = key(pc, compiled.user());
            if (entry.region == null || entry.key != key || key == region.key) {
                entry.region = region;
                entry.key = key;
                entry.idle = IdleLoop.block(pageOf(pc, fetch), pc) != 0;
                entry.busy = 0;
                entries.add(entry);
                Linkage.Slot slot = worker.slot(key);
                entry.slot = slot;
                slot.region = region;
                worker.jumps(compiled.user()).add(slot);
                entered.add(slot);
            }
        }
        linkCalls(compiled, fetch);
        register(new Installed(region, entries, entered, compiled.graph().instructions(), words));
        return true;
    }

    private long[] pageOf(int pc, int[] fetch) {
        return code.at(pc + fetch[pc >>> FramePool.FRAME_SHIFT] >>> FramePool.FRAME_SHIFT);
    }

    /** The words the region holds, by frame; null if its instructions are not those in memory. */
    private @Nullable Map<Integer, long[]> words(Compilation compiled, int[] fetch) {
        var words = new TreeMap<Integer, long[]>();
        for (RegionGraph.Block block : compiled.graph().blocks()) {
            for (int i = 0; i < block.length(); i++) {
                int pc = block.pc + 4 * i;
                int address = pc + fetch[pc >>> FramePool.FRAME_SHIFT];
                long[] page = code.at(address >>> FramePool.FRAME_SHIFT);
                int word = (address & OFFSET_MASK) >>> 2;
                if (!Decoded.standsFor(block.insns[i], page[word])) {
                    return null;
                }
                int frame = address >>> FramePool.FRAME_SHIFT;
                words.computeIfAbsent(frame, f -> new long[CodePages.WORDS / Long.SIZE])[
                                word >>> 6] |=
                        1L << word;
            }
        }
        return words;
    }

    /** Installed regions that hold the instruction at an address in the pool. */
    List<Region> around(int poolAddress) {
        int frame = poolAddress >>> FramePool.FRAME_SHIFT;
        int word = (poolAddress & OFFSET_MASK) >>> 2;
        List<Installed> list = frame < onFrame.length ? onFrame[frame] : null;
        return list == null
                ? List.of()
                : list.stream()
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
        List<Installed> list = frame < onFrame.length ? onFrame[frame] : null;
        int most = 0;
        for (Installed installed : list == null ? List.<Installed>of() : list) {
            if (installed.holds(frame, word)) {
                most = Math.max(most, installed.instructions);
            }
        }
        return most;
    }

    /** What samples say of the code at an address in the pool. May be called by any thread. */
    int heat(int poolAddress) {
        Entry entry = known(poolAddress);
        return entry == null ? 0 : entry.heat;
    }

    /** Whether a region is entered at an address in the pool. May be called by any thread. */
    boolean entered(int poolAddress, int key) {
        Entry entry = known(poolAddress);
        return entry != null && entry.key == key && entry.region != null;
    }

    private @Nullable Entry known(int poolAddress) {
        @Nullable Entry[] @Nullable [] frames = byFrame;
        int frame = poolAddress >>> FramePool.FRAME_SHIFT;
        @Nullable Entry[] entries = frame < frames.length ? frames[frame] : null;
        return entries == null ? null : entries[(poolAddress & OFFSET_MASK) >>> 2];
    }

    private void linkCalls(Compilation compiled, int[] fetch) {
        for (int target : compiled.type().calls()) {
            Linkage.Slot slot = worker.slot(key(target, compiled.user()));
            int address = target + fetch[target >>> FramePool.FRAME_SHIFT];
            if (slot.region == Region.ABSENT && (address & FramePool.outside(pool.bytes())) == 0) {
                Entry entry = at(address);
                if (entry.region != null && entry.key == key(target, compiled.user())) {
                    slot.region = entry.region;
                }
            }
        }
    }

    /**
     * A call found a region for other frames, those of another address space: makes direct calls
     * lead to the one for this entry. Says whether that is a change.
     */
    boolean relink(Entry entry) { // hot
        Linkage.Slot slot = entry.slot;
        if (slot == null || entry.region == null || slot.region == entry.region) {
            return false;
        }
        slot.region = entry.region;
        return true;
    }

    private void register(Installed installed) {
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

    /** Starts counting again at an address. */
    void forget(int frame, int pc) {
        @Nullable Entry[] entries = frame < byFrame.length ? byFrame[frame] : null;
        Entry entry = entries == null ? null : entries[(pc & OFFSET_MASK) >>> 2];
        if (entry != null) {
            entry.cool();
        }
    }

    /** Removes the region compiled for this address, if it is installed. */
    void remove(Region region) {
        for (Installed installed : all) {
            if (installed.region == region) {
                counters.replaced++;
                remove(installed, RegionListener.Removal.REPLACED);
                return;
            }
        }
    }

    private void remove(Installed installed, RegionListener.Removal why) {
        int key = installed.region.key;
        listener.removed(key & ~1, (key & 1) != 0, why);
        all.remove(installed);
        for (int frame : installed.words.keySet()) {
            ArrayList<Installed> list = onFrame[frame];
            if (list != null) {
                list.remove(installed);
                listWords(frame, list);
            }
        }
        for (Entry entry : installed.entries) {
            if (entry.region == installed.region) {
                entry.region = null;
                entry.cool();
            }
        }
        for (Linkage.Slot slot : installed.slots) {
            if (slot.region == installed.region) {
                slot.region = Region.ABSENT;
            }
        }
    }

    /** Removes the {@code count} regions that have been there longest. */
    void evict(int count) {
        for (Installed installed : List.copyOf(all.subList(0, Math.min(count, all.size())))) {
            counters.evicted++;
            remove(installed, RegionListener.Removal.EVICTED);
        }
    }

    // CodeWatcher

    @Override
    public boolean holdsCode(int frame) {
        return code.holdsCode(frame);
    }

    @Override
    public void written(int frame, int offset) {
        ArrayList<Installed> list = frame < onFrame.length ? onFrame[frame] : null;
        if (list == null || list.isEmpty()) {
            code.written(frame, offset);
        } else {
            code.update(frame, offset);
            for (Installed installed : List.copyOf(list)) {
                if (installed.touchesLine(frame, offset >>> LINE_SHIFT)) {
                    counters.overwritten++;
                    remove(installed, RegionListener.Removal.OVERWRITTEN);
                }
            }
        }
        if (frame < byFrame.length && !code.holdsCode(frame)) {
            byFrame[frame] = null;
        }
        @Nullable Entry[] entries = frame < byFrame.length ? byFrame[frame] : null;
        Entry entry = entries == null ? null : entries[offset >>> 2];
        if (entry != null) {
            entry.cool(); // other code now
            entry.heat = 0;
        }
    }

    @Override
    public void freed(int frame) {
        code.freed(frame);
        if (frame < byFrame.length) {
            ArrayList<Installed> list = onFrame[frame];
            if (list != null) {
                counters.overwritten += list.size();
                for (Installed installed : List.copyOf(list)) {
                    remove(installed, RegionListener.Removal.OVERWRITTEN);
                }
            }
            byFrame[frame] = null;
            onFrame[frame] = null;
            held[frame] = null;
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // there are no generic arrays
    private static @Nullable ArrayList<Installed>[] lists(int length) {
        return new ArrayList[length];
    }
}
