package kseg.cpu;

import kseg.isa.CpuModel;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;

/**
 * Coprocessor 0: the system control registers of the R3000, and the ones System/161 adds (COUNT,
 * COMPARE, CONFIG). Boot values and odd bits as measured on System/161 2.0.8: sys161.md 5.4.
 *
 * <p>COUNT and RANDOM follow the CPU's executed cycles and are computed when read.
 */
public final class Cp0 {
    private static final int R_INDEX = 0;
    private static final int R_RANDOM = 1;
    private static final int R_ENTRYLO = 2;
    private static final int R_CONTEXT = 4;
    private static final int R_BADVADDR = 8;
    private static final int R_COUNT = 9;
    private static final int R_ENTRYHI = 10;
    private static final int R_COMPARE = 11;
    private static final int R_STATUS = 12;
    private static final int R_CAUSE = 13;
    private static final int R_EPC = 14;
    private static final int R_PRID = 15;
    private static final int R_CONFIG = 16;

    private static final int INDEX_P = 0x80000000;
    private static final int INDEX_SLOT = 0x3f00;
    private static final int SLOT_SHIFT = 8;

    /** Wired entries: RANDOM never names them. MIPS R3000 manual, "Random register". */
    private static final int WIRED = 8;

    private static final int STATUS_161 = 0xf040ff3f;
    private static final int STATUS_161_CACHE = 0x00030000;
    private static final int STATUS_R3000 = 0xf27fff3f;
    private static final int PRID_161 = 0xa1;
    private static final int PRID_R3000A = 0x230;
    private static final int CONFIG0_161 = 0x800083f3;
    private static final int CONFIG1_161 = 0x7e1b0d80;

    /** {@link #matchAt()} while COMPARE has never been written. */
    public static final long NEVER = Long.MAX_VALUE;

    /** What a write of a register means for others. */
    public enum Effect {
        NONE,
        /** No such register: the instruction is reserved. */
        RESERVED,
        /** The address space changed: mapped translations are stale. */
        ADDRESS_SPACE,
        /** The timer was set. */
        HORIZON,
        /** The guest used R3000 cache control on a processor without it. */
        CACHE_MISUSE
    }

    private final Cpu cpu;
    private final Tlb tlb;
    private final CpuModel model;

    private int entryIndex;
    private int entryLo;
    private int entryHi = Tlb.resetHi(Tlb.ENTRIES);
    private int compare;

    /** COUNT = this + executed cycles. */
    private int countBase = 1;

    private long matchAt = NEVER;

    Cp0(Cpu cpu, Tlb tlb, CpuModel model) {
        this.cpu = cpu;
        this.tlb = tlb;
        this.model = model;
    }

    public int entryHi() {
        return entryHi;
    }

    public int entryLo() {
        return entryLo;
    }

    /** Executed cycle count at which COUNT meets COMPARE, {@link #NEVER} if it does not. */
    public long matchAt() {
        return matchAt;
    }

    /** COUNT has met COMPARE: it restarts from 0 and the timer line rises (sys161.md 5.4). */
    public void timerMatched() {
        countBase = (int) -cpu.cycles;
        scheduleMatch();
        cpu.setLine(Cpu.LINE_TIMER, true);
    }

    /** Whether MFC0 and MTC0 know this register. */
    public boolean exists(int register, int select) {
        if (model == CpuModel.R3000A) {
            return register <= R_EPC + 1 && register != R_COUNT && register != R_COMPARE;
        }
        return switch (register) {
            case R_INDEX, R_RANDOM, R_ENTRYLO, R_CONTEXT, R_BADVADDR, R_COUNT -> select == 0;
            case R_ENTRYHI, R_COMPARE, R_STATUS, R_CAUSE, R_EPC -> select == 0;
            case R_PRID -> select <= 2;
            case R_CONFIG -> select <= 1;
            default -> false;
        };
    }

    /** Value of an existing register. */
    public int read(int register, int select) {
        return read(register, select, 0);
    }

    /**
     * Value of an existing register.
     *
     * @param ahead steps of the CPU that its {@code cycles} do not count yet
     */
    int read(int register, int select, int ahead) {
        return switch (register) {
            case R_INDEX -> entryIndex;
            case R_RANDOM -> randomSlot(ahead) << SLOT_SHIFT;
            case R_ENTRYLO -> entryLo;
            case R_CONTEXT -> cpu.context;
            case R_BADVADDR -> cpu.badVaddr;
            case R_COUNT -> (int) (countBase + cpu.cycles) + ahead;
            case R_ENTRYHI -> entryHi;
            case R_COMPARE -> compare;
            case R_STATUS -> cpu.status;
            case R_CAUSE -> cpu.cause();
            case R_EPC -> cpu.epc;
            case R_PRID -> prid(select);
            case R_CONFIG -> select == 0 ? CONFIG0_161 : CONFIG1_161;
            default -> 0;
        };
    }

