package kseg.engine.trace;

import java.util.ArrayList;
import java.util.List;
import kseg.cpu.Cpu;
import kseg.cpu.Mmu;
import kseg.cpu.Tlb;
import kseg.isa.Decoder;
import kseg.isa.Fields;
import kseg.isa.Insn;
import kseg.isa.Shape;
import kseg.isa.Trait;
import kseg.port.TraceKind;
import org.jspecify.annotations.Nullable;

/**
 * Writes System/161's trace of what CPUs do (sys161.md section 13): instructions with operands and
 * results, jumps, the TLB, exceptions, interrupts. Strict machines have {@link StrictTracer}.
 *
 * <p>What is said of a step before it is made is held back until it has been made or hardware
 * speaks, for it may have to wait for other CPUs. Fetches are shown where System/161 makes them,
 * one step ahead, as long as they succeed; one that fails is shown when the CPU gets there.
 *
 * <p>Not thread-safe: the machine's owner.
 */
public final class Tracer implements StepObserver {
    private static final int KSEG2 = 0xc0000000;
    private static final int R_INDEX = 0;
    private static final int R_RANDOM = 1;
    private static final int SLOT_SHIFT = 8;
    private static final int LAST_BUT_ONE = 0xff8;
    private static final int PAGE_MASK = 0xfff;

    /** Something said of a step that has not been made yet. */
    private record Piece(TraceKind kind, int cpu, String text, boolean endsLine) {}

    private final TraceSwitches switches;
    private final Mmu mmu;
    private final boolean[] timerSeen;

    /** Whether a CPU's last step took a branch. */
    private final boolean[] jumped;

    private final List<Piece> held = new ArrayList<>();

    // The step under way, and whether it was seen to begin: a step may switch the trace on.
    private boolean begun;
    private long cycle;
    private TraceKind mode = TraceKind.KERNEL;
    private @Nullable Insn insn;
    private @Nullable InstructionText text;
    private int word;
    private int pc;
    private boolean user;
    private long exceptions;
    private boolean fetchMatched;
    private boolean dataMatched;
    private int tlbSlot;
    private String tlbBefore = "";
    private boolean timerWasUp;

    public Tracer(TraceSwitches switches, Mmu mmu, int cpus) {
        this.switches = switches;
        this.mmu = mmu;
        timerSeen = new boolean[cpus];
        jumped = new boolean[cpus];
        switches.beforeHardware(this::release);
    }

    @Override
    public void beforeInterrupt(Cpu cpu) {
        if (!switches.stepwise()) {
            return;
        }
        cycle = switches.cycle();
        timer(cpu);
        if (switches.on(TraceKind.INTERRUPT)) {
            String sources = ExceptionText.sources(cpu, " ", false);
            say(cpu, TraceKind.INTERRUPT, "Taking interrupt:" + sources, true);
        }
        text = null;
    }

    @Override
    public void afterInterrupt(Cpu cpu) {
        if (!switches.stepwise()) {
            return;
        }
        String sources = ExceptionText.sources(cpu, ", ", true);
        say(cpu, TraceKind.EXCEPTION, () -> ExceptionText.entered(cpu, sources));
    }

    @Override
    public void before(Cpu cpu) {
        begun = switches.stepwise();
        if (!begun) {
            return;
        }
        cycle = switches.cycle();
        timer(cpu);
        user = cpu.userMode();
        mode = user ? TraceKind.USER : TraceKind.KERNEL;
        pc = cpu.pc;
        exceptions = cpu.counters().exceptions();
        timerWasUp = cpu.lineRaised(Cpu.LINE_TIMER);
        insn = null;
        text = null;
        long paddr = mmu.translate(cpu, pc, false, 3);
        if (paddr < 0) {
            fetchMatched = mapped(pc) && TlbText.matches(cpu, pc);
            lookup(cpu, pc, false);
            return;
        }
        if (mmu.isMemory(paddr)) {
            word = mmu.memory().word((int) paddr);
            if (cpu.littleEndian()) {
                word = Integer.reverseBytes(word);
            }
            begin(cpu);
        }
    }

