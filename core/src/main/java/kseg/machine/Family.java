package kseg.machine;

import java.util.Optional;
import kseg.cpu.PreciseStep;
import kseg.engine.CodePages;
import kseg.engine.CompilerSupport;
import kseg.engine.Engine;
import kseg.engine.RegionProfile;
import kseg.engine.TierReport;
import kseg.engine.compile.CompilerOptions;
import kseg.engine.compile.Jit;
import kseg.engine.interpret.Interpreter;
import kseg.isa.CpuModel;
import kseg.memory.FramePool;
import kseg.memory.PageMaps;
import kseg.memory.PhysicalMemory;

/** What a machine shares with its snapshots and forks: frames, page maps, derived code. */
final class Family {
    private final FramePool pool;
    private final PageMaps maps = new PageMaps();
    private final CodePages code;
    private final Jit jit;
    private final EngineKind kind;

    Family(int ramBytes, EngineKind kind, CompilerOptions options, CompilerSupport support) {
        this.kind = kind;
        pool = FramePool.forRam(ramBytes);
        code = new CodePages(pool, maps, CpuModel.MIPS161, false);
        jit = new Jit(pool, maps, code, options, support);
    }

    PhysicalMemory newMemory(int ramBytes) {
        return new PhysicalMemory(pool, maps, jit.watcher(), ramBytes);
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
