package kseg.cpu;

import kseg.bus.Misuse;
import kseg.bus.Width;
import kseg.isa.Decoder;
import kseg.isa.Fields;
import kseg.isa.Insn;
import kseg.isa.Semantics;
import kseg.isa.Trait;
import kseg.memory.FramePool;
import kseg.memory.PageMaps;
import kseg.memory.PhysicalMemory;

/**
 * The steps no engine treats as fast: accesses the page maps do not cover, exceptions, load linked
 * and store conditional; coprocessor 0 is in {@link SystemStep}. Every engine leaves these to this
 * one definition.
 */
public final class PreciseStep {
    private final Mmu mmu;
    private final PhysicalMemory memory;
    private final SystemStep system;
    private final BreakWatch breaks;

    public PreciseStep(Mmu mmu, Misuse misuse) {
        this(mmu, misuse, BreakWatch.NONE);
    }

    public PreciseStep(Mmu mmu, Misuse misuse, BreakWatch breaks) {
        this.mmu = mmu;
        this.breaks = breaks;
        memory = mmu.memory();
        system = new SystemStep(mmu, misuse);
    }

    public Mmu mmu() {
        return mmu;
    }

    /**
     * Makes the next instruction fetchable, then executes it if it is one of those above. An
     * ordinary instruction is left to the engine, whose fetch now succeeds. May set {@code
     * deviceBlocked} without executing anything.
     */
    public void step(Cpu cpu) {
        PageMaps maps = mmu.maps();
        int at = pooled(cpu.pc, cpu.userMode() ? maps.userRead() : maps.kernelRead());
        if (at >= 0) {
            execute(cpu, memory.pooledWord(at));
        } else {
            fetchFirst(cpu);
        }
    }

    /**
     * Lets engines fetch from a page if the CPU could now; no fault, no step. Says whether it
     * could.
     */
    public boolean mapForFetch(Cpu cpu, int vaddr) {
        long paddr = mmu.translate(cpu, vaddr, false, 3);
        if (paddr < 0 || !mmu.isMemory(paddr)) {
            return false;
        }
        mmu.mapForReading(cpu, vaddr, paddr);
        return true;
    }

    /** The first fetch from a page, and fetches that fault; none from a page that is guarded. */
    private void fetchFirst(Cpu cpu) {
        if (mmu.maps().guarded(cpu.pc)) {
            cpu.stopSoon();
            return;
        }
        long paddr = mmu.translate(cpu, cpu.pc, false, 3);
        if (paddr < 0) {
            fault(cpu, cpu.pc, paddr);
            return;
        }
        if (!mmu.isMemory(paddr)) {
            cpu.raise(Exc.IBE);
            return;
        }
        mmu.mapForReading(cpu, cpu.pc, paddr);
        execute(cpu, memory.word((int) paddr));
    }

    private void execute(Cpu cpu, int bigEndian) {
        stepOf(cpu, cpu.littleEndian() ? Integer.reverseBytes(bigEndian) : bigEndian);
    }

    /**
     * Like {@link #step}, for who has fetched the next instruction already.
     *
     * @param word in the CPU's byte order
     */
    public void stepOf(Cpu cpu, int word) {
        execute(cpu, Decoder.of(cpu.model()).decode(word), word);
    }

    /**
     * Executes an instruction if it concerns nobody but its CPU and mapped memory: those of
     * coprocessor 0 that {@link SystemStep} says, LL and SC of pages that are mapped, SYNC. Says
     * whether it did; counting the step and going on to the next are left to the caller, who need
     * not stop.
     *
     * @param word in the CPU's byte order
     * @param ahead steps of the CPU that {@code cpu.cycles} does not count yet
     */
    public boolean local(Cpu cpu, int word, int ahead) { // hot
        return local(cpu, Decoder.of(cpu.model()).decode(word), word, ahead);
    }

    /** The same for one of coprocessor 0 in kernel mode, by who knows which one it is. */
    public boolean localSystem(Cpu cpu, Insn insn, int word, int ahead) { // hot
        return system.local(cpu, insn, word, ahead);
    }

    private boolean local(Cpu cpu, Insn insn, int word, int ahead) {
        return switch (insn.shape()) {
            case COP_MOVE, COP_OP -> !cpu.userMode() && system.local(cpu, insn, word, ahead);
            case LL -> !cpu.littleEndian() && localLink(cpu, word);
            case SC -> !cpu.littleEndian() && localConditional(cpu, word);
            case SYNC -> {
                cpu.counters().syncs++;
                yield true;
            }
            default -> false;
        };
    }

