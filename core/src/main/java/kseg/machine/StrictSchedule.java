package kseg.machine;

import java.util.function.Function;
import java.util.function.Supplier;
import kseg.bus.Misuse;
import kseg.cpu.Cpu;
import kseg.cpu.StrictObserver;
import kseg.cpu.StrictProcessor;
import kseg.engine.Engine;
import kseg.engine.trace.StepObserver;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import org.jspecify.annotations.Nullable;

/**
 * How CPUs and events take turns in System/161 2.0.8, for strict mode.
 *
 * <p>All CPUs run in lockstep, one cycle each in the order of their numbers, for a <em>chunk</em>
 * of cycles; events take effect between chunks only. A chunk lasts until the next event if that is
 * less than 5 ms away, and at most until the 2 ms between System/161's looks at its host are over.
 * An event scheduled meanwhile shortens it only if it comes before one the chunk was to end at, so
 * others come late. When no CPU is running, the rest of a chunk is skipped, and counted as run and
 * as idle; then time jumps to the next event, and what the jump has beyond a whole cycle is added
 * again at the next jump.
 */
final class StrictSchedule implements Schedule {
    private static final long LONGEST_CYCLES = 125_000;
    private static final long LOOK_CYCLES = 50_000;
    private static final long NANOS_PER_CYCLE = Timeline.NANOS_PER_CYCLE;

    private final Cpu[] cpus;
    private final Timeline timeline;
    private final Function<Cpu, StrictProcessor> maker;
    private final Supplier<@Nullable StepObserver> watcher;
    private final Function<Cpu, StrictObserver> tracer;
    private final Misuse misuse;
    private final Runnable powerOff;

    private final StrictProcessor[] processors;

    /** Machine time at the start of the chunk, or between chunks the present one. */
    private long chunkNanos;

    private boolean inChunk;
    private long length;
    private long done;

    /** The chunk ends behind the present cycle. */
    private boolean cut;

    /** A chunk was to end at the next event. */
    private boolean runningToEvent;

    /** Cycles to run until System/161 looks at its host. */
    private long untilLook = LOOK_CYCLES;

    /** Bit n: CPU n is running. */
    private int running;

    private int current;

    /** What has passed of a jump to the next event, where a limit interrupted it. */
    private long waitedNanos;

    private long slopNanos;
    private boolean switchedOff;

    private long steps;
    private long runCycles;
    private long idleCycles;
    private final long[] cpuIdleCycles;

    /**
     * @param startNanos machine time at power-on
     * @param maker of processors, called when the machine runs first
     * @param watcher who is to be shown every step at the moment
     * @param tracer who is to see what a CPU does at the moment
     */
    StrictSchedule(
            Cpu[] cpus,
            Timeline timeline,
            long startNanos,
            Function<Cpu, StrictProcessor> maker,
            Supplier<@Nullable StepObserver> watcher,
            Function<Cpu, StrictObserver> tracer,
            Misuse misuse,
            Runnable powerOff) {
        this.cpus = cpus;
        this.timeline = timeline;
        this.maker = maker;
        this.watcher = watcher;
        this.tracer = tracer;
        this.misuse = misuse;
        this.powerOff = powerOff;
        processors = new StrictProcessor[cpus.length];
        cpuIdleCycles = new long[cpus.length];
        chunkNanos = startNanos;
        timeline.setNanos(startNanos);
        timeline.onNewFirst(this::eventCameFirst);
    }

    @Override
    public long now() {
        return nanos() / NANOS_PER_CYCLE;
    }