    private void begin(Cpu cpu) {
        Insn decoded = Decoder.of(cpu.model()).decode(word);
        InstructionText shown = new InstructionText(decoded, word, cpu);
        insn = decoded;
        text = shown;
        if ((pc & PAGE_MASK) == LAST_BUT_ONE) {
            ahead(cpu, pc + 8);
        }
        if (switches.on(mode)) {
            // An instruction in the slot of a branch that is taken is shown at the branch.
            boolean slot = cpu.inSlot && jumped[cpu.index()];
            hold(mode, cpu, "at %08x: ".formatted(slot ? pc - 4 : pc), false);
            if (!shown.isSilent(user)) {
                hold(mode, cpu, shown.before(), shown.isWhole());
            }
        }
        dataMatched = false;
        if (accessesMemory(decoded.shape())) {
            access(cpu, decoded, shown.vaddr());
        }
        switch (decoded) {
            case TLBWI -> writes(cpu, slotIn(cpu, R_INDEX));
            case TLBWR -> writes(cpu, slotIn(cpu, R_RANDOM));
            case TLBR -> tlbSlot = slotIn(cpu, R_INDEX);
            default -> {}
        }
    }

    private static int slotIn(Cpu cpu, int register) {
        return cpu.cp0().read(register, 0) >>> SLOT_SHIFT & Tlb.ENTRIES - 1;
    }

    private void writes(Cpu cpu, int slot) {
        tlbSlot = slot;
        tlbBefore = TlbText.slot(cpu, slot);
    }

    /** SC's accesses are known when it has been made. */
    private static boolean accessesMemory(Shape shape) {
        return switch (shape) {
            case LOAD, LOAD_MERGE, LL, STORE, STORE_MERGE -> true;
            default -> false;
        };
    }

    /** The lookups of a load or store: stores of less than a word read the word first. */
    private void access(Cpu cpu, Insn decoded, int vaddr) {
        boolean store = decoded.has(Trait.STORES);
        boolean merge = decoded.shape() == Shape.LOAD_MERGE || decoded.shape() == Shape.STORE_MERGE;
        int alignment = decoded.has(Trait.HALF) ? 1 : decoded.has(Trait.BYTE) || merge ? 0 : 3;
        if ((vaddr & alignment) != 0 || !mapped(vaddr) || vaddr < 0 && user) {
            return;
        }
        dataMatched = TlbText.matches(cpu, vaddr);
        lookup(cpu, vaddr, store);
        boolean twice = store && alignment != 3;
        if (twice && TlbText.allows(cpu, vaddr, true)) {
            lookup(cpu, vaddr, true);
        }
    }

    @Override
    public void blocked(Cpu cpu) {
        held.clear();
    }

    @Override
    public void after(Cpu cpu) {
        release(); // also of the step that switches the trace off
        if (!begun || !switches.stepwise()) {
            return;
        }
        boolean excepted = cpu.counters().exceptions() != exceptions;
        Insn done = insn;
        InstructionText shown = text;
        jumped[cpu.index()] = false;
        if (done != null && !excepted) {
            effects(cpu, done);
        }
        if (excepted) {
            boolean matched = done == null ? fetchMatched : dataMatched;
            String supplement = ExceptionText.supplement(cpu, done, word, user, matched);
            say(cpu, TraceKind.EXCEPTION, () -> ExceptionText.entered(cpu, supplement));
        }
        if (done == null || shown == null) {
            return;
        }
        if (switches.on(mode) && !shown.isSilent(user)) {
            String result = shown.after(cpu, excepted);
            if (!result.isEmpty()) {
                switches.piece(mode, cycle, cpu.index(), result, true);
            }
        }
        if (!excepted && shown.taken()) {
            jumped[cpu.index()] = true;
            int target = cpu.npc;
            say(cpu, TraceKind.JUMP, () -> "jump: %x -> %x".formatted(pc, target));
            if (!isRfe(cpu)) {
                ahead(cpu, target);
            }
            release();
        }
    }

