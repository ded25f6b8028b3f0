package kseg.machine;

import java.util.Optional;
import kseg.cpu.PreciseStep;
import kseg.engine.CodePages;
import kseg.engine.CompilerSupport;
import kseg.engine.Engine;
import kseg.engine.RegionProfile;
import kseg.engine.TierReport;
import kseg.engine.compile.CompilerOptions;
import kseg.engine.compile.HostWorker;
import kseg.engine.compile.Jit;
import kseg.engine.interpret.Interpreter;
import kseg.image.ElfImage;
import kseg.isa.CpuModel;
import kseg.memory.PhysicalMemory;

/** What a machine shares with its snapshots and forks: frames, page maps, derived code. */
final class Family {
    private final HostWorkers workers;
    private final HostWorker worker;
    private final CodePages code;
    private final Jit jit;
    private final EngineKind kind;

    /** Machines that are not closed. */
    private int members;

    private boolean sound = true;

    Family(
            int ramBytes,
            EngineKind kind,
            CompilerOptions options,
            CompilerSupport support,
            HostWorkers workers) {
        this.kind = kind;
        this.workers = workers;
        worker = workers.take(ramBytes);
        code = new CodePages(worker.pool(), worker.maps(), CpuModel.MIPS161, false);
        jit = new Jit(worker, code, options, support);
    }

    /** There is another machine. */
    void join() {
        members++;
    }

    /** A machine has been closed. After the last one, another family may have the worker. */
    void leave() {
        if (--members == 0) {
            jit.close();
            if (workers.keeps() && sound) {
                worker.end();
                workers.giveBack(worker);
            }
        }
    }

    /**
     * Whether what its machines share is as it should be: not while compiled code runs, nor if a
     * bug of ours has ended that.
     */
    void sound(boolean now) {
        sound = now;
    }

    /** A machine of the family is given an image. */
    void expect(ElfImage image) {
        if (workers.keeps()) {
            worker.expect(image.fingerprint());
        }
    }

    PhysicalMemory newMemory(int ramBytes) {
        return new PhysicalMemory(worker.pool(), worker.maps(), jit.watcher(), ramBytes);
    }

    /** The engine that observers watch: the reference. */
    Engine stepwise(PreciseStep precise) {
        return new Interpreter(precise, code);
    }

    /** What later runs may be told; empty if nothing was compiled. */
    RegionProfile profile() {
        return jit.profile();
    }

    /** What the compiling engine has done; empty if there is none. */
    Optional<TierReport> tiers() {
        return kind == EngineKind.JIT ? Optional.of(jit.report()) : Optional.empty();
    }

    Engine engine(PreciseStep precise) {
        return switch (kind) {
            case INTERPRETER -> new Interpreter(precise, code);
            case JIT -> jit.engine(precise);
        };
    }
}