    @Override
    public long nanos() {
        return chunkNanos + waitedNanos + done * NANOS_PER_CYCLE;
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public long runCycles() {
        return runCycles + done;
    }

    @Override
    public long idleCycles() {
        return idleCycles;
    }

    @Override
    public long idleCycles(int cpu) {
        return cpuIdleCycles[cpu];
    }

    /**
     * Ends a chunk that is over. System/161 notices only then that it has been switched off, and
     * only if a CPU is running, as one is that the controller's line has woken.
     */
    @Override
    public void settle() {
        if (inChunk && (cut || done == length)) {
            chunkNanos += done * NANOS_PER_CYCLE;
            runCycles += done;
            untilLook -= done;
            if (untilLook == 0) {
                untilLook = LOOK_CYCLES;
            }
            done = 0;
            inChunk = false;
        }
        if (switchedOff && !inChunk && !eventDue() && running != 0) {
            switchedOff = false;
            powerOff.run();
        }
    }

    @Override
    public boolean eventDue() {
        return !inChunk && timeline.queue().nextNanos() <= chunkNanos;
    }

    /** Late: at the end of the chunk. */
    @Override
    public long instantOf(long dueNanos) {
        runningToEvent = false; // that event is the one that takes effect
        return chunkNanos;
    }

    @Override
    public @Nullable Cpu choose() {
        if (!inChunk) {
            survey();
            if (running == 0) {
                return null;
            }
            endWait();
            beginChunk();
        }
        return cpus[current];
    }

    private void beginChunk() {
        long cycles = LONGEST_CYCLES;
        long ahead = timeline.queue().nextNanos() - chunkNanos;
        if (ahead < LONGEST_CYCLES * NANOS_PER_CYCLE) {
            runningToEvent = true;
            cycles = Math.ceilDiv(ahead, NANOS_PER_CYCLE);
        }
        length = Math.min(cycles, untilLook);
        cut = false;
        inChunk = true;
    }

    private void eventCameFirst() {
        if (runningToEvent) {
            runningToEvent = false;
            cut = true;
        }
    }

    @Override
    public void passTo(long cycle) {
        long due = timeline.queue().nextNanos();
        long limit = cycle * NANOS_PER_CYCLE;
        if (limit < due) {
            waitedNanos = limit - chunkNanos;
        } else {
            waitedNanos = due - chunkNanos;
            endWait();
        }
    }

    private void endWait() {
        if (waitedNanos != 0) {
            long nanos = waitedNanos + slopNanos;
            waitedNanos = 0;
            idleCycles += nanos / NANOS_PER_CYCLE;
            slopNanos = nanos % NANOS_PER_CYCLE;
            chunkNanos += nanos;
        }
    }

    @Override
    public void run(Cpu chosen, Engine engine, RunLimit limit) {
        StepObserver observer = watcher.get();
        for (Cpu cpu : cpus) {
            processors[cpu.index()].watch(tracer.apply(cpu));
        }
        long until = cyclesUntil(limit);
        while (done < until && !cut && steps < limit.step()) {
            timeline.setNanos(nanos());
            for (int i = 0; i < processors.length; i++) {
                if ((running >>> i & 1) != 0) {
                    current = i;
                    cycle(i, observer);
                } else {
                    cpuIdleCycles[i]++;
                }
            }
            done++;
            if (running == 0 && !cut) {
                idleCycles += length - done;
                done = length;
            }
        }
    }

    /** The length of the chunk, or of its part up to the limit. */
    private long cyclesUntil(RunLimit limit) {
        long nanos = limit.cycle() * NANOS_PER_CYCLE - chunkNanos;
        return Math.min(length, Math.ceilDiv(nanos, NANOS_PER_CYCLE));
    }

    private void cycle(int number, @Nullable StepObserver observer) {
        Cpu cpu = cpus[number];
        if (observer == null) {
            processors[number].cycle();
        } else {
            observedCycle(cpu, processors[number], observer);
        }
        steps++;
        if (cpu.waiting) {
            running &= ~(1 << number);
        }
    }

    private static void observedCycle(Cpu cpu, StrictProcessor processor, StepObserver observer) {
        processor.begin();
        if (cpu.interruptDue()) {
            observer.beforeInterrupt(cpu);
            processor.interrupt();
            observer.afterInterrupt(cpu);
        }
        observer.before(cpu);
        processor.attempt();
        observer.after(cpu);
    }

    // CpuControl

    @Override
    public int cpus() {
        return cpus.length;
    }

    @Override
    public int current() {
        return current;
    }

    @Override
    public void lamebusLine(int cpu, boolean active) {
        setLine(cpu, Cpu.LINE_LAMEBUS, active);
    }

    @Override
    public void ipiLine(int cpu, boolean active) {
        setLine(cpu, Cpu.LINE_IPI, active);
    }

    @Override
    public void start(int cpu, int pc, int a0, int sp) {
        if (Scheduler.readied(cpus[cpu], pc, a0, sp, misuse)) {
            processors[cpu].placed();
            running |= 1 << cpu;
        }
    }

    @Override
    public void stop(int cpu) {
        cpus[cpu].enabled = false;
        cpus[cpu].waiting = false;
        running &= ~(1 << cpu);
    }

    @Override
    public void powerOff() {
        switchedOff = true;
    }

    @Override
    public void look() {
        cut = true;
    }

    private void setLine(int number, int line, boolean active) {
        Cpu cpu = cpus[number];
        cpu.setLine(line, active);
        if (active && cpu.waiting) {
            cpu.waiting = false;
            running |= 1 << number;
        }
    }

    /** Finds who is running, and makes the processors of a machine that has not run yet. */
    private void survey() {
        running = 0;
        for (Cpu cpu : cpus) {
            StrictProcessor processor = processor(cpu.index());
            if (cpu.running()) {
                running |= 1 << cpu.index();
                if (!processor.isPlaced()) {
                    processor.placed();
                }
            }
        }
    }

    private StrictProcessor processor(int cpu) {
        StrictProcessor processor = processors[cpu];
        if (processor == null) {
            processor = maker.apply(cpus[cpu]);
            processors[cpu] = processor;
        }
        return processor;
    }

    @Override
    public void save(StateWriter out) {
        out.section("strict schedule", 1);
        out.putLong(chunkNanos);
        out.putBoolean(inChunk);
        out.putLong(length);
        out.putLong(done);
        out.putBoolean(cut);
        out.putBoolean(runningToEvent);
        out.putLong(untilLook);
        out.putInt(current);
        out.putLong(waitedNanos);
        out.putLong(slopNanos);
        out.putBoolean(switchedOff);
        out.putLong(steps);
        out.putLong(runCycles);
        out.putLong(idleCycles);
        for (int i = 0; i < cpus.length; i++) {
            out.putLong(cpuIdleCycles[i]);
            processor(i).save(out);
        }
    }

    @Override
    public void restore(StateReader in) {
        in.section("strict schedule", 1);
        chunkNanos = in.getLong();
        inChunk = in.getBoolean();
        length = in.getLong();
        done = in.getLong();
        cut = in.getBoolean();
        runningToEvent = in.getBoolean();
        untilLook = in.getLong();
        current = in.getInt();
        waitedNanos = in.getLong();
        slopNanos = in.getLong();
        switchedOff = in.getBoolean();
        steps = in.getLong();
        runCycles = in.getLong();
        idleCycles = in.getLong();
        for (int i = 0; i < cpus.length; i++) {
            cpuIdleCycles[i] = in.getLong();
            processor(i).restore(in);
        }
        survey();
    }
}