    /** What instructions of coprocessor 0, and SC, have done. */
    private void effects(Cpu cpu, Insn done) {
        switch (done) {
            case TLBWI, TLBWR ->
                    say(
                            cpu,
                            TraceKind.TLB,
                            () ->
                                    TlbText.written(
                                            done, tlbSlot, tlbBefore, TlbText.slot(cpu, tlbSlot)));
            case TLBR -> say(cpu, TraceKind.TLB, () -> TlbText.read(cpu, tlbSlot));
            case TLBP -> say(cpu, TraceKind.TLB, () -> TlbText.probed(cpu));
            case RFE -> {
                say(cpu, TraceKind.EXCEPTION, () -> ExceptionText.left(cpu));
                ahead(cpu, cpu.pc);
                ahead(cpu, cpu.npc);
                release();
            }
            case SC -> {
                InstructionText shown = text;
                if (shown != null && cpu.gpr[Fields.rt(word)] != 0 && mapped(shown.vaddr())) {
                    lookup(cpu, shown.vaddr(), true);
                    lookup(cpu, shown.vaddr(), true);
                    release();
                }
            }
            case MTC0 -> {
                if (timerWasUp && !cpu.lineRaised(Cpu.LINE_TIMER)) {
                    timerSeen[cpu.index()] = false;
                    say(cpu, TraceKind.INTERRUPT, () -> "Timer irq OFF");
                }
            }
            default -> {}
        }
    }

    /** Whether the instruction in the slot returns from an exception, and so fetches itself. */
    private boolean isRfe(Cpu cpu) {
        long paddr = mmu.translate(cpu, cpu.pc, false, 3);
        return paddr >= 0
                && mmu.isMemory(paddr)
                && mmu.memory().word((int) paddr) == Insn.RFE.match();
    }

    /** A fetch that will succeed is shown where System/161 makes it. */
    private void ahead(Cpu cpu, int vaddr) {
        boolean allowed = (vaddr & 3) == 0 && mapped(vaddr) && (vaddr >= 0 || !cpu.userMode());
        if (allowed && TlbText.allows(cpu, vaddr, false)) {
            lookup(cpu, vaddr, false);
        }
    }

    private void lookup(Cpu cpu, int vaddr, boolean store) {
        boolean forbidden = vaddr < 0 && cpu.userMode();
        if (switches.on(TraceKind.TLB) && mapped(vaddr) && !forbidden) {
            hold(TraceKind.TLB, cpu, TlbText.lookup(cpu, vaddr, store), true);
        }
    }

    /** Whether the TLB translates an address: kuseg and kseg2. */
    private static boolean mapped(int vaddr) {
        return vaddr >= KSEG2; // signed
    }

    private void timer(Cpu cpu) {
        boolean up = cpu.lineRaised(Cpu.LINE_TIMER);
        if (up && !timerSeen[cpu.index()]) {
            say(cpu, TraceKind.INTERRUPT, () -> "Timer irq ON");
        }
        timerSeen[cpu.index()] = up;
    }

    private interface Text {
        String get();
    }

    private void say(Cpu cpu, TraceKind kind, Text line) {
        if (switches.on(kind)) {
            say(cpu, kind, line.get(), true);
        }
    }

    private void say(Cpu cpu, TraceKind kind, String line, boolean endsLine) {
        release();
        switches.piece(kind, cycle, cpu.index(), line, endsLine);
    }

    private void hold(TraceKind kind, Cpu cpu, String piece, boolean endsLine) {
        held.add(new Piece(kind, cpu.index(), piece, endsLine));
    }

    private void release() {
        for (Piece piece : held) {
            switches.piece(piece.kind(), cycle, piece.cpu(), piece.text(), piece.endsLine());
        }
        held.clear();
    }
}