    private void execute(Cpu cpu, Insn insn, int word) {
        if (insn.has(Trait.PRIVILEGED) && cpu.userMode()) {
            cpu.raiseUnusable(0);
            return;
        }
        switch (insn.shape()) {
            case LOAD -> load(cpu, insn, word);
            case LOAD_MERGE -> loadMerge(cpu, insn, word);
            case STORE -> store(cpu, insn, word);
            case STORE_MERGE -> storeMerge(cpu, insn, word);
            case LL -> loadLinked(cpu, word);
            case SC -> storeConditional(cpu, word);
            case R3 -> overflow(cpu, insn, reg(cpu, Fields.rs(word)), reg(cpu, Fields.rt(word)));
            case IMM_SIGNED -> overflow(cpu, insn, reg(cpu, Fields.rs(word)), Fields.simm(word));
            case TRAP -> trap(cpu, insn);
            case SYNC -> {
                cpu.counters().syncs++;
                retire(cpu);
            }
            case CACHE -> cache(cpu, word);
            case COP_MOVE, COP_OP -> system.execute(cpu, insn, word);
            case COP_BRANCH -> cpu.raiseUnusable(Fields.cop(word));
            case COP_LOAD_STORE -> cpu.raiseUnusable(Fields.cop(word));
            case RESERVED -> cpu.raise(Exc.RI);
            case SHIFT, SHIFTV, IMM_ZERO, LUI, MUL_DIV, FROM_HILO, TO_HILO -> {}
            case BRANCH1, BRANCH2, JUMP, JUMP_REG -> {}
        }
    }

    private void trap(Cpu cpu, Insn insn) {
        if (insn == Insn.SYSCALL) {
            cpu.raise(Exc.SYSCALL);
        } else if (breaks.stopsAtBreak(cpu)) {
            cpu.stopSoon();
        } else {
            cpu.raise(Exc.BREAKPOINT);
        }
    }

    private void overflow(Cpu cpu, Insn insn, int left, int right) {
        boolean overflows =
                switch (insn) {
                    case ADD -> Semantics.addOverflows(left, right);
                    case ADDI -> Semantics.addiOverflows(left, right);
                    case SUB -> Semantics.subOverflows(left, right);
                    default -> false;
                };
        if (overflows) {
            cpu.raise(Exc.OV);
        }
    }

    // Loads and stores

    private void load(Cpu cpu, Insn insn, int word) {
        Width width = width(insn);
        int vaddr = vaddr(cpu, word);
        long datum = read(cpu, vaddr, width, false);
        if (datum < 0) {
            fault(cpu, vaddr, datum);
            return;
        }
        int raw = (int) datum;
        int value =
                switch (insn) {
                    case LB -> Semantics.lb(raw);
                    case LBU -> Semantics.lbu(raw);
                    case LH -> Semantics.lh(raw);
                    case LHU -> Semantics.lhu(raw);
                    default -> Semantics.lw(raw);
                };
        set(cpu, Fields.rt(word), value);
        retire(cpu);
    }

    private void loadMerge(Cpu cpu, Insn insn, int word) {
        int vaddr = vaddr(cpu, word);
        long datum = readAround(cpu, vaddr, false);
        if (datum < 0) {
            fault(cpu, vaddr, datum);
            return;
        }
        int raw = (int) datum;
        int rt = reg(cpu, Fields.rt(word));
        boolean left = insn == Insn.LWL;
        int value;
        if (cpu.littleEndian()) {
            value =
                    left
                            ? Semantics.lwlLittle(rt, raw, vaddr)
                            : Semantics.lwrLittle(rt, raw, vaddr);
        } else {
            value = left ? Semantics.lwlBig(rt, raw, vaddr) : Semantics.lwrBig(rt, raw, vaddr);
        }
        set(cpu, Fields.rt(word), value);
        retire(cpu);
    }

    private void store(Cpu cpu, Insn insn, int word) {
        int vaddr = vaddr(cpu, word);
        finishStore(cpu, vaddr, write(cpu, vaddr, reg(cpu, Fields.rt(word)), width(insn)));
    }

    private void storeMerge(Cpu cpu, Insn insn, int word) {
        int vaddr = vaddr(cpu, word);
        long datum = readAround(cpu, vaddr, true);
        if (datum < 0) {
            fault(cpu, vaddr, datum);
            return;
        }
        int raw = (int) datum;
        int rt = reg(cpu, Fields.rt(word));
        boolean left = insn == Insn.SWL;
        int value;
        if (cpu.littleEndian()) {
            value =
                    left
                            ? Semantics.swlLittle(rt, raw, vaddr)
                            : Semantics.swrLittle(rt, raw, vaddr);
        } else {
            value = left ? Semantics.swlBig(rt, raw, vaddr) : Semantics.swrBig(rt, raw, vaddr);
        }
        finishStore(cpu, vaddr, write(cpu, vaddr & ~3, value, Width.WORD));
    }

    private void finishStore(Cpu cpu, int vaddr, long result) {
        if (result < 0) {
            fault(cpu, vaddr, result);
        } else {
            retire(cpu);
        }
    }

    private void loadLinked(Cpu cpu, int word) {
        int vaddr = vaddr(cpu, word);
        long datum = read(cpu, vaddr, Width.WORD, false);
        if (datum < 0) {
            fault(cpu, vaddr, datum);
            return;
        }
        link(cpu, word, vaddr, (int) datum);
        retire(cpu);
    }

    private boolean localLink(Cpu cpu, int word) {
        int vaddr = vaddr(cpu, word);
        PageMaps maps = mmu.maps();
        int at = pooled(vaddr, cpu.userMode() ? maps.userRead() : maps.kernelRead());
        if (at < 0) {
            return false;
        }
        link(cpu, word, vaddr, memory.pooledWord(at));
        return true;
    }

