package kseg.engine.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import kseg.cpu.Cpu;
import kseg.cpu.Mmu;
import kseg.isa.Decoder;
import kseg.isa.Insn;
import org.jspecify.annotations.Nullable;

/**
 * Fills a {@link Profile}: looks at each CPU every millisecond of its time, waiting included, and
 * notes every call.
 *
 * <p>Call stacks are followed by calls and returns, one for each page that the stack pointer is in:
 * kernels give each thread a page for its stack, or a few. A return to where no call came from
 * leaves the stack as it is.
 *
 * <p>Not thread-safe: the machine's owner.
 */
public final class Profiler implements StepObserver {
    /** 25 MHz: how often gprof is told that samples were taken, 1000 times a second. */
    private static final int SAMPLE_CYCLES = 25_000;

    private static final int MOST_FRAMES = 64;
    private static final int PAGE_SHIFT = 12;
    private static final int REG_SP = 29;

    private record Frame(int function, int returnTo) {}

    private final Mmu mmu;
    private final LongSupplier cycle;

    /** By CPU: up to which sample's time it has been looked at. */
    private final long[] samplesTaken;

    private final Map<Integer, List<Frame>> stacks = new LinkedHashMap<>();
    private @Nullable Profile profile;
    private boolean active;

    private @Nullable Insn insn;
    private int pc;
    private long exceptions;

    /**
     * @param cycle machine time of the CPU that runs
     */
    public Profiler(Mmu mmu, int cpus, LongSupplier cycle) {
        this.mmu = mmu;
        this.cycle = cycle;
        samplesTaken = new long[cpus];
    }

    /** Profiles from here on. */
    public void start(Profile into) {
        profile = into;
        active = false;
        set(true);
    }

    /** Goes on or pauses, if there is a profile. */
    public void set(boolean wanted) {
        boolean goesOn = wanted && profile != null;
        if (goesOn && !active) {
            Arrays.fill(samplesTaken, present()); // the pause is nobody's
        }
        active = goesOn;
    }

    private long present() {
        return cycle.getAsLong() / SAMPLE_CYCLES;
    }

    /** Forgets what has been seen. */
    public void clear() {
        if (profile != null) {
            profile.clear();
        }
    }

    /** Whether steps must be watched. */
    public boolean active() {
        return active;
    }

    @Override
    public void beforeInterrupt(Cpu cpu) {}

    @Override
    public void afterInterrupt(Cpu cpu) {}

    @Override
    public void before(Cpu cpu) {
        Profile into = profile;
        if (!active || into == null) {
            return;
        }
        pc = cpu.pc;
        exceptions = cpu.counters().exceptions();
        long due = present();
        long taken = samplesTaken[cpu.index()];
        if (due > taken) {
            into.sample(pc, callers(cpu), (int) (due - taken));
            samplesTaken[cpu.index()] = due;
        }
        long paddr = mmu.translate(cpu, pc, false, 3);
        insn = null;
        if (paddr >= 0 && mmu.isMemory(paddr)) {
            int word = mmu.memory().word((int) paddr);
            int inOrder = cpu.littleEndian() ? Integer.reverseBytes(word) : word;
            insn = Decoder.of(cpu.model()).decode(inOrder);
        }
    }

    @Override
    public void after(Cpu cpu) {
        Profile into = profile;
        Insn done = insn;
        if (!active || into == null || done == null || cpu.counters().exceptions() != exceptions) {
            return;
        }
        switch (done) {
            case JAL, JALR -> {
                into.call(pc + 4, cpu.npc);
                List<Frame> stack = stack(cpu);
                if (stack.size() < MOST_FRAMES) {
                    stack.add(new Frame(cpu.npc, pc + 8));
                }
            }
            case JR -> leave(stack(cpu), cpu.npc);
            default -> {}
        }
    }

    @Override
    public void blocked(Cpu cpu) {}

    private List<Frame> stack(Cpu cpu) {
        return stacks.computeIfAbsent(cpu.gpr[REG_SP] >>> PAGE_SHIFT, _ -> new ArrayList<>());
    }

    private static void leave(List<Frame> stack, int target) {
        for (int i = stack.size() - 1; i >= 0; i--) {
            if (stack.get(i).returnTo() == target) {
                stack.subList(i, stack.size()).clear();
                return;
            }
        }
    }

    private List<Integer> callers(Cpu cpu) {
        return stack(cpu).stream().map(Frame::function).toList();
    }
}
