package kseg.cpu;

import kseg.bus.Misuse;
import kseg.isa.Decoder;
import kseg.isa.Fields;
import kseg.isa.Insn;
import kseg.isa.Semantics;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;

/**
 * One CPU as System/161 2.0.8 runs it, a cycle at a time: for strict mode, where every cycle and
 * every register has to agree with System/161. Slow, and no {@link kseg.engine.Engine}: those keep
 * the architecture. What instructions compute is the same ({@link Semantics}).
 *
 * <p>Besides what {@link StrictPipeline} tells: $0 is an ordinary register; only a branch that is
 * taken has a delay slot, and one in a slot counts from the first one's target; HI and LO are busy
 * for a cycle after each use; loads and stores of less than a word are made of word accesses.
 */
public final class StrictProcessor {
    private static final int DECODED = 1 << 12;
    private static final int REG_RA = 31;
    private static final int CACHE_HIT = 4;

    private final Cpu cpu;
    private final StrictPipeline pipeline;
    private final StrictSystem system;
    private final Decoder decoder;

    // Instructions decoded lately, found by their words.
    private final int[] words = new int[DECODED];
    private final Insn[] insns = new Insn[DECODED];

    public StrictProcessor(Cpu cpu, Mmu mmu, Misuse misuse) {
        this.cpu = cpu;
        pipeline = new StrictPipeline(cpu, mmu);
        system = new StrictSystem(cpu, pipeline, misuse);
        decoder = Decoder.of(cpu.model());
    }

    /** Lets somebody watch from here on. */
    public void watch(StrictObserver observer) {
        pipeline.watch(observer);
    }

    /** Tells that the CPU was given a place to start at. */
    public void placed() {
        pipeline.placed();
    }

    /** Whether it ever was. */
    public boolean isPlaced() {
        return pipeline.isPlaced();
    }

    /** One cycle of a running CPU: at most one instruction, and an interrupt accepted before it. */
    public void cycle() {
        begin();
        if (cpu.interruptDue()) {
            interrupt();
        }
        attempt();
    }

    /** The first part of {@link #cycle}, for those who watch it. */
    public void begin() {
        pipeline.begin();
    }

    /** The second part: accepts an interrupt that is due. */
    public void interrupt() {
        pipeline.interrupt();
    }

    /** The last part: attempts an instruction. */
    public void attempt() {
        boolean user = cpu.userMode();
        int next = cpu.npc;
        int word = pipeline.fetch();
        if (pipeline.advance(word)) {
            Insn insn = decode(word);
            StrictObserver observer = pipeline.observer();
            observer.executes(pipeline.exceptionPc(), insn, word);
            execute(insn, word);
            observer.executed();
            pipeline.end();
        } // else neither COUNT nor RANDOM advance
        cpu.counters().count(user, 1, cpu.pc == next ? 1 : 0);
    }

    private Insn decode(int word) {
        int at = (word ^ word >>> 12 ^ word >>> 20) & DECODED - 1;
        Insn insn = insns[at];
        if (insn == null || words[at] != word) {
            insn = decoder.decode(word);
            insns[at] = insn;
            words[at] = word;
        }
        return insn;
    }

