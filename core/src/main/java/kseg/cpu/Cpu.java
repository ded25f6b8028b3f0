package kseg.cpu;

import java.util.Arrays;
import kseg.isa.CpuModel;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;

/**
 * The state of one processor between two steps.
 *
 * <p>A step is one attempt at an instruction, ending in retirement or in exception entry; either
 * costs one cycle. {@code pc} is the instruction of the next step, {@code npc} the one after it,
 * and {@code inSlot} says that {@code pc} is a branch's delay slot. Engines keep the public fields
 * in locals while they run and write them back before anything else looks.
 *
 * <p>A branch in another branch's delay slot (UNPREDICTABLE in the architecture) executes like any
 * other: its own delay slot is the instruction at the first branch's target.
 */
public final class Cpu {
    /** Indices in {@link #gpr} past $31: where results for $0 go, and the multiply registers. */
    public static final int SINK = 32;

    public static final int HI = 33;
    public static final int LO = 34;
    private static final int REGISTERS = 35;

    /** A power of two, so that an engine's masked index proves itself in range. */
    private static final int GPR_LENGTH = 64;

    /** Status bits: current, previous and old interrupt enable and user mode; masks; vectors. */
    public static final int STATUS_IEC = 0x1;

    public static final int STATUS_KUC = 0x2;
    private static final int STATUS_STACK = 0x3f;
    private static final int STATUS_IM = 0xff00;
    static final int STATUS_ISC = 0x10000;
    private static final int STATUS_BEV = 0x400000;

    /** Interrupt lines, as bits of Cause. System/161: IP2 LAMEbus, IP3 processor, IP7 timer. */
    public static final int LINE_LAMEBUS = 0x400;

    public static final int LINE_IPI = 0x800;
    public static final int LINE_TIMER = 0x8000;

    private static final int CAUSE_BD = 0x80000000;
    private static final int CAUSE_CE_SHIFT = 28;
    private static final int CAUSE_SOFTWARE = 0x300;
    private static final int CAUSE_EXCEPTION = 0xb000007c;

    private static final int VECTOR_REFILL = 0x80000000;
    private static final int VECTOR_GENERAL = 0x80000080;
    private static final int VECTOR_REFILL_BOOT = 0xbfc00100;
    private static final int VECTOR_GENERAL_BOOT = 0xbfc00180;

    private final int index;
    private final CpuModel model;
    private final boolean littleEndian;
    private final Tlb tlb = new Tlb();
    private final Cp0 cp0;

    // hot: the engines' working state.
    /** $0 to $31, the sink, HI and LO. $0 is never written. */
    public final int[] gpr = new int[GPR_LENGTH];

    public int pc;
    public int npc;
    public boolean inSlot;

    /** Steps executed since reset; COUNT and RANDOM derive from it. */
    public long cycles;

    /** Engines return when {@link #cycles} reaches this; whatever moves the horizon lowers it. */
    public long stopAt;

    // The machine's schedule (kseg.machine): guest-visible, because it decides interleaving.
    /** Machine time, in CPU cycles since power-on, at which the next step starts. */
    public long clock;

    /** Where the present slice of several CPUs' turns ends, on {@link #clock}. */
    public long sliceEnd;

    public boolean enabled;
    public boolean waiting;

    /** An access to a device is allowed while {@link #clock} is at most this. */
    public long deviceUntil;

    /** The next instruction needs a device, but other CPUs are behind. */
    public boolean deviceBlocked;

    /**
     * An exception has led into the boot ROM, which has no handlers and no way out. For the machine
     * to see and to clear; follows from what the CPU has done, so it is not saved.
     */
    public boolean lost;

    // Load linked: the address and value remembered (sys161.md 5.2).
    boolean llActive;
    int llVaddr;
    int llValue;

    /** What has been executed, by mode; index 1 is user mode. */
    private final CpuCounters counters = new CpuCounters();

    int status = STATUS_BEV;
    int cause;
    int epc;
    int badVaddr;
    int context;

