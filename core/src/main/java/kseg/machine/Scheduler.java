package kseg.machine;

import kseg.bus.Misuse;
import kseg.cpu.Cpu;
import kseg.engine.Engine;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import kseg.time.Generator;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is. Each CPU has its own clock; the one furthest behind runs (ties by index), for a
 * slice drawn from the machine's seed, not beyond the next event. A device access waits until its
 * CPU is the furthest behind. DESIGN.md section 2, "Several CPUs".
 */
final class Scheduler implements Schedule {
    private static final int SLICE_STREAM = 2;
    private static final long UNLIMITED = Long.MAX_VALUE;

    /** As a signed number above kseg0 and kseg1, and below kuseg. */
    private static final int KSEG2 = 0xc0000000;

    private static final int REG_A0 = 4;
    private static final int REG_SP = 29;

    private final Cpu[] cpus;
    private final Timeline timeline;
    private final Misuse misuse;
    private final Runnable powerOff;
    private final Generator slices;
    private final int quantum;

    /** The CPU whose slice is under way. */
    private Cpu current;

    /** Of the running CPUs, as {@link #settle} found them: the furthest behind and the next. */
    private @Nullable Cpu behind;

    private @Nullable Cpu second;

    /** Machine time: where the furthest behind running CPU stands. */
    private long now;

    private long steps;

    /** Cycles during which no CPU ran; for statistics. */
    private long idleCycles;

    Scheduler(Cpu[] cpus, Timeline timeline, MachineSpec spec, Misuse misuse, Runnable powerOff) {
        this.cpus = cpus;
        this.timeline = timeline;
        this.misuse = misuse;
        this.powerOff = powerOff;
        slices = new Generator(spec.seed(), SLICE_STREAM);
        quantum = spec.quantum();
        current = cpus[0];
    }

    @Override
    public long now() {
        return now;
    }