    private void execute(Insn insn, int word) {
        int[] r = cpu.gpr;
        int rs = r[Fields.rs(word)];
        int rt = r[Fields.rt(word)];
        switch (insn) {
            case ADD -> put3(word, Semantics.add(rs, rt), Semantics.addOverflows(rs, rt));
            case ADDU -> r[Fields.rd(word)] = Semantics.addu(rs, rt);
            case SUB -> put3(word, Semantics.sub(rs, rt), Semantics.subOverflows(rs, rt));
            case SUBU -> r[Fields.rd(word)] = Semantics.subu(rs, rt);
            case AND -> r[Fields.rd(word)] = Semantics.and(rs, rt);
            case OR -> r[Fields.rd(word)] = Semantics.or(rs, rt);
            case XOR -> r[Fields.rd(word)] = Semantics.xor(rs, rt);
            case NOR -> r[Fields.rd(word)] = Semantics.nor(rs, rt);
            case SLT -> r[Fields.rd(word)] = Semantics.slt(rs, rt);
            case SLTU -> r[Fields.rd(word)] = Semantics.sltu(rs, rt);
            case SLL -> r[Fields.rd(word)] = Semantics.sll(rt, Fields.sa(word));
            case SRL -> r[Fields.rd(word)] = Semantics.srl(rt, Fields.sa(word));
            case SRA -> r[Fields.rd(word)] = Semantics.sra(rt, Fields.sa(word));
            case SLLV -> r[Fields.rd(word)] = Semantics.sllv(rt, rs);
            case SRLV -> r[Fields.rd(word)] = Semantics.srlv(rt, rs);
            case SRAV -> r[Fields.rd(word)] = Semantics.srav(rt, rs);
            case ADDI -> addi(word, rs);
            case ADDIU -> r[Fields.rt(word)] = Semantics.addiu(rs, Fields.simm(word));
            case SLTI -> r[Fields.rt(word)] = Semantics.slti(rs, Fields.simm(word));
            case SLTIU -> r[Fields.rt(word)] = Semantics.sltiu(rs, Fields.simm(word));
            case ANDI -> r[Fields.rt(word)] = Semantics.andi(rs, Fields.zimm(word));
            case ORI -> r[Fields.rt(word)] = Semantics.ori(rs, Fields.zimm(word));
            case XORI -> r[Fields.rt(word)] = Semantics.xori(rs, Fields.zimm(word));
            case LUI -> r[Fields.rt(word)] = Semantics.lui(Fields.zimm(word));
            case J -> pipeline.branch(jumpTarget(word));
            case JAL -> link(REG_RA, jumpTarget(word));
            case JR -> pipeline.branch(rs);
            case JALR -> {
                r[Fields.rd(word)] = cpu.npc;
                pipeline.branch(r[Fields.rs(word)]); // the link, if the registers are equal
            }
            case BEQ -> branchIf(Semantics.beq(rs, rt), word);
            case BNE -> branchIf(Semantics.bne(rs, rt), word);
            case BLEZ -> branchIf(Semantics.blez(rs), word);
            case BGTZ -> branchIf(Semantics.bgtz(rs), word);
            case BLTZ -> branchIf(Semantics.bltz(rs), word);
            case BGEZ -> branchIf(Semantics.bgez(rs), word);
            case BLTZAL -> {
                r[REG_RA] = cpu.npc;
                branchIf(Semantics.bltzal(r[Fields.rs(word)]), word);
            }
            case BGEZAL -> {
                r[REG_RA] = cpu.npc;
                branchIf(Semantics.bgezal(r[Fields.rs(word)]), word);
            }
            case LW -> loadWord(word);
            case SW -> pipeline.store(vaddr(word), rt);
            default -> executeRarer(insn, word);
        }
    }

    private void executeRarer(Insn insn, int word) {
        switch (insn.shape()) {
            case MUL_DIV -> multiply(insn, word);
            case FROM_HILO, TO_HILO -> moveHiLo(insn, word);
            case LOAD, LOAD_MERGE -> load(insn, word);
            case STORE, STORE_MERGE -> store(insn, word);
            case LL -> loadLinked(word);
            case SC -> storeConditional(word);
            case TRAP -> pipeline.raise(insn == Insn.SYSCALL ? Exc.SYSCALL : Exc.BREAKPOINT);
            case SYNC -> cpu.counters().syncs++;
            case CACHE -> cache(word);
            case COP_MOVE, COP_OP, COP_BRANCH, COP_LOAD_STORE -> {
                boolean usable = Fields.cop(word) == 0 && !cpu.userMode();
                if (usable) {
                    system.execute(insn, word);
                } else {
                    pipeline.raiseUnusable(Fields.cop(word));
                }
            }
            default -> pipeline.raise(Exc.RI);
        }
    }

    private void put3(int word, int result, boolean overflows) {
        if (overflows) {
            pipeline.raise(Exc.OV);
        } else {
            cpu.gpr[Fields.rd(word)] = result;
        }
    }

    private void addi(int word, int rs) {
        int immediate = Fields.simm(word);
        if (Semantics.addiOverflows(rs, immediate)) {
            pipeline.raise(Exc.OV);
        } else {
            cpu.gpr[Fields.rt(word)] = Semantics.addi(rs, immediate);
        }
    }

    // Branches. The pipeline has moved on: cpu.pc is the delay slot, or where a branch in a slot
    // comes from leads.

    private int jumpTarget(int word) {
        return Fields.jumpTarget(cpu.pc - 4, word);
    }

    private void link(int register, int target) {
        cpu.gpr[register] = cpu.npc;
        pipeline.branch(target);
    }

    private void branchIf(boolean taken, int word) {
        if (taken) {
            pipeline.branch(Fields.branchTarget(cpu.pc - 4, word));
        }
    }

    // HI and LO

    private void multiply(Insn insn, int word) {
        if (pipeline.hiBusy() || pipeline.loBusy()) {
            pipeline.stall();
            return;
        }
        int rs = cpu.gpr[Fields.rs(word)];
        int rt = cpu.gpr[Fields.rt(word)];
        long hiLo =
                switch (insn) {
                    case MULT -> Semantics.mult(rs, rt);
                    case MULTU -> Semantics.multu(rs, rt);
                    case DIV -> Semantics.div(rs, rt);
                    default -> Semantics.divu(rs, rt);
                };
        cpu.gpr[Cpu.HI] = (int) (hiLo >>> 32);
        cpu.gpr[Cpu.LO] = (int) hiLo;
        pipeline.useHi();
        pipeline.useLo();
    }

