package kseg.cpu;

import kseg.bus.BusError;
import kseg.bus.PhysicalBus;
import kseg.bus.Width;
import kseg.memory.FramePool;
import kseg.memory.PageMaps;
import kseg.memory.PhysicalMemory;

/**
 * Address translation and the accesses engines do not make through page maps: the first to a page,
 * those that fault, and those to devices. Segments and TLB: MIPS R3000 manual, "Memory Management";
 * order of checks: sys161.md section 6.
 *
 * <p>A failed translation is a negative number made by {@link #fault}, not a Java exception: guests
 * take TLB misses all the time.
 */
public final class Mmu {
    private static final int KSEG0 = 0x80000000;
    private static final int KSEG2 = 0xc0000000;
    private static final int DIRECT_MASK = 0x1fffffff;
    private static final int PAGE_MASK = FramePool.FRAME_BYTES - 1;
    private static final long REFILL = 0x100;

    /** Result of a device access that must wait until its CPU is the furthest behind. */
    public static final long BLOCKED = -0x1000;

    private final PhysicalMemory memory;
    private final PageMaps maps;
    private final PhysicalBus bus;

    public Mmu(PhysicalMemory memory, PhysicalBus bus) {
        this.memory = memory;
        maps = memory.maps();
        this.bus = bus;
    }

    public PhysicalMemory memory() {
        return memory;
    }

    public PageMaps maps() {
        return maps;
    }

    /**
     * Physical address of {@code vaddr}, 0 to 0xffffffff; negative for a fault.
     *
     * @param alignment of the access minus one: 0, 1 or 3
     */
    public long translate(Cpu cpu, int vaddr, boolean store, int alignment) {
        if ((vaddr & alignment) != 0 || vaddr < 0 && cpu.userMode()) {
            return fault(store ? Exc.ADES : Exc.ADEL, false);
        }
        if (vaddr < KSEG2) { // signed: kseg0 and kseg1 only
            return vaddr & DIRECT_MASK;
        }
        int entry = cpu.tlb().find(vaddr, cpu.cp0().entryHi());
        if (entry < 0) {
            return fault(store ? Exc.TLBS : Exc.TLBL, vaddr >= 0);
        }
        int lo = cpu.tlb().lo(entry);
        if ((lo & Tlb.LO_VALID) == 0) {
            return fault(store ? Exc.TLBS : Exc.TLBL, false);
        }
        if (store && (lo & Tlb.LO_DIRTY) == 0) {
            return fault(Exc.MOD, false);
        }
        return (lo & Tlb.LO_PFN | vaddr & PAGE_MASK) & 0xffffffffL;
    }

    /**
     * Physical address of {@code vaddr} as a debugger sees it: in kernel mode, whatever the CPU is
     * in; negative if it has none.
     */
    public static long locate(Cpu cpu, int vaddr) {
        if (vaddr < KSEG2) { // signed: kseg0 and kseg1 only
            return vaddr & DIRECT_MASK;
        }
        int entry = cpu.tlb().find(vaddr, cpu.cp0().entryHi());
        int lo = entry < 0 ? 0 : cpu.tlb().lo(entry);
        return (lo & Tlb.LO_VALID) == 0 ? -1 : (lo & Tlb.LO_PFN | vaddr & PAGE_MASK) & 0xffffffffL;
    }

    /** The exception a negative translation stands for. */
    static Exc exception(long fault) {
        return Exc.of((int) (-fault & 0xff));
    }

    static boolean isRefill(long fault) {
        return (-fault & REFILL) != 0;
    }

    /** Whether RAM or ROM, rather than a device or nothing, is at this physical address. */
    public boolean isMemory(long paddr) {
        return paddr < memory.sizeBytes() || paddr <= DIRECT_MASK && bus.isRom((int) paddr);
    }

    /** Lets engines read (and fetch from) the page of a translated address. Returns its frame. */
    public int mapForReading(Cpu cpu, int vaddr, long paddr) {
        int frame = memory.frame((int) paddr >>> FramePool.FRAME_SHIFT);
        maps.install(vaddr, frame, entry(cpu, vaddr), userMay(vaddr), false);
        return frame;
    }

    /**
     * Lets engines use the page of a TLB entry just written, which is the only one that translates
     * it in the present address space, as far as that changes no memory: its first access will most
     * likely be the next but two. (Measured with bench/images/cnt-tlb.)
     */
    void mapEntry(Cpu cpu, int entry) {
        int vaddr = cpu.tlb().hi(entry) & Tlb.HI_VPN;
        int lo = cpu.tlb().lo(entry);
        int page = lo >>> FramePool.FRAME_SHIFT;
        if ((lo & Tlb.LO_VALID) == 0
                || vaddr < KSEG2
                || page >= memory.sizeBytes() >>> FramePool.FRAME_SHIFT) {
            return;
        }
        boolean mayStore = (lo & Tlb.LO_DIRTY) != 0;
        if (!maps.hasSettled(page)) {
            settle(cpu, page, vaddr);
        }
        if (!maps.installAsDirect(vaddr, page, entry, userMay(vaddr), mayStore)) {
            boolean freely = memory.writesFreely(page);
            int frame = memory.frame(page);
            if (page <= DIRECT_MASK >>> FramePool.FRAME_SHIFT) { // to be found there next time
                int direct = KSEG0 | page << FramePool.FRAME_SHIFT;
                maps.install(direct, frame, PageMaps.DIRECT, false, freely);
            }
            maps.install(vaddr, frame, entry, userMay(vaddr), mayStore && freely);
        }
    }