    /** Raised interrupt lines, as bits of Cause. */
    private int lines;

    /** {@link #cycles} when the latest interrupt was accepted; no state of the machine. */
    private long acceptedAt = -1;

    public Cpu(int index, CpuModel model, boolean littleEndian) {
        this.index = index;
        this.model = model;
        this.littleEndian = littleEndian;
        cp0 = new Cp0(this, tlb, model);
    }

    public int index() {
        return index;
    }

    public CpuModel model() {
        return model;
    }

    /** Byte order of memory accesses; System/161 is big-endian, a DECstation little-endian. */
    public boolean littleEndian() {
        return littleEndian;
    }

    public Tlb tlb() {
        return tlb;
    }

    public Cp0 cp0() {
        return cp0;
    }

    public CpuCounters counters() {
        return counters;
    }

    /** Whether the CPU takes part in time: enabled and not in WAIT. */
    public boolean running() {
        return enabled && !waiting;
    }

    public boolean userMode() {
        return (status & STATUS_KUC) != 0;
    }

    /** R3000A: loads and stores reach the data cache only (Status.IsC). */
    public boolean cacheIsolated() {
        return (status & STATUS_ISC) != 0;
    }

    /** Starts at {@code entry}, in whatever mode the registers are in. */
    public void start(int entry) {
        pc = entry;
        npc = entry + 4;
        inSlot = false;
        enabled = true;
        waiting = false;
    }

    /** Raises or lowers an interrupt line, one of the LINE constants. */
    public void setLine(int line, boolean raised) {
        lines = raised ? lines | line : lines & ~line;
    }

    public boolean lineRaised(int line) {
        return (lines & line) != 0;
    }

    /** Whether WAIT would fall through: a line is up, masked or not (sys161.md 5.1). */
    boolean wakeLineRaised() {
        return (lines & (LINE_LAMEBUS | LINE_IPI | LINE_TIMER)) != 0;
    }

    /** Whether an interrupt is to be taken before the next step. */
    public boolean interruptDue() {
        return interruptDue(status);
    }

    /** Whether an interrupt would be taken with this value of Status. */
    boolean interruptDue(int status) {
        return (status & STATUS_IEC) != 0
                && (status & (lines | cause & CAUSE_SOFTWARE) & STATUS_IM) != 0;
    }

    /** Enters the interrupt handler; the handler's first step is the next one. Takes no time. */
    public void takeInterrupt() {
        counters.interrupts++;
        acceptedAt = cycles;
        enter(Exc.INTERRUPT, 0, VECTOR_GENERAL, VECTOR_GENERAL_BOOT);
    }

    /** Whether the next step is the first of a handler whose interrupt has just been accepted. */
    public boolean hasAccepted() {
        return acceptedAt == cycles;
    }

    /** The value of Cause. */
    int cause() {
        return cause & (CAUSE_EXCEPTION | CAUSE_SOFTWARE) | lines;
    }

    void setSoftwareInterrupts(int value) {
        cause = cause & ~CAUSE_SOFTWARE | value & CAUSE_SOFTWARE;
    }

    /** Ends the present step in an exception without an address. */
    void raise(Exc exc) {
        raise(exc, 0, 0, false);
    }

    /** Ends the present step because a coprocessor is unusable. */
    void raiseUnusable(int coprocessor) {
        raise(Exc.CPU, coprocessor, 0, false);
    }

    /** Ends the present step because of an address; {@code refill}: no TLB entry in kuseg. */
    void raiseAt(Exc exc, int vaddr, boolean refill) {
        raise(exc, 0, vaddr, refill);
    }

    private void raise(Exc exc, int coprocessor, int vaddr, boolean refill) {
        counters.exceptions++;
        counters.count(userMode(), 1, 0);
        cycles++;
        clock++;
        if (exc.hasAddress()) {
            badVaddr = vaddr;
            if (exc.fromTlb()) {
                setContextPage(vaddr);
                cp0.setEntryHiPage(vaddr);
            }
        }
        enter(exc, coprocessor, refill);
    }