    @Override
    public long nanos() {
        return now * Timeline.NANOS_PER_CYCLE;
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public long runCycles() {
        return now - idleCycles;
    }

    @Override
    public long idleCycles() {
        return idleCycles;
    }

    @Override
    public long idleCycles(int cpu) {
        return Math.max(0, now - cpus[cpu].cycles);
    }

    /**
     * Brings {@link #now} up to the furthest behind running CPU, or to where the last one stopped.
     */
    @Override
    public void settle() {
        survey();
        now = behind != null ? behind.clock : Math.max(now, current.clock);
    }

    @Override
    public boolean eventDue() {
        return timeline.nextCycle() <= now;
    }

    @Override
    public long instantOf(long dueNanos) {
        return dueNanos;
    }

    @Override
    public void passTo(long cycle) {
        long until = Math.min(timeline.nextCycle(), cycle);
        idleCycles += until - now;
        now = until;
    }

    /**
     * The CPU to run now: the current one while its slice lasts, else the furthest behind; null if
     * none is running. Events due have been dispatched before, and nothing happened since {@link
     * #settle}.
     */
    @Override
    public @Nullable Cpu choose() {
        Cpu cpu = current;
        boolean goesOn =
                cpu.running()
                        && !cpu.deviceBlocked
                        && cpu.clock < cpu.sliceEnd
                        && cpu.clock < timeline.nextCycle();
        if (goesOn) {
            return cpu;
        }
        Cpu next = behind;
        if (next != null) {
            current = next;
            next.deviceBlocked = false;
            next.sliceEnd = second == null ? UNLIMITED : next.clock + drawSlice();
        }
        return next;
    }

    /** Runs the chosen CPU to the end of its slice, the next event or the limit. */
    @Override
    public void run(Cpu cpu, Engine engine, RunLimit limit) {
        Cpu other = cpu == behind ? second : behind;
        long others = other == null ? UNLIMITED : other.clock;
        // The last instant at which this CPU is the furthest behind, ties by index.
        cpu.deviceUntil = other != null && other.index() < cpu.index() ? others - 1 : others;
        long span = Math.min(cpu.sliceEnd, timeline.nextCycle()) - cpu.clock;
        span = Math.min(span, limit.step() - steps);
        if (others >= limit.cycle()) {
            span = Math.min(span, limit.cycle() - cpu.clock);
        }
        long before = cpu.cycles;
        if (cpu.cp0().matchAt() == before) {
            cpu.cp0().timerMatched();
        }
        cpu.stopAt = Math.min(before + span, cpu.cp0().matchAt());
        timeline.follow(cpu);
        try {
            engine.run(cpu);
        } finally { // the host may fail in any access
            steps += cpu.cycles - before;
        }
    }

    // CpuControl

    @Override
    public int cpus() {
        return cpus.length;
    }

    @Override
    public int current() {
        return current.index();
    }

    @Override
    public void lamebusLine(int cpu, boolean active) {
        setLine(cpus[cpu], Cpu.LINE_LAMEBUS, active);
    }

    @Override
    public void ipiLine(int cpu, boolean active) {
        setLine(cpus[cpu], Cpu.LINE_IPI, active);
    }

    @Override
    public void start(int cpu, int pc, int a0, int sp) {
        look();
        if (readied(cpus[cpu], pc, a0, sp, misuse)) {
            joinAt(cpus[cpu]);
        }
    }

    /** Gives a CPU a place to start at, if it is one where a kernel can start. */
    static boolean readied(Cpu cpu, int pc, int a0, int sp, Misuse misuse) {
        if ((pc & 3) != 0) {
            misuse.report("Kernel entry point is not properly aligned");
            return false;
        }
        if (pc >= KSEG2) {
            misuse.report("Kernel entry point is an invalid address");
            return false;
        }
        cpu.gpr[REG_A0] = a0;
        cpu.gpr[REG_SP] = sp;
        cpu.start(pc);
        return true;
    }

    @Override
    public void stop(int cpu) {
        look();
        cpus[cpu].enabled = false;
    }

    @Override
    public void powerOff() {
        powerOff.run();
    }

    @Override
    public void look() {
        current.stopBehindStep();
    }

    private void setLine(Cpu cpu, int line, boolean active) {
        look();
        cpu.setLine(line, active);
        if (active && cpu.waiting) {
            cpu.waiting = false;
            if (cpu.enabled) {
                joinAt(cpu);
            }
        }
    }

    /** A CPU (re)enters time at its waker's instant, which is the present one. */
    private void joinAt(Cpu cpu) {
        cpu.clock = Math.max(cpu.clock, Timeline.cycleAt(timeline.nanos()));
        if (current.sliceEnd == UNLIMITED) {
            current.sliceEnd = current.clock;
        }
    }

    /** Finds the two running CPUs that are furthest behind, ties by index. */
    private void survey() {
        Cpu least = null;
        Cpu next = null;
        for (Cpu cpu : cpus) {
            if (cpu.running()) {
                if (least == null || cpu.clock < least.clock) {
                    next = least;
                    least = cpu;
                } else if (next == null || cpu.clock < next.clock) {
                    next = cpu;
                }
            }
        }
        behind = least;
        second = next;
    }

    /** Uniform in [Q/2, 3Q/2], at least one cycle. */
    private long drawSlice() {
        int bound = Math.min(quantum, Integer.MAX_VALUE - 1) + 1;
        return quantum == 1 ? 1 : (long) quantum - quantum / 2 + slices.below(bound);
    }

    @Override
    public void save(StateWriter out) {
        out.section("schedule", 1);
        out.putLong(now);
        out.putLong(steps);
        out.putLong(idleCycles);
        out.putInt(current.index());
        slices.save(out);
    }

    @Override
    public void restore(StateReader in) {
        in.section("schedule", 1);
        now = in.getLong();
        steps = in.getLong();
        idleCycles = in.getLong();
        current = cpus[in.getInt()];
        slices.restore(in);
    }
}
