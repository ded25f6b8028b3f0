package kseg.memory;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where each virtual page lies in the frame pool, for reading and writing, in kernel and user mode.
 *
 * <p>Entry {@code e} of a present page is such that {@code va + e} is the address in the pool. An
 * absent page's entry leads to an address with bit 31 set, so that the single test {@code (pa &
 * (~(size - 1) | alignMask)) != 0} fails for absence and misalignment alike. An entry is never more
 * generous than the TLB. A write entry is absent also while the page is shared, holds code, or is
 * clean since the last state hash: the first write then passes {@link
 * PhysicalMemory#writableFrame}. Fetches use the read map (the R3000's TLB has no execute bit).
 *
 * <p>Maps serve the machine and CPU that run at the moment. What is installed is listed, so that a
 * switch undoes only that, and does it again when the CPU's next turn comes. They are filled lazily
 * and dropping an entry is always allowed: maps are a cache, never state.
 */
public final class PageMaps {
    private static final int PAGES = 1 << 20;
    private static final int KSEG0_PAGE = 0x80000;
    private static final int KSEG1_PAGE = 0xa0000;
    private static final int DIRECT_PAGE_MASK = 0x1ffff;

    /** The upper two bits of addresses in kseg0 and kseg1. */
    private static final int SEGMENT_SHIFT = 30;

    private static final int DIRECT_SEGMENTS = 2;

    private final int[] kernelRead = new int[PAGES];
    private final int[] kernelWrite = new int[PAGES];
    private final int[] userRead = new int[PAGES];
    private final int[] userWrite = new int[PAGES];

    /** {@link #install}: the page is one of kseg0 or kseg1, which need no TLB. */
    public static final int DIRECT = -1;

    /** The page installed through each TLB entry, and which entries have one. */
    private final int[] mapped = new int[Long.SIZE];

    private long mappedEntries;

    /** What a CPU had installed through its TLB when the maps began to serve another. */
    private static final class Parked {
        final int[] page = new int[Long.SIZE];
        final int[] offset = new int[Long.SIZE];
        long entries;
        long writable;
        long epoch;
    }

    private @Nullable Parked[] parked = {};

    /** Counts what may make parked entries wrong: all but the work of their own CPU. */
    private long epoch;

    /** Pages installed directly (kseg0, kseg1). */
    private final int[] direct = new int[4096];

    private int directCount;

    /** The machine's memory and CPU these entries belong to. */
    private Object owner = this;

    private int ownerCpu;
    private int @Nullable [] nothing;

    private static final int[] NO_PAGES = {};

    /** Pages kept absent, in order. */
    private int[] guarded = NO_PAGES;

    private int[] lifted = NO_PAGES;

    public PageMaps() {
        for (int page = 0; page < PAGES; page++) {
            int absent = absent(page);
            kernelRead[page] = absent;
            kernelWrite[page] = absent;
            userRead[page] = absent;
            userWrite[page] = absent;
        }
    }

    /**
     * Grows whenever entries may have been dropped for other causes than instructions that write
     * the TLB or its registers: memory was shared, or moved to another frame.
     */
    public long epoch() {
        return epoch;
    }

    public int[] kernelRead() {
        return kernelRead;
    }

    public int[] kernelWrite() {
        return kernelWrite;
    }

    public int[] userRead() {
        return userRead;
    }

    public int[] userWrite() {
        return userWrite;
    }

    /**
     * Where kernel mode finds an address in the pool, or outside of it. Any thread may ask. What
     * needs no TLB it sees change; the rest is as it is now: another CPU may follow.
     */
    public IntUnaryOperator kernelView() {
        IntUnaryOperator mappedNow = mappedView(kernelRead);
        return vaddr ->
                vaddr >>> SEGMENT_SHIFT == DIRECT_SEGMENTS
                        ? vaddr + kernelRead[vaddr >>> FramePool.FRAME_SHIFT]
                        : mappedNow.applyAsInt(vaddr);
    }

    /** The same for user mode, all of it as it is now: another address space may follow. */
    public IntUnaryOperator userView() {
        return mappedView(userRead);
    }

    private IntUnaryOperator mappedView(int[] map) {
        int[] pages = new int[Long.bitCount(mappedEntries)];
        int[] offsets = new int[pages.length];
        int count = 0;
        for (long left = mappedEntries; left != 0; left &= left - 1) {
            pages[count] = mapped[Long.numberOfTrailingZeros(left)];
            offsets[count] = map[pages[count]];
            count++;
        }
        return vaddr -> {
            int page = vaddr >>> FramePool.FRAME_SHIFT;
            for (int i = 0; i < pages.length; i++) {
                if (pages[i] == page) {
                    return vaddr + offsets[i];
                }
            }
            return vaddr + absent(page);
        };
    }

    /** A map in which every page is absent: for data accesses while the cache is isolated. */
    public int[] nothing() {
        int[] map = nothing;
        if (map == null) {
            map = new int[PAGES];
            for (int page = 0; page < PAGES; page++) {
                map[page] = absent(page);
            }
            nothing = map;
        }
        return map;
    }

    /** Serves this CPU of this memory from now on; entries of another are dropped. */
    @SuppressWarnings("ReferenceEquality") // identity is meant: a machine's own memory
    public void serve(Object memory, int cpu) {
        if (owner != memory) {
            owner = memory;
            ownerCpu = cpu;
            dropAll();
        } else if (ownerCpu != cpu) {
            park(ownerCpu);
            ownerCpu = cpu;
            unpark(cpu);
        }
    }

    private void park(int cpu) {
        if (cpu >= parked.length) {
            parked = Arrays.copyOf(parked, cpu + 1);
        }
        Parked list = parked[cpu];
        if (list == null) {
            list = new Parked();
            parked[cpu] = list;
        }
        list.entries = 0;
        list.writable = 0;
        list.epoch = epoch;
        for (long left = mappedEntries; left != 0; left &= left - 1) {
            int entry = Long.numberOfTrailingZeros(left);
            int page = mapped[entry];
            int offset = kernelRead[page];
            if (offset != absent(page)) {
                list.page[entry] = page;
                list.offset[entry] = offset;
                list.entries |= 1L << entry;
                list.writable |= kernelWrite[page] == offset ? 1L << entry : 0;
            }
        }
        dropMapped();
    }

    private void unpark(int cpu) {
        Parked list = cpu < parked.length ? parked[cpu] : null;
        if (list == null || list.epoch != epoch) {
            return;
        }
        for (long left = list.entries; left != 0; left &= left - 1) {
            int entry = Long.numberOfTrailingZeros(left);
            int page = list.page[entry];
            mapped[entry] = page;
            boolean writable = (list.writable >>> entry & 1) != 0;
            set(page, list.offset[entry], page < KSEG0_PAGE, writable);
        }
        mappedEntries = list.entries;
    }

    private void set(int page, int offset, boolean user, boolean writable) {
        kernelRead[page] = offset;
        if (user) {
            userRead[page] = offset;
        }
        if (writable) {
            kernelWrite[page] = offset;
            if (user) {
                userWrite[page] = offset;
            }
        }
    }

    /**
     * Installs a page.
     *
     * @param vaddr any address in the page
     * @param frame of the pool
     * @param entry of the TLB that translates the page, 0 to 63, or {@link #DIRECT}
     * @param user whether user mode may use it too
     * @param writable whether the barrier has been passed and the TLB allows stores
     */
    public void install(int vaddr, int frame, int entry, boolean user, boolean writable) {
        int page = vaddr >>> FramePool.FRAME_SHIFT;
        if (guards(page)) {
            return;
        }
        int offset = (frame << FramePool.FRAME_SHIFT) - (page << FramePool.FRAME_SHIFT);
        if (entry != DIRECT) {
            mapped[entry] = page;
            mappedEntries |= 1L << entry;
        } else if (kernelRead[page] == absent(page)) {
            listDirect(page);
        }
        set(page, offset, user, writable);
    }

    /**
     * Installs a page of a physical page that kseg0 has, as it lies there.
     *
     * @param entry of the TLB that translates the page
     * @param user whether user mode may use it too
     * @param mayStore whether the TLB allows stores
     * @return false if kseg0 does not have it
     */
    public boolean installAsDirect(
            int vaddr, int physicalPage, int entry, boolean user, boolean mayStore) { // hot
        if (physicalPage > DIRECT_PAGE_MASK) {
            return false;
        }
        int page = KSEG0_PAGE + physicalPage;
        int offset = kernelRead[page];
        if (offset == absent(page)) {
            return false;
        }
        int frame = (page << FramePool.FRAME_SHIFT) + offset >>> FramePool.FRAME_SHIFT;
        install(vaddr, frame, entry, user, mayStore && kernelWrite[page] == offset);
        return true;
    }

    /**
     * Whether kseg0 has a physical page, and not in the frame that is its first: then {@link
     * PhysicalMemory#settle} has nothing to do.
     */
    public boolean hasSettled(int physicalPage) { // hot
        int page = KSEG0_PAGE + (physicalPage & DIRECT_PAGE_MASK);
        int offset = kernelRead[page];
        return offset != absent(page)
                && (page << FramePool.FRAME_SHIFT) + offset >>> FramePool.FRAME_SHIFT
                        != physicalPage + 1;
    }

    /**
     * Keeps these pages absent from now on, and no others: every fetch from them leaves the engine,
     * so that somebody can look at each of their instructions first.
     *
     * @param pages numbers of virtual pages in order, not to be changed
     */
    public void guard(int[] pages) {
        if (!Arrays.equals(guarded, pages)) {
            guarded = pages;
            dropAll();
        }
    }

    /** Whether the page of an address is one of those. */
    public boolean guarded(int vaddr) {
        return guards(vaddr >>> FramePool.FRAME_SHIFT);
    }

    private boolean guards(int page) {
        return guarded.length != 0 && Arrays.binarySearch(guarded, page) >= 0;
    }

    /** Lets guarded pages in until {@link #lower}. */
    public void lift() {
        lifted = guarded;
        guarded = NO_PAGES;
    }

    /** Guards again what it guarded before {@link #lift}. */
    public void lower() {
        guarded = lifted;
        epoch++;
        for (int page : guarded) {
            drop(page << FramePool.FRAME_SHIFT);
        }
        while (directCount > 0 && guards(direct[directCount - 1])) {
            directCount--; // or each step would list them again
        }
    }

    /** Forgets what came through one TLB entry, as a write of the entry must. */
    public void dropEntry(int entry) {
        if ((mappedEntries >>> entry & 1) != 0) {
            mappedEntries &= ~(1L << entry);
            dropPage(mapped[entry]);
        }
    }

    /** Forgets one virtual page, whichever TLB entry it came through. */
    public void drop(int vaddr) {
        int page = vaddr >>> FramePool.FRAME_SHIFT;
        if (kernelRead[page] != absent(page)) {
            dropPage(page);
        }
    }

    /** Forgets everything that came through the TLB of the CPU served: it has another ASID. */
    public void dropMapped() {
        for (long left = mappedEntries; left != 0; left &= left - 1) {
            dropPage(mapped[Long.numberOfTrailingZeros(left)]);
        }
        mappedEntries = 0;
    }

    /** Forgets everything. */
    public void dropAll() {
        epoch++;
        dropMapped();
        for (int i = 0; i < directCount; i++) {
            dropPage(direct[i]);
        }
        directCount = 0;
    }

    /** Forgets every permission to write: memory was shared, or its pages were hashed. */
    public void dropWrites() {
        epoch++;
        for (long left = mappedEntries; left != 0; left &= left - 1) {
            dropWrite(mapped[Long.numberOfTrailingZeros(left)]);
        }
        for (int i = 0; i < directCount; i++) {
            dropWrite(direct[i]);
        }
    }

    /** Forgets every permission to write this frame, which now holds known code. */
    public void dropWritesTo(int frame) {
        epoch++;
        for (long left = mappedEntries; left != 0; left &= left - 1) {
            int page = mapped[Long.numberOfTrailingZeros(left)];
            if (holds(page, frame)) {
                dropWrite(page);
            }
        }
        for (int i = 0; i < directCount; i++) {
            if (holds(direct[i], frame)) {
                dropWrite(direct[i]);
            }
        }
    }

    /** Forgets a physical page whose contents have moved out of this frame. */
    void dropPhysical(int frame, int physicalPage) {
        epoch++;
        if (physicalPage <= DIRECT_PAGE_MASK) {
            dropPage(KSEG0_PAGE + physicalPage);
            dropPage(KSEG1_PAGE + physicalPage);
        }
        for (long left = mappedEntries; left != 0; left &= left - 1) {
            int page = mapped[Long.numberOfTrailingZeros(left)];
            if (holds(page, frame)) {
                dropPage(page);
            }
        }
    }

    private boolean holds(int page, int frame) {
        return kernelRead[page] + (page << FramePool.FRAME_SHIFT) == frame << FramePool.FRAME_SHIFT;
    }

    private void listDirect(int page) {
        if (directCount == direct.length) {
            dropAll();
        }
        direct[directCount++] = page;
    }

    private void dropPage(int page) {
        int absent = absent(page);
        kernelRead[page] = absent;
        kernelWrite[page] = absent;
        userRead[page] = absent;
        userWrite[page] = absent;
    }

    private void dropWrite(int page) {
        kernelWrite[page] = absent(page);
        userWrite[page] = absent(page);
    }

    private static int absent(int page) {
        return 0x80000000 - (page << FramePool.FRAME_SHIFT);
    }
}
