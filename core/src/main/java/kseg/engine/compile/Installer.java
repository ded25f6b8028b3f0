package kseg.engine.compile;

import java.util.ArrayList;
import kseg.engine.RegionListener;
import kseg.memory.FramePool;
import kseg.memory.PageMaps;
import kseg.time.Generator;
import org.jspecify.annotations.Nullable;

/**
 * Puts regions where control finds them: what the compiler's thread has made, and what was made for
 * the same code elsewhere. Used by the machine's owner only.
 */
final class Installer {
    private static final int DISTURBANCE_STREAM = 1;

    /** Look again for what was compiled elsewhere after so many steps, then twice as many. */
    private static final int FIRST_TRY = 1_000;

    /** How many turns of CPUs a region may wait for its address space, and how many may wait. */
    private static final int MOST_TURNS = 2_000;

    private static final int MOST_WAITING = 64;

    /** A region that waits for its address space until some turn. */
    private record Waiting(Compiler.Request request, Compilation compilation, int until) {}

    private final HostWorker worker;
    private final PageMaps maps;
    private final CodeCache cache;
    private final Compiler compiler;
    private final RegionHistory history;
    private final TierCounters counters;
    private final RegionListener listener;
    private final int maxRegions;
    private final @Nullable Generator disturbance;

    /** What was compiled for another address space than the present one. */
    private final ArrayList<Waiting> waiting = new ArrayList<>();

    /** Counts turns of CPUs; may overflow. */
    private int turn;

    Installer(
            HostWorker worker,
            CompilerOptions options,
            CodeCache cache,
            Compiler compiler,
            RegionHistory history,
            TierCounters counters,
            RegionListener listener) {
        this.worker = worker;
        this.cache = cache;
        this.compiler = compiler;
        this.history = history;
        this.counters = counters;
        this.listener = listener;
        maps = worker.maps();
        maxRegions = options.maxRegions();
        long seed = options.disturbance();
        disturbance = seed == 0 ? null : new Generator(seed, DISTURBANCE_STREAM);
    }

    /** Installs what has been compiled meanwhile. */
    void install() {
        if (disturbance != null) {
            if (disturbance.below(50) == 0) {
                cache.evict(1 + disturbance.below(10));
            }
            if (disturbance.below(3) != 0) {
                return;
            }
        }
        for (Compiler.Answer answer = compiler.poll(); answer != null; answer = compiler.poll()) {
            if (answer.failure() != null) {
                throw answer.failure();
            }
            if (answer.compilation() == null) {
                nothing(answer);
            } else if (inPlace(answer.request(), answer.compilation())) {
                install(answer.request(), answer.compilation());
            } else {
                waiting.add(new Waiting(answer.request(), answer.compilation(), turn + MOST_TURNS));
            }
        }
    }

    /** Before a CPU runs: installs also what has waited for the address space it is in. */
    void begin() {
        turn++;
        install();
        if (!waiting.isEmpty()) {
            waiting.removeIf(this::over);
        }
    }

    private boolean over(Waiting one) {
        if (inPlace(one.request, one.compilation)) {
            install(one.request, one.compilation);
        } else if (one.until - turn < 0 || waiting.size() > MOST_WAITING) {
            refuse(one.request, one.compilation);
        } else {
            return false;
        }
        return true;
    }

    /** Whether the code is now where it was when somebody asked: else another process runs. */
    private boolean inPlace(Compiler.Request request, Compilation compilation) {
        int[] fetch = request.user() ? maps.userRead() : maps.kernelRead();
        for (int page : compilation.pages()) {
            int address = page + fetch[page >>> FramePool.FRAME_SHIFT];
            if (request.space().applyAsInt(page) != address) {
                return false;
            }
        }
        return true;
    }

    /** There is nothing to compile, or another region holds what was asked for. */
    private void nothing(Compiler.Answer answer) {
        counters.fruitless++;
        Compiler.Request request = answer.request();
        if (answer.held() || cache.installed().holds(request.space().applyAsInt(request.pc()))) {
            cache.forget(request.frame(), request.pc());
        }
    }

    private void refuse(Compiler.Request request, Compilation compilation) {
        compiler.settled(compilation);
        cache.forget(request.frame(), request.pc()); // ask again
        counters.stale++;
    }

    private void install(Compiler.Request request, Compilation compilation) {
        Region region = compilation.region();
        Region replaced = request.replaces();
        if (replaced != null) {
            cache.remove(replaced);
        }
        if (!place(compilation)) {
            refuse(request, compilation); // changed meanwhile
            return;
        }
        compiler.settled(compilation);
        int pc = region.key & ~1;
        if (pc != request.pc()) {
            cache.forget(request.frame(), request.pc());
        }
        region.hot = replaced != null ? replaced.hot : CodeCache.key(request.pc(), request.user());
        region.hash =
                replaced != null
                        ? replaced.hash
                        : cache.hash(request.space().applyAsInt(request.pc()));
        history.installed(region.hot, region.hash, compilation.pages());
        worker.known.add(compilation);
    }

    /** Installs a region; says whether its code is there. */
    private boolean place(Compilation compilation) {
        if (cache.regions() >= maxRegions) {
            cache.evict(maxRegions / 2);
        }
        boolean user = compilation.user();
        if (!cache.install(compilation, user ? maps.userRead() : maps.kernelRead())) {
            return false;
        }
        counters.installed++;
        counters.bytecodes += compilation.type().bytecodes();
        listener.installed(
                compilation.region().key & ~1,
                user,
                compilation.graph().instructions(),
                compilation.type().bytecodes());
        return true;
    }

    /** Installs a region here that was compiled for the same code elsewhere, if there is one. */
    boolean reinstall(CodeCache.Entry entry, int fetched, int pc, boolean user) {
        if (entry.samples < entry.tried) {
            return false;
        }
        entry.tried = Math.max(FIRST_TRY, 2 * entry.samples);
        int key = CodeCache.key(pc, user);
        int[] fetch = user ? maps.userRead() : maps.kernelRead();
        for (Compilation known : worker.known.at(key)) {
            int start = known.region().key & ~1;
            boolean wanted = !cache.installed().holds(fetched) || known.entries().contains(pc);
            if (wanted
                    && !cache.entered(
                            start + fetch[start >>> FramePool.FRAME_SHIFT], known.region().key)) {
                Compilation twin = known.another();
                if (place(twin)) {
                    counters.reused++;
                    history.installed(twin.region().hot, twin.region().hash, twin.pages());
                    worker.known.used(key, known);
                    return true;
                }
            }
        }
        return false;
    }
}