    /** Writes a register; read-only ones ignore it. Who is not the CPU drops stale maps himself. */
    public Effect write(int register, int select, int value) {
        if (!exists(register, select)) {
            return Effect.RESERVED;
        }
        switch (register) {
            case R_INDEX -> entryIndex = value & (INDEX_P | INDEX_SLOT);
            case R_ENTRYLO -> entryLo = value & Tlb.LO_BITS;
            case R_CONTEXT -> cpu.context = value;
            case R_BADVADDR -> cpu.badVaddr = value;
            case R_COUNT -> {
                setCount(value);
                return Effect.HORIZON;
            }
            case R_ENTRYHI -> {
                int before = entryHi;
                entryHi = value & Tlb.HI_BITS;
                return ((before ^ entryHi) & Tlb.HI_ASID) != 0 ? Effect.ADDRESS_SPACE : Effect.NONE;
            }
            case R_COMPARE -> {
                setCompare(value);
                return Effect.HORIZON;
            }
            case R_STATUS -> {
                return setStatus(value);
            }
            case R_CAUSE -> cpu.setSoftwareInterrupts(value);
            default -> {}
        }
        return Effect.NONE;
    }

    /**
     * Whether {@link #write} of this value concerns the CPU and its maps only: it has no effect but
     * {@link Effect#ADDRESS_SPACE}, and leaves mode, isolation and due interrupts as they are.
     */
    boolean writeIsLocal(int register, int select, int value) {
        return switch (register) {
            case R_STATUS -> exists(register, select) && statusIsLocal(value);
            case R_CAUSE, R_COUNT, R_COMPARE -> false;
            default -> exists(register, select);
        };
    }

    private boolean statusIsLocal(int value) {
        int mode = Cpu.STATUS_KUC | Cpu.STATUS_ISC;
        return ((cpu.status ^ value) & mode) == 0
                && (model == CpuModel.R3000A || (value & STATUS_161_CACHE) == 0)
                && !cpu.interruptDue(value);
    }

    /** TLBP: INDEX names the entry matching EntryHi, or has P set. */
    void probe() {
        int found = tlb.find(entryHi, entryHi);
        entryIndex = found < 0 ? entryIndex | INDEX_P : found << SLOT_SHIFT;
    }

    /** TLBR: EntryHi and EntryLo become entry INDEX. Says whether the ASID changed. */
    boolean readEntry() {
        int before = entryHi;
        int slot = indexSlot();
        entryHi = tlb.hi(slot);
        entryLo = tlb.lo(slot);
        return ((before ^ entryHi) & Tlb.HI_ASID) != 0;
    }

    /** TLBWI, TLBWR: entry {@code slot} becomes EntryHi and EntryLo. */
    void writeEntry(int slot) {
        tlb.set(slot, entryHi, entryLo);
    }

    /** The entry TLBWI writes. */
    public int indexSlot() {
        return (entryIndex & INDEX_SLOT) >>> SLOT_SHIFT;
    }

    /** The entry TLBWR writes: never one of the first eight. */
    int randomSlot(int ahead) {
        int unwired = Tlb.ENTRIES - WIRED;
        long cycles = cpu.cycles + ahead;
        return model == CpuModel.R3000A
                ? Tlb.ENTRIES - 1 - (int) (cycles % unwired)
                : WIRED + (int) ((cycles + unwired - 1) % unwired);
    }

    void setEntryHiPage(int vaddr) {
        entryHi = vaddr & Tlb.HI_VPN | entryHi & Tlb.HI_ASID;
    }

    private int prid(int select) {
        if (model == CpuModel.R3000A) {
            return PRID_R3000A;
        }
        return select == 0 ? PRID_161 : 0;
    }

    /** Engines look at modes and interrupts before each step, so nobody else need be told. */
    private Effect setStatus(int value) {
        if (model == CpuModel.R3000A) {
            cpu.status = value & STATUS_R3000;
            return Effect.NONE;
        }
        cpu.status = value & STATUS_161;
        return (value & STATUS_161_CACHE) != 0 ? Effect.CACHE_MISUSE : Effect.NONE;
    }

    private void setCount(int value) {
        countBase = value - (int) cpu.cycles;
        if (matchAt != NEVER) {
            scheduleMatch();
        }
    }

    private void setCompare(int value) {
        compare = value;
        cpu.setLine(Cpu.LINE_TIMER, false);
        int count = (int) (countBase + cpu.cycles);
        if (Integer.compareUnsigned(count, value) > 0) {
            countBase = (int) -cpu.cycles;
        }
        scheduleMatch();
    }

    /** COUNT advances after the present step, and is compared then (sys161.md 5.4). */
    private void scheduleMatch() {
        long next = cpu.cycles + 1;
        matchAt = next + (compare - (countBase + next) & 0xffffffffL);
    }

    void save(StateWriter out) {
        out.putInt(entryIndex);
        out.putInt(entryLo);
        out.putInt(entryHi);
        out.putInt(compare);
        out.putInt(countBase);
        out.putLong(matchAt);
    }

    void restore(StateReader in) {
        entryIndex = in.getInt();
        entryLo = in.getInt();
        entryHi = in.getInt();
        compare = in.getInt();
        countBase = in.getInt();
        matchAt = in.getLong();
    }
}