    private int settle(Cpu cpu, int page, int vaddr) {
        int space = (cpu.cp0().entryHi() & Tlb.HI_ASID) >>> Tlb.ASID_SHIFT;
        return memory.settle(page, vaddr >>> FramePool.FRAME_SHIFT, space);
    }

    /** What translates an address that is mapped: an entry of the TLB, or none is needed. */
    private static int entry(Cpu cpu, int vaddr) {
        return vaddr < KSEG2 ? PageMaps.DIRECT : cpu.tlb().find(vaddr, cpu.cp0().entryHi());
    }

    /**
     * Reads a translated address.
     *
     * @return the datum, zero-extended; {@link #BLOCKED}, or a fault
     */
    long read(Cpu cpu, int vaddr, long paddr, Width width) {
        if (!isMemory(paddr)) {
            return readDevice(cpu, (int) paddr, width);
        }
        int frame =
                cpu.cacheIsolated()
                        ? memory.frame((int) paddr >>> FramePool.FRAME_SHIFT)
                        : mapForReading(cpu, vaddr, paddr);
        return load(frame, (int) paddr, width, cpu.littleEndian()) & 0xffffffffL;
    }

    /** Writes a translated address; 0, {@link #BLOCKED} or a fault. */
    long write(Cpu cpu, int vaddr, long paddr, int value, Width width) {
        if (paddr >= memory.sizeBytes()) {
            return writeDevice(cpu, (int) paddr, value, width);
        }
        int page = (int) paddr >>> FramePool.FRAME_SHIFT;
        int frame = memory.writableFrame(page);
        if (vaddr >= KSEG2) { // signed: all but kseg0 and kseg1
            frame = settle(cpu, page, vaddr);
        }
        store(frame, (int) paddr, value, width, cpu.littleEndian());
        memory.wrote(frame, (int) paddr);
        if (memory.mayMapWritable(frame)) {
            maps.install(vaddr, frame, entry(cpu, vaddr), userMay(vaddr), true);
        }
        return 0;
    }

    private long readDevice(Cpu cpu, int paddr, Width width) {
        if (blocked(cpu)) {
            return BLOCKED;
        }
        try {
            return bus.read(paddr, width) & 0xffffffffL;
        } catch (BusError e) {
            return fault(Exc.DBE, false);
        }
    }

    private long writeDevice(Cpu cpu, int paddr, int value, Width width) {
        if (blocked(cpu)) {
            return BLOCKED;
        }
        try {
            bus.write(paddr, value, width);
            return 0;
        } catch (BusError e) {
            return fault(Exc.DBE, false);
        }
    }

    /** Devices see time in order: an access waits until no running CPU is behind (DESIGN.md 2). */
    private static boolean blocked(Cpu cpu) {
        cpu.deviceBlocked = cpu.clock > cpu.deviceUntil;
        return cpu.deviceBlocked;
    }

    private int load(int frame, int paddr, Width width, boolean little) {
        byte[] bytes = memory.bytes();
        int at = address(frame, paddr);
        return switch (width) {
            case BYTE -> bytes[at] & 0xff;
            case HALF -> little ? half(bytes, at + 1, at) : half(bytes, at, at + 1);
            case WORD ->
                    little
                            ? half(bytes, at + 3, at + 2) << 16 | half(bytes, at + 1, at)
                            : half(bytes, at, at + 1) << 16 | half(bytes, at + 2, at + 3);
        };
    }

    private void store(int frame, int paddr, int value, Width width, boolean little) {
        byte[] bytes = memory.bytes();
        int at = address(frame, paddr);
        int last = width.bytes() - 1;
        for (int i = 0; i <= last; i++) {
            int shift = 8 * (little ? i : last - i);
            bytes[at + i] = (byte) (value >>> shift);
        }
    }

    private static int half(byte[] bytes, int high, int low) {
        return (bytes[high] & 0xff) << 8 | bytes[low] & 0xff;
    }

    private static int address(int frame, int paddr) {
        return frame << FramePool.FRAME_SHIFT | paddr & PAGE_MASK;
    }

    private static boolean userMay(int vaddr) {
        return vaddr >= 0;
    }

    private static long fault(Exc exc, boolean refill) {
        return -(exc.code() | (refill ? REFILL : 0));
    }
}
