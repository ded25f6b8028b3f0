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

    private final HostWorker worker;
    private final FramePool pool;
    private final CodePages code;
    private final TierCounters counters;
    private final RegionListener listener;
    private final InstalledRegions installed = new InstalledRegions();
    private @Nullable Entry[] @Nullable [] byFrame = new Entry[0][];

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
        return installed.all().size();
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
            installed.makeRoom(pool.capacity());
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
        int instructions = compiled.graph().instructions();
        installed.add(
                new InstalledRegions.Installed(region, entries, entered, instructions, words));
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

    /** What is installed. */
    InstalledRegions installed() {
        return installed;
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
        for (InstalledRegions.Installed one : installed.all()) {
            if (one.region() == region) {
                counters.replaced++;
                remove(one, RegionListener.Removal.REPLACED);
                return;
            }
        }
    }

    private void remove(InstalledRegions.Installed one, RegionListener.Removal why) {
        int key = one.region().key;
        listener.removed(key & ~1, (key & 1) != 0, why);
        installed.remove(one);
        for (Entry entry : one.entries()) {
            if (entry.region == one.region()) {
                entry.region = null;
                entry.cool();
            }
        }
        for (Linkage.Slot slot : one.slots()) {
            if (slot.region == one.region()) {
                slot.region = Region.ABSENT;
            }
        }
    }

    /** Removes the {@code count} regions that have been there longest. */
    void evict(int count) {
        List<InstalledRegions.Installed> all = installed.all();
        for (InstalledRegions.Installed one :
                List.copyOf(all.subList(0, Math.min(count, all.size())))) {
            counters.evicted++;
            remove(one, RegionListener.Removal.EVICTED);
        }
    }

    // CodeWatcher

    @Override
    public boolean holdsCode(int frame) {
        return code.holdsCode(frame);
    }

    @Override
    public void written(int frame, int offset) {
        List<InstalledRegions.Installed> list = installed.on(frame);
        if (list.isEmpty()) {
            code.written(frame, offset);
        } else {
            code.update(frame, offset);
            for (InstalledRegions.Installed one : List.copyOf(list)) {
                if (one.touchesLine(frame, offset >>> LINE_SHIFT)) {
                    counters.overwritten++;
                    remove(one, RegionListener.Removal.OVERWRITTEN);
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
            for (InstalledRegions.Installed one : List.copyOf(installed.on(frame))) {
                counters.overwritten++;
                remove(one, RegionListener.Removal.OVERWRITTEN);
            }
            byFrame[frame] = null;
            installed.forget(frame);
        }
    }
}