    /** Enters the handler of an exception of the present instruction. */
    void enter(Exc exc, int coprocessor, boolean refill) {
        if (refill) {
            enter(exc, coprocessor, VECTOR_REFILL, VECTOR_REFILL_BOOT);
        } else {
            enter(exc, coprocessor, VECTOR_GENERAL, VECTOR_GENERAL_BOOT);
        }
        if ((status & STATUS_BEV) != 0) {
            lost = true;
            stopSoon();
        }
    }

    private void enter(Exc exc, int coprocessor, int vector, int bootVector) {
        cause =
                cause & CAUSE_SOFTWARE
                        | (inSlot ? CAUSE_BD : 0)
                        | coprocessor << CAUSE_CE_SHIFT
                        | exc.code() << 2;
        epc = inSlot ? pc - 4 : pc;
        status = status & ~STATUS_STACK | (status << 2 & STATUS_STACK);
        llActive = false;
        pc = (status & STATUS_BEV) != 0 ? bootVector : vector;
        npc = pc + 4;
        inSlot = false;
    }

    void setContextPage(int vaddr) {
        context = context & 0xffe00000 | vaddr >>> 10 & 0x1ffffc;
    }

    /** RFE: pops the mode and interrupt stack; the old entry stays. */
    void popStatus() {
        status = status & ~0xf | status >>> 2 & 0xf;
    }

    /** Credits {@code count} retired steps that did not change the mode. */
    public void retired(int count) {
        cycles += count;
        clock += count;
        counters.count(userMode(), count, count);
    }

    /** Ends the present step in retirement, in the mode {@code user} it began in. */
    void retire(boolean user) {
        cycles++;
        clock++;
        counters.count(user, 1, 1);
        pc = npc;
        npc += 4;
        inSlot = false;
    }

    /** Ends the present step, a branch, in retirement. */
    void retireBranch(int target) {
        retire(userMode());
        npc = target;
        inSlot = true;
    }

    /** Makes the running engine return behind the present step: somebody else is concerned. */
    public void stopBehindStep() {
        stopAt = Math.min(stopAt, cycles + 1);
    }

    /** Makes the running engine return before the next step, so that the machine looks again. */
    public void stopSoon() {
        stopAt = cycles;
    }

    public void save(StateWriter out) {
        out.section("cpu", 1);
        gpr[SINK] = 0; // no state: nothing ever reads it, and an engine need not write it
        out.putInts(Arrays.copyOf(gpr, REGISTERS));
        out.putInt(pc);
        out.putInt(npc);
        out.putBoolean(inSlot);
        out.putLong(cycles);
        out.putLong(clock);
        out.putLong(sliceEnd);
        out.putBoolean(enabled);
        out.putBoolean(waiting);
        out.putBoolean(llActive);
        out.putInt(llVaddr);
        out.putInt(llValue);
        out.putInt(status);
        out.putInt(cause);
        out.putInt(epc);
        out.putInt(badVaddr);
        out.putInt(context);
        out.putInt(lines);
        cp0.save(out);
        tlb.save(out);
        counters.save(out);
    }

    public void restore(StateReader in) {
        in.section("cpu", 1);
        int[] registers = new int[REGISTERS];
        in.getInts(registers);
        System.arraycopy(registers, 0, gpr, 0, REGISTERS);
        pc = in.getInt();
        npc = in.getInt();
        inSlot = in.getBoolean();
        cycles = in.getLong();
        clock = in.getLong();
        sliceEnd = in.getLong();
        enabled = in.getBoolean();
        waiting = in.getBoolean();
        llActive = in.getBoolean();
        llVaddr = in.getInt();
        llValue = in.getInt();
        status = in.getInt();
        cause = in.getInt();
        epc = in.getInt();
        badVaddr = in.getInt();
        context = in.getInt();
        lines = in.getInt();
        cp0.restore(in);
        tlb.restore(in);
        counters.restore(in);
        deviceBlocked = false;
        lost = false;
        acceptedAt = -1;
    }
}