    private void moveHiLo(Insn insn, int word) {
        boolean hi = insn == Insn.MFHI || insn == Insn.MTHI;
        if (hi ? pipeline.hiBusy() : pipeline.loBusy()) {
            pipeline.stall();
            return;
        }
        int register = hi ? Cpu.HI : Cpu.LO;
        if (insn == Insn.MFHI || insn == Insn.MFLO) {
            cpu.gpr[Fields.rd(word)] = cpu.gpr[register];
        } else {
            cpu.gpr[register] = cpu.gpr[Fields.rs(word)];
        }
        if (hi) {
            pipeline.useHi();
        } else {
            pipeline.useLo();
        }
    }

    // Memory

    private int vaddr(int word) {
        return cpu.gpr[Fields.rs(word)] + Fields.simm(word);
    }

    private void loadWord(int word) {
        long datum = pipeline.load(vaddr(word), false);
        if (datum >= 0) {
            cpu.gpr[Fields.rt(word)] = (int) datum;
        }
    }

    /** LH and its like keep bit 0 of the address, so that an odd one faults, but not bit 1. */
    private static int wordAround(Insn insn, int vaddr) {
        return switch (insn) {
            case LH, LHU, SH -> vaddr & ~2;
            default -> vaddr & ~3;
        };
    }

    private void load(Insn insn, int word) {
        int vaddr = vaddr(word);
        long datum = pipeline.load(wordAround(insn, vaddr), false);
        if (datum < 0) {
            return;
        }
        int raw = (int) datum;
        int rt = Fields.rt(word);
        int[] r = cpu.gpr;
        int octet = raw >>> (~vaddr << 3);
        int half = raw >>> (~vaddr << 3 & 16);
        r[rt] =
                switch (insn) {
                    case LB -> Semantics.lb(octet);
                    case LBU -> Semantics.lbu(octet);
                    case LH -> Semantics.lh(half);
                    case LHU -> Semantics.lhu(half);
                    case LWL -> Semantics.lwlBig(r[rt], raw, vaddr);
                    default -> Semantics.lwrBig(r[rt], raw, vaddr);
                };
    }

    private void store(Insn insn, int word) {
        int vaddr = vaddr(word);
        int around = wordAround(insn, vaddr);
        long datum = pipeline.load(around, true);
        if (datum < 0) {
            return;
        }
        int raw = (int) datum;
        int rt = cpu.gpr[Fields.rt(word)];
        int merged =
                switch (insn) {
                    case SB -> merge(raw, rt, 0xff, ~vaddr << 3 & 24);
                    case SH -> merge(raw, rt, 0xffff, ~vaddr << 3 & 16);
                    case SWL -> Semantics.swlBig(rt, raw, vaddr);
                    default -> Semantics.swrBig(rt, raw, vaddr);
                };
        pipeline.store(around, merged);
    }

    private static int merge(int word, int part, int mask, int shift) {
        return word & ~(mask << shift) | (part & mask) << shift;
    }

    private void loadLinked(int word) {
        int vaddr = vaddr(word);
        long datum = pipeline.load(vaddr, false);
        if (datum >= 0) {
            cpu.gpr[Fields.rt(word)] = (int) datum;
            cpu.counters().loadLinked++;
            cpu.llActive = true;
            cpu.llVaddr = vaddr;
            cpu.llValue = (int) datum;
        }
    }

    private void storeConditional(int word) {
        int vaddr = vaddr(word);
        boolean stored = false;
        if (cpu.llActive && cpu.llVaddr == vaddr) {
            long datum = pipeline.load(vaddr, true);
            if (datum < 0) {
                return;
            }
            if ((int) datum == cpu.llValue) {
                if (!pipeline.store(vaddr, cpu.gpr[Fields.rt(word)])) {
                    return;
                }
                stored = true;
            }
        }
        if (stored) {
            cpu.counters().storeConditionalOk++;
        } else {
            cpu.counters().storeConditionalFailed++;
        }
        cpu.gpr[Fields.rt(word)] = stored ? 1 : 0;
    }

    /** Operations 4 to 7, of three bits, translate their address. */
    private void cache(int word) {
        if (cpu.userMode()) {
            pipeline.raiseUnusable(0);
        } else if ((Fields.rt(word) & CACHE_HIT) != 0) {
            pipeline.translate(vaddr(word), false);
        }
    }

    public void save(StateWriter out) {
        pipeline.save(out);
    }

    public void restore(StateReader in) {
        pipeline.restore(in);
    }
}
