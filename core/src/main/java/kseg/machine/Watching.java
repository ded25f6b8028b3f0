package kseg.machine;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import kseg.cpu.Cpu;
import kseg.cpu.Mmu;
import kseg.cpu.StrictObserver;
import kseg.engine.Engine;
import kseg.engine.trace.ObservedEngine;
import kseg.engine.trace.Observers;
import kseg.engine.trace.Profile;
import kseg.engine.trace.Profiler;
import kseg.engine.trace.StepObserver;
import kseg.engine.trace.StrictTracer;
import kseg.engine.trace.TraceSwitches;
import kseg.engine.trace.Tracer;
import kseg.port.DeviceTrace;
import kseg.port.MessagePort;
import kseg.port.TraceKind;
import kseg.port.TraceRequests;
import org.jspecify.annotations.Nullable;

/**
 * Who watches a machine: its trace and its profile, and what the guest asks of them. None of it is
 * state of the machine, and none of it changes the run.
 */
final class Watching {
    private final LongSupplier cycle;
    private final TraceSwitches trace;
    private final DeviceTrace idle;
    private long idleSince = -1;
    private @Nullable Profiler profiler;
    private @Nullable ObservedEngine observed;
    private StrictTracer[] strictTracers = {};
    private boolean stepwise;

    /**
     * @param cycle present machine time
     */
    Watching(LongSupplier cycle) {
        this.cycle = cycle;
        trace = new TraceSwitches(cycle);
        idle = trace.of(TraceKind.INTERRUPT);
        trace.onChange(this::changed);
    }

    /**
     * @param stepwise the engine to watch
     */
    void install(Engine stepwise, Mmu mmu, Cpu[] cpus) {
        Profiler installed = new Profiler(mmu, cpus.length, cycle);
        profiler = installed;
        Tracer tracer = new Tracer(trace, mmu, cpus.length);
        strictTracers =
                Stream.of(cpus)
                        .map(cpu -> new StrictTracer(trace, cpu))
                        .toArray(StrictTracer[]::new);
        observed = new ObservedEngine(stepwise, new Observers(tracer, installed));
    }

    TraceSwitches trace() {
        return trace;
    }

    /** The engine to run on now: the usual one unless steps are watched. */
    Engine engine(Engine usual) {
        Engine watched = observed;
        return stepwise && watched != null ? watched : usual;
    }

    /** Who is to be shown every step of a strict machine now, besides its tracers. */
    @Nullable StepObserver profiler() {
        return profiler != null && profiler.active() ? profiler : null;
    }

    /** Who is to see what a CPU of a strict machine does. */
    StrictObserver strictTracer(Cpu cpu) {
        if (!trace.started()) {
            return StrictObserver.NOBODY;
        }
        return strictTracers[cpu.index()];
    }

    /** Lets a CPU accept an interrupt that is due, as the engine to run on would. */
    void accept(Cpu cpu) {
        ObservedEngine watched = observed;
        if (stepwise && watched != null) {
            watched.accept(cpu);
        } else {
            cpu.takeInterrupt();
        }
    }

    private void changed() {
        stepwise = trace.stepwise() || profiler != null && profiler.active();
    }

    /**
     * No CPU runs: said once, however many events pass until one does.
     *
     * @param steps that all CPUs have made
     */
    void allIdle(long steps) {
        if (steps != idleSince && idle.on()) {
            idle.say("Waiting for interrupt");
        }
        idleSince = steps;
    }

    Profile profile(int low, int high) {
        Profile profile = new Profile(low, high);
        if (profiler != null) {
            profiler.start(profile);
            changed();
        }
        return profile;
    }

    /**
     * What the trace card may ask for.
     *
     * @param otherwise called when steps may be watched that were not, or the other way round
     */
    TraceRequests requests(
            List<Cpu> cpus, MessagePort messages, Runnable debuggerStop, Runnable otherwise) {
        return new TraceRequests() {
            @Override
            public void trace(char letter, boolean on) {
                for (TraceKind kind : TraceKind.values()) {
                    if (kind.letter() == letter) {
                        trace.set(kind, on);
                    }
                }
                otherwise.run();
            }

            @Override
            public void dump() {
                MachineDump.print(cpus, messages);
            }

            @Override
            public void debuggerStop() {
                debuggerStop.run();
            }

            @Override
            public void profile(boolean on) {
                if (profiler != null) {
                    profiler.set(on);
                    changed();
                }
                otherwise.run();
            }

            @Override
            public void clearProfile() {
                if (profiler != null) {
                    profiler.clear();
                }
            }
        };
    }
}
