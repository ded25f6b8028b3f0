package kseg.engine.trace;

import kseg.cpu.Cpu;
import kseg.cpu.StrictObserver;
import kseg.isa.Insn;
import kseg.port.TraceKind;
import org.jspecify.annotations.Nullable;

/**
 * Writes System/161's trace of what a CPU of a strict machine does, each word at the moment at
 * which System/161 2.0.8 says it: fetches are looked up a step before they are made, and an
 * instruction that waits for HI or LO begins its line again.
 *
 * <p>Not thread-safe: the machine's owner.
 */
public final class StrictTracer implements StrictObserver {
    private final TraceSwitches switches;
    private final Cpu cpu;

    // The instruction being executed; null before it is fetched.
    private @Nullable Insn insn;
    private @Nullable InstructionText text;
    private int word;
    private boolean user;
    private boolean excepted;
    private boolean stalled;
    private boolean jumped;
    private boolean misplaced;
    private boolean timerWasUp;

    /** Whether the address looked up last is in the TLB. */
    private boolean matched;

    public StrictTracer(TraceSwitches switches, Cpu cpu) {
        this.switches = switches;
        this.cpu = cpu;
    }

    @Override
    public void interrupts() {
        if (switches.on(TraceKind.INTERRUPT)) {
            String sources = ExceptionText.sources(cpu, " ", false);
            line(TraceKind.INTERRUPT, "Taking interrupt:" + sources);
        }
    }

    @Override
    public void looksUp(int vaddr, boolean store) {
        if (switches.on(TraceKind.TLB)) {
            line(TraceKind.TLB, TlbText.lookup(cpu, vaddr, store));
        }
        if (switches.on(TraceKind.EXCEPTION)) {
            matched = TlbText.matches(cpu, vaddr);
        }
    }

    @Override
    public void entered() {
        excepted = true;
        if (switches.on(TraceKind.EXCEPTION)) {
            String supplement =
                    ExceptionText.supplement(cpu, misplaced ? null : insn, word, user, matched);
            line(TraceKind.EXCEPTION, ExceptionText.entered(cpu, supplement));
        }
    }

    @Override
    public void executes(int address, Insn fetched, int itsWord) {
        if (!switches.stepwise()) {
            return;
        }
        insn = fetched;
        word = itsWord;
        user = cpu.userMode();
        excepted = false;
        stalled = false;
        jumped = false;
        timerWasUp = cpu.lineRaised(Cpu.LINE_TIMER);
        text = null;
        if (switches.on(mode())) {
            piece("at %08x: ".formatted(address), false);
            InstructionText shown = new InstructionText(fetched, itsWord, cpu);
            if (!shown.isSilent(user)) {
                text = shown;
                piece(shown.before(), shown.isWhole());
            }
        }
    }

    @Override
    public void stalls() {
        stalled = true;
    }

    @Override
    public void jumps(int from, int target) {
        jumped = true;
        branches(true);
        if (switches.on(TraceKind.JUMP)) {
            line(TraceKind.JUMP, "jump: %x -> %x".formatted(from, target));
        }
        misplaced = (target & 3) != 0;
    }

    /** Says of a branch that has a condition whether it was true. */
    private void branches(boolean taken) {
        if (text != null && insn != null) {
            switch (insn.shape()) {
                case BRANCH1, BRANCH2 -> piece(taken ? "yes" : "no", true);
                default -> {}
            }
        }
    }

    @Override
    public void returned() {
        if (switches.on(TraceKind.EXCEPTION)) {
            line(TraceKind.EXCEPTION, ExceptionText.left(cpu));
        }
    }

    @Override
    public void writesTlb(int slot) {
        if (switches.on(TraceKind.TLB) && insn != null) {
            String written = TlbText.entry(cpu.cp0().entryHi(), cpu.cp0().entryLo());
            line(TraceKind.TLB, TlbText.written(insn, slot, TlbText.slot(cpu, slot), written));
        }
    }

    @Override
    public void executed() {
        Insn done = insn;
        if (done == null) { // nobody was interested
            return;
        }
        if (!excepted) {
            effects(done);
        }
        InstructionText shown = text;
        if (shown != null && !stalled) {
            switch (done.shape()) {
                case BRANCH1, BRANCH2 -> {
                    if (!jumped) {
                        branches(false);
                    }
                }
                default -> {
                    String result = shown.after(cpu, excepted);
                    if (!result.isEmpty()) {
                        piece(result, true);
                    }
                }
            }
        }
        insn = null;
        text = null;
        misplaced = false;
    }

    private void effects(Insn done) {
        switch (done) {
            case TLBR -> {
                if (switches.on(TraceKind.TLB)) {
                    line(TraceKind.TLB, TlbText.read(cpu, cpu.cp0().indexSlot()));
                }
            }
            case TLBP -> {
                if (switches.on(TraceKind.TLB)) {
                    line(TraceKind.TLB, TlbText.probed(cpu));
                }
            }
            case MTC0 -> {
                boolean off = timerWasUp && !cpu.lineRaised(Cpu.LINE_TIMER);
                if (off && switches.on(TraceKind.INTERRUPT)) {
                    line(TraceKind.INTERRUPT, "Timer irq OFF");
                }
            }
            default -> {}
        }
    }

    @Override
    public void timerMatched() {
        if (switches.on(TraceKind.INTERRUPT)) {
            line(TraceKind.INTERRUPT, "Timer irq ON");
        }
    }

    private TraceKind mode() {
        return user ? TraceKind.USER : TraceKind.KERNEL;
    }

    private void line(TraceKind kind, String line) {
        switches.piece(kind, switches.cycle(), cpu.index(), line, true);
    }

    private void piece(String piece, boolean endsLine) {
        switches.piece(mode(), switches.cycle(), cpu.index(), piece, endsLine);
    }
}
