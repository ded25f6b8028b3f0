package kseg.cpu;

import kseg.bus.Width;
import kseg.isa.Insn;
import kseg.memory.FramePool;
import kseg.memory.PageMaps;
import kseg.memory.PhysicalMemory;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;

/**
 * What System/161 2.0.8 keeps between the instructions of a CPU beyond the architecture's state:
 * translations of the next two fetches, made ahead; the address exceptions will report; how long HI
 * and LO are busy. Strict mode only ({@link StrictProcessor}).
 *
 * <p>Its peculiarities follow: a jump or page crossing faults before the target is reached, EntryHi
 * names the last page translated, and every exception writes BadVAddr and Context.
 */
final class StrictPipeline {
    /** In place of a physical address: there is none. Those of words are even. */
    static final int NOWHERE = 1;

    private static final int KSEG0 = 0x80000000;
    private static final int KSEG2 = 0xc0000000;
    private static final int DIRECT_MASK = 0x1fffffff;
    private static final int BEYOND_DIRECT = ~DIRECT_MASK;
    private static final int PAGE_SHIFT = 12;
    private static final int PAGE_MASK = (1 << PAGE_SHIFT) - 1;
    private static final int BUSY_CYCLES = 2;

    private final Cpu cpu;
    private final Mmu mmu;
    private final PhysicalMemory memory;
    private final PageMaps maps;

    /** EPC of an exception now: the instruction, or the branch whose delay slot it is. */
    private int exceptionPc;

    /** The present instruction is a branch that is taken. */
    private boolean branched;

    /** Physical addresses of {@code cpu.pc} and {@code cpu.npc}, as translated ahead. */
    private int pcAt = NOWHERE;

    private int nextAt = NOWHERE;

    private int hiBusy;
    private int loBusy;

    private StrictObserver observer = StrictObserver.NOBODY;

    StrictPipeline(Cpu cpu, Mmu mmu) {
        this.cpu = cpu;
        this.mmu = mmu;
        memory = mmu.memory();
        maps = mmu.maps();
    }

    void watch(StrictObserver who) {
        observer = who;
    }

    StrictObserver observer() {
        return observer;
    }

    /** The CPU was given a place to start at. */
    void placed() {
        exceptionPc = cpu.pc;
        translatePc();
        translateNext();
    }

    boolean isPlaced() {
        return pcAt != NOWHERE;
    }

    /** Begins a cycle: from here on exceptions report the present instruction. */
    void begin() {
        if (!cpu.inSlot) {
            exceptionPc = cpu.pc;
        }
    }

    /** Enters the interrupt handler, whose first instruction runs in the same cycle. */
    void interrupt() {
        observer.interrupts();
        cpu.counters().interrupts++;
        enter(Exc.INTERRUPT, 0, 0, false);
        exceptionPc = cpu.pc;
    }

    /** What an exception of the present instruction will report as its place. */
    int exceptionPc() {
        return exceptionPc;
    }

    /** The instruction to execute now. */
    int fetch() {
        return word(pcAt);
    }

    /** Moves on by one instruction. False: the page behind does not translate, nothing executes. */
    boolean advance(int word) {
        cpu.pc = cpu.npc;
        pcAt = nextAt;
        cpu.npc += 4;
        if ((cpu.npc & PAGE_MASK) != 0) {
            nextAt += 4;
            return true;
        }
        if (word == Insn.RFE.match()) {
            nextAt = NOWHERE; // RFE translates, in the mode it returns to
            return true;
        }
        return translateNext();
    }

    /** Ends a cycle in which an instruction was attempted. */
    void end() {
        cpu.cycles++;
        if (cpu.cycles == cpu.cp0().matchAt()) {
            cpu.cp0().timerMatched();
            observer.timerMatched();
        }
        if (loBusy > 0) {
            loBusy--;
        }
        if (hiBusy > 0) {
            hiBusy--;
        }
        cpu.inSlot = branched;
        branched = false;
    }

    /** A branch is taken: {@code target} follows the delay slot. */
    void branch(int target) {
        observer.jumps(cpu.npc - 8, target);
        if ((target & 3) != 0) {
            raiseAt(Exc.ADEL, target, false);
            return;
        }
        cpu.npc = target;
        branched = true;
        if (pcAt != NOWHERE && word(pcAt) == Insn.RFE.match()) {
            nextAt = NOWHERE;
        } else {
            translateNext();
        }
    }

    /** RFE: the instruction behind it is fetched in the mode it returned to, and reports itself. */
    void returned() {
        cpu.inSlot = false;
        exceptionPc = cpu.pc;
        observer.returned();
        refetch();
    }

    /** What is known of the next fetches is stale: RFE, and writes of the TLB. */
    void refetch() {
        translatePc();
        translateNext();
    }

    // HI and LO

    boolean hiBusy() {
        return hiBusy > 0;
    }

    boolean loBusy() {
        return loBusy > 0;
    }

    void useHi() {
        hiBusy = BUSY_CYCLES;
    }

    void useLo() {
        loBusy = BUSY_CYCLES;
    }

    /** The instruction has to wait: it, or the branch whose slot it is, starts again. */
    void stall() {
        observer.stalls();
        cpu.inSlot = false;
        cpu.pc = exceptionPc;
        cpu.npc = cpu.pc + 4;
        refetch();
    }

