package kseg.verify;

import java.util.function.Function;
import kseg.cpu.PreciseStep;
import kseg.engine.CodePages;
import kseg.engine.CompilerSupport;
import kseg.engine.Engine;
import kseg.engine.RegionListener;
import kseg.engine.RegionProfile;
import kseg.engine.TranslationStore;
import kseg.engine.compile.CompilerOptions;
import kseg.engine.compile.HostWorker;
import kseg.engine.compile.Jit;
import kseg.engine.interpret.Interpreter;
import kseg.machine.EngineKind;
import kseg.memory.FramePool;
import kseg.memory.PageMaps;
import kseg.memory.PhysicalMemory;

/** Makes engines for benches. Called again for a fresh one, that has compiled nothing yet. */
public interface EngineKit {
    /** Whether HotSpot was told to compile whatever runs (-Xcomp). */
    boolean COMPILES_ALL = System.getProperty("java.vm.info", "").contains("compiled mode");

    /**
     * An engine in the making: memory needs its watcher before the engine can have its memory.
     *
     * @param watcher of stores into code
     * @param engine made from the steps that it leaves to others
     */
    record Fitted(PhysicalMemory.CodeWatcher watcher, Function<PreciseStep, Engine> engine) {}

    /**
     * Fits an engine to a bench.
     *
     * @param code decoded code belongs to the bench's processor
     * @param listener to be told whenever compiled code is left
     */
    Fitted fit(FramePool pool, PageMaps maps, CodePages code, RegionListener listener);

    /** Engines that compile at once, whatever is executed for the second time. */
    static EngineKit of(EngineKind kind) {
        return switch (kind) {
            case INTERPRETER ->
                    (pool, maps, code, _) ->
                            new Fitted(code, precise -> new Interpreter(precise, code));
            case JIT -> jit(new CompilerOptions(2, false, 3000, 0));
        };
    }

    /** The compiler with random delays and evictions, which must not show. */
    static EngineKit disturbed(long seed) {
        return jit(new CompilerOptions(2, false, 100, seed));
    }

    private static EngineKit jit(CompilerOptions options) {
        return (pool, maps, code, listener) -> {
            var support =
                    new CompilerSupport(new TranslationStore(), RegionProfile.EMPTY, listener);
            var jit = new Jit(new HostWorker(pool, maps, COMPILES_ALL), code, options, support);
            return new Fitted(jit.watcher(), jit::engine);
        };
    }
}