    /** LL remembers address and value; sys161.md 5.2. */
    private static void link(Cpu cpu, int word, int vaddr, int value) {
        cpu.counters().loadLinked++;
        cpu.llActive = true;
        cpu.llVaddr = vaddr;
        cpu.llValue = value;
        set(cpu, Fields.rt(word), value);
    }

    private void storeConditional(Cpu cpu, int word) {
        int vaddr = vaddr(cpu, word);
        boolean stored = false;
        if (armed(cpu, vaddr)) {
            long datum = read(cpu, vaddr, Width.WORD, true);
            if (datum < 0) {
                fault(cpu, vaddr, datum);
                return;
            }
            if ((int) datum == cpu.llValue) {
                long result = write(cpu, vaddr, reg(cpu, Fields.rt(word)), Width.WORD);
                if (result < 0) {
                    fault(cpu, vaddr, result);
                    return;
                }
                stored = true;
            }
        }
        conclude(cpu, word, stored);
        retire(cpu);
    }

    private boolean localConditional(Cpu cpu, int word) {
        int vaddr = vaddr(cpu, word);
        boolean stored = false;
        if (armed(cpu, vaddr)) {
            PageMaps maps = mmu.maps();
            int at = pooled(vaddr, cpu.userMode() ? maps.userWrite() : maps.kernelWrite());
            if (at < 0) {
                return false;
            }
            stored = memory.pooledWord(at) == cpu.llValue;
            if (stored) {
                memory.putPooledWord(at, reg(cpu, Fields.rt(word)));
            }
        }
        conclude(cpu, word, stored);
        return true;
    }

    /**
     * SC fails without touching memory when no LL of this address is active; otherwise it succeeds
     * if the word still has the value LL saw; sys161.md 5.2.
     */
    private static boolean armed(Cpu cpu, int vaddr) {
        return cpu.llActive && cpu.llVaddr == vaddr;
    }

    private static void conclude(Cpu cpu, int word, boolean stored) {
        if (stored) {
            cpu.counters().storeConditionalOk++;
        } else {
            cpu.counters().storeConditionalFailed++;
        }
        set(cpu, Fields.rt(word), stored ? 1 : 0);
    }

    /**
     * Address in the pool of a word in a mapped page; negative if it is not mapped or misaligned.
     * (LL and SC exist on MIPS-161 only, which has no cache to isolate.)
     */
    private int pooled(int vaddr, int[] map) {
        int at = vaddr + map[vaddr >>> FramePool.FRAME_SHIFT];
        return (at & (FramePool.outside(memory.bytes()) | 3)) == 0 ? at : -1;
    }

    private long read(Cpu cpu, int vaddr, Width width, boolean forStore) {
        long paddr = mmu.translate(cpu, vaddr, forStore, width.bytes() - 1);
        if (paddr < 0) {
            return paddr;
        }
        return mmu.read(cpu, vaddr, paddr, width);
    }

    /** The aligned word around an address that need not be aligned. */
    private long readAround(Cpu cpu, int vaddr, boolean forStore) {
        long paddr = mmu.translate(cpu, vaddr, forStore, 0);
        if (paddr < 0) {
            return paddr;
        }
        return mmu.read(cpu, vaddr, paddr & ~3L, Width.WORD);
    }

    private long write(Cpu cpu, int vaddr, int value, Width width) {
        long paddr = mmu.translate(cpu, vaddr, true, width.bytes() - 1);
        if (paddr < 0) {
            return paddr;
        }
        if (cpu.cacheIsolated()) {
            return 0;
        }
        return mmu.write(cpu, vaddr, paddr, value, width);
    }

    /** No cache is modelled; "hit" operations translate their address first; sys161.md 5.1. */
    private void cache(Cpu cpu, int word) {
        int vaddr = vaddr(cpu, word);
        boolean hit = (Fields.rt(word) & 0x10) != 0;
        if (hit) {
            long paddr = mmu.translate(cpu, vaddr, false, 3);
            if (paddr < 0) {
                fault(cpu, vaddr, paddr);
                return;
            }
        }
        retire(cpu);
    }

    // Common parts

    private static void fault(Cpu cpu, int vaddr, long fault) {
        if (fault == Mmu.BLOCKED) {
            cpu.stopSoon();
            return;
        }
        cpu.raiseAt(Mmu.exception(fault), vaddr, Mmu.isRefill(fault));
    }

    private static void retire(Cpu cpu) {
        cpu.retire(cpu.userMode());
    }

    private static Width width(Insn insn) {
        if (insn.has(Trait.BYTE)) {
            return Width.BYTE;
        }
        return insn.has(Trait.HALF) ? Width.HALF : Width.WORD;
    }

    private static int vaddr(Cpu cpu, int word) {
        return reg(cpu, Fields.rs(word)) + Fields.simm(word);
    }

    private static int reg(Cpu cpu, int number) {
        return cpu.gpr[number];
    }

    private static void set(Cpu cpu, int number, int value) {
        cpu.gpr[number == 0 ? Cpu.SINK : number] = value;
    }
}