    // Exceptions

    void raise(Exc exc) {
        raiseAt(exc, 0, false);
    }

    void raiseUnusable(int coprocessor) {
        cpu.counters().exceptions++;
        enter(Exc.CPU, coprocessor, 0, false);
    }

    private void raiseAt(Exc exc, int vaddr, boolean refill) {
        cpu.counters().exceptions++;
        enter(exc, 0, vaddr, refill);
    }

    private void enter(Exc exc, int coprocessor, int vaddr, boolean refill) {
        cpu.badVaddr = vaddr;
        cpu.setContextPage(vaddr);
        cpu.pc = cpu.inSlot ? exceptionPc + 4 : exceptionPc;
        cpu.enter(exc, coprocessor, refill);
        observer.entered();
        branched = false;
        refetch(); // the vectors are in kseg0 and kseg1
    }

    // Memory

    /**
     * Physical address of a word; {@link #NOWHERE} when that has raised an exception.
     *
     * @param store whether the instruction stores, be it later
     */
    int translate(int vaddr, boolean store) {
        if ((vaddr & 3) != 0 || vaddr < 0 && cpu.userMode()) {
            raiseAt(store ? Exc.ADES : Exc.ADEL, vaddr, false);
            return NOWHERE;
        }
        if (vaddr < KSEG2) { // signed: kseg0 and kseg1
            return vaddr & DIRECT_MASK;
        }
        observer.looksUp(vaddr, store);
        cpu.cp0().setEntryHiPage(vaddr);
        int entry = cpu.tlb().find(vaddr, cpu.cp0().entryHi());
        if (entry < 0) {
            raiseAt(store ? Exc.TLBS : Exc.TLBL, vaddr, vaddr >= 0);
            return NOWHERE;
        }
        int lo = cpu.tlb().lo(entry);
        if ((lo & Tlb.LO_VALID) == 0) {
            raiseAt(store ? Exc.TLBS : Exc.TLBL, vaddr, false);
            return NOWHERE;
        }
        if (store && (lo & Tlb.LO_DIRTY) == 0) {
            raiseAt(Exc.MOD, vaddr, false);
            return NOWHERE;
        }
        return lo & Tlb.LO_PFN | vaddr & PAGE_MASK;
    }

    /** The word at a virtual address; negative when that has raised an exception. */
    long load(int vaddr, boolean store) {
        int paddr = translate(vaddr, store);
        if (paddr == NOWHERE) {
            return -1;
        }
        int at = pooled(paddr, maps.kernelRead());
        if (at >= 0) {
            return memory.pooledWord(at) & 0xffffffffL;
        }
        long word = mmu.read(cpu, KSEG0 | paddr, paddr & 0xffffffffL, Width.WORD);
        if (word < 0) {
            raise(Exc.DBE);
        }
        return word;
    }

    /** Stores a word; false when that has raised an exception. */
    boolean store(int vaddr, int value) {
        int paddr = translate(vaddr, true);
        if (paddr == NOWHERE) {
            return false;
        }
        int at = pooled(paddr, maps.kernelWrite());
        if (at >= 0) {
            memory.putPooledWord(at, value);
            return true;
        }
        if (mmu.write(cpu, KSEG0 | paddr, paddr & 0xffffffffL, value, Width.WORD) < 0) {
            raise(Exc.DBE);
            return false;
        }
        return true;
    }

    /** The word at a physical address of memory. */
    private int word(int paddr) {
        int at = pooled(paddr, maps.kernelRead());
        return at >= 0
                ? memory.pooledWord(at)
                : (int) mmu.read(cpu, KSEG0 | paddr, paddr & 0xffffffffL, Width.WORD);
    }

    /** Where a word is in the pool, by way of kseg0's page maps; negative if they lack it. */
    private int pooled(int paddr, int[] map) {
        int vaddr = KSEG0 | paddr;
        int at = vaddr + map[vaddr >>> PAGE_SHIFT];
        return (paddr & BEYOND_DIRECT | at & FramePool.outside(memory.bytes())) != 0 ? -1 : at;
    }

    private void translatePc() {
        int paddr = translateFetch(cpu.pc);
        if (paddr != NOWHERE) {
            pcAt = paddr;
        }
    }

    private boolean translateNext() {
        int paddr = translateFetch(cpu.npc);
        if (paddr != NOWHERE) {
            nextAt = paddr;
        }
        return paddr != NOWHERE;
    }

    private int translateFetch(int vaddr) {
        int paddr = translate(vaddr, false);
        if (paddr != NOWHERE && !mmu.isMemory(paddr & 0xffffffffL)) {
            raise(Exc.IBE);
            return NOWHERE;
        }
        return paddr;
    }

    void save(StateWriter out) {
        out.section("pipeline", 1);
        out.putInt(exceptionPc);
        out.putInt(pcAt);
        out.putInt(nextAt);
        out.putInt(hiBusy);
        out.putInt(loBusy);
    }

    void restore(StateReader in) {
        in.section("pipeline", 1);
        exceptionPc = in.getInt();
        pcAt = in.getInt();
        nextAt = in.getInt();
        hiBusy = in.getInt();
        loBusy = in.getInt();
    }
}
