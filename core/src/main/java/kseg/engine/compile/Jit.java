package kseg.engine.compile;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.IntUnaryOperator;
import kseg.cpu.Cpu;
import kseg.cpu.PreciseStep;
import kseg.engine.CodePages;
import kseg.engine.CompilerSupport;
import kseg.engine.Engine;
import kseg.engine.RegionListener;
import kseg.engine.RegionProfile;
import kseg.engine.TierReport;
import kseg.memory.FramePool;
import kseg.memory.PageMaps;
import kseg.memory.PhysicalMemory;

/**
 * A family's compiler and its compiled code. All but the translation itself happens in the thread
 * that runs the machine.
 */
public final class Jit {
    /** Recompile for new targets of indirect jumps after so many misses. */
    private static final int MISSES = 64;

    /**
     * What a region of so many instructions holds already needs twice as much to be one's entry, of
     * twice as many three times as much and so on: as HotSpot takes longer, too.
     */
    private static final int HELD = 16;

    /** And at least this share of all steps, as a shift: less cannot pay for compiling it. */
    private static final int HELD_SHARE = 12;

    /** The share of what no region holds, as long as it is not so many steps. */
    private static final int SHARE = 11;

    private static final long MOST_STEPS = 300_000;

    /** Samples of an entry that somebody is compiling, or has compiled. */
    private static final int REQUESTED = Integer.MAX_VALUE / 2;

    /** What an earlier run found hot needs half the steps to be compiled: the shift. */
    private static final int RECALL_SHIFT = 1;

    /** Learn that an instruction accesses devices after so many stops. A power of two. */
    private static final int DEVICE_STOPS = 64;

    /** The upper bits of addresses in kseg1, where devices are. */
    private static final int SEGMENT = 0xe0000000;

    private static final int KSEG1 = 0xa0000000;

    final TierCounters counters = new TierCounters();
    final RegionListener listener;
    private final HostWorker worker;
    private final FramePool pool;
    private final PageMaps maps;
    private final CodePages code;
    private final CompilerOptions options;
    private final CodeCache cache;
    private final Compiler compiler;
    private final RegionHistory history;
    private final Installer installer;

    /** The pool's bytes that installed regions are linked to. */
    private byte[] linked;

    private int newTargets;
    private int misses;

    /** A compiler that is left to itself. */
    public Jit(HostWorker worker, CodePages code, CompilerOptions options) {
        this(worker, code, options, CompilerSupport.none());
    }

    public Jit(
            HostWorker worker, CodePages code, CompilerOptions options, CompilerSupport support) {
        this.worker = worker;
        pool = worker.pool();
        maps = worker.maps();
        this.code = code;
        this.options = options;
        listener = support.listener();
        worker.begin(counters);
        cache = new CodeCache(worker, code, counters, listener);
        compiler = new Compiler(worker, code, cache, support.translations(), options.background());
        history = new RegionHistory(support.profile());
        installer = new Installer(worker, options, cache, compiler, history, counters, listener);
        linked = pool.bytes();
    }

    /** Must hear of every write to code. */
    public PhysicalMemory.CodeWatcher watcher() {
        return cache;
    }

    /** An engine for a machine of this family. */
    public Engine engine(PreciseStep precise) {
        return new CompilingEngine(precise, code, this);
    }

    /** What a later run of the same image should know of this one and those before. */
    public RegionProfile profile() {
        return history.profile();
    }

    /** The family is over: when this returns, the worker may have another. */
    public void close() {
        compiler.close();
    }

    CodeCache cache() {
        return cache;
    }

    Linkage.Jumps jumps(boolean user) {
        return worker.jumps(user);
    }

    /** Before a CPU runs. */
    void begin() {
        installer.begin();
    }

    boolean eager() {
        return !options.background();
    }

    /** Code is linked to the pool's array: when that has been replaced, nothing can stay. */
    @SuppressWarnings("ReferenceEquality") // the very same array
    void checkPool() {
        if (linked != pool.bytes()) {
            linked = pool.bytes();
            cache.evict(Integer.MAX_VALUE);
            worker.forgetOtherPools();
        }
    }

    /**
     * Counts a sample of code that is not compiled, and has it compiled when it is hot.
     *
     * @param fetched the pool address of the instruction at {@code pc}
     * @param steps interpreted since the sample before
     */
    void sample(CodeCache.Entry entry, int fetched, int pc, boolean user, int steps) {
        installer.install();
        entry.heat = Math.min(entry.heat + 1 + steps, REQUESTED);
        if (entry.samples != REQUESTED) {
            if (installer.reinstall(entry, fetched, pc, user)) {
                return;
            }
            entry.samples = Math.min(entry.samples + 1 + steps, REQUESTED - 1);
            boolean recalled =
                    entry.samples >= options.threshold() >> RECALL_SHIFT
                            && !cache.installed().holds(fetched)
                            && recall(fetched, pc, user);
            if (recalled || isHot(entry, fetched)) {
                boolean held = cache.installed().holds(fetched);
                boolean accepted = request(new Compiler.Request(pc, user, space(user), held, null));
                entry.cool();
                entry.samples = accepted ? REQUESTED : 0;
                counters.recalled += recalled && accepted ? 1 : 0;
            }
        }
        if (!options.background()) {
            installer.install();
        }
    }

    /** Code within a region, which is interpreted only up to the region's next entry, can wait. */
    private boolean isHot(CodeCache.Entry entry, int fetched) {
        int times = entry.samples / options.threshold();
        if (times <= entry.looked) {
            return false;
        }
        entry.looked = times;
        int around = cache.installed().instructionsAround(fetched);
        long all = counters.steps();
        long least = around == 0 ? Math.min(all >>> SHARE, MOST_STEPS) : all >>> HELD_SHARE;
        return !options.background() || times > around / HELD && entry.samples > least;
    }

    /**
     * Whether earlier runs found this code hot; if so, teaches the compiler what they learnt. Only
     * once all its pages are mapped: the region would be smaller without them.
     */
    private boolean recall(int fetched, int pc, boolean user) {
        if (!history.mayKnow(CodeCache.key(pc, user))) {
            return false;
        }
        RegionProfile.Hot hot = history.known(CodeCache.key(pc, user), cache.hash(fetched));
        if (hot == null || !decode(hot.pages(), user ? maps.userRead() : maps.kernelRead())) {
            return false;
        }
        hot.jumps()
                .forEach((site, targets) -> targets.forEach(t -> worker.lessons.target(site, t)));
        return true;
    }

    /** Decodes pages, so that the compiler sees them; says whether all are mapped. */
    private boolean decode(List<Integer> pages, int[] fetch) {
        int outside = FramePool.outside(pool.bytes());
        for (int page : pages) {
            int address = page + fetch[page >>> FramePool.FRAME_SHIFT];
            if ((address & outside) != 0) {
                return false;
            }
            code.at(address >>> FramePool.FRAME_SHIFT);
        }
        return true;
    }

    private boolean request(Compiler.Request request) {
        boolean accepted = compiler.request(request);
        if (accepted) {
            counters.requested++;
        }
        return accepted;
    }

    /** An interpreted indirect jump, fetched from an address in the pool, went somewhere. */
    void learn(int site, int fetched, int target) {
        if (worker.lessons.target(site, target) && cache.installed().holds(fetched)) {
            newTargets++;
        }
    }

    /** Whether a region stopped before an instruction that is for PreciseStep this time. */
    boolean stoppedForPrecise(Cpu cpu, int fetched, boolean user, int left) { // hot
        long[] page = code.at(fetched >>> FramePool.FRAME_SHIFT);
        long decoded = page[fetched >>> 2 & CodePages.WORDS - 1];
        int[] read = user ? maps.userRead() : maps.kernelRead();
        int[] write = user ? maps.userWrite() : maps.kernelWrite();
        int outside = FramePool.outside(pool.bytes());
        if (!counters.stoppedForPrecise(cpu, decoded, read, write, outside)) {
            return false;
        }
        boolean enough = left >= Compiler.MAX_INSNS; // else it may have stopped for want of them
        if (enough && !user && !cpu.inSlot && Scout.isAccess(decoded)) {
            int vaddr = cpu.gpr[Decoded.a(decoded)] + Decoded.immediate(decoded);
            if ((vaddr & SEGMENT) == KSEG1) {
                stoppedForDevice(cpu.pc, fetched);
            }
        }
        return true;
    }

    /**
     * An instruction that keeps accessing devices is better executed in its region than in front of
     * it. Learns that after some stops; compiles again when there are as many more.
     */
    private void stoppedForDevice(int pc, int fetched) {
        int stops = ++cache.at(fetched).deviceStops;
        boolean many = eager() || stops >= DEVICE_STOPS && Integer.bitCount(stops) == 1;
        if (many && !worker.lessons.device(pc)) {
            for (Region region : cache.installed().around(fetched)) {
                region.outdated = region.outdated || again(region);
            }
        }
    }

    /** What has been executed and compiled so far. */
    public TierReport report() {
        return counters.report(cache.regions());
    }

    /** An indirect jump or call left its region: the region may be worth extending. */
    void jumped(Linkage.Jumps jumps) {
        Region region = jumps.region;
        if (worker.lessons.target(jumps.from, jumps.target)) {
            newTargets++;
            if (region != null) {
                history.jumped(region.hot, region.hash, jumps.from, jumps.target);
            }
        }
        jumps.from = 0;
        misses = Math.min(misses + 1, MISSES);
        if (region != null && newTargets > 0 && misses >= MISSES) {
            misses = 0;
            newTargets = 0;
            again(region);
        }
    }

    /**
     * Something in regions is better compiled otherwise. Such a region is compiled again when a
     * flaw is noticed for the second time: by then its others are known, too.
     */
    void flawed(Linkage.Jumps jumps) {
        var again = new LinkedHashSet<Region>();
        for (Linkage.Flaw flaw : jumps.flaws) {
            if (!worker.lessons.flaw(flaw.what() | flaw.region().key & 1)) {
                again.add(flaw.region());
            }
        }
        jumps.flaws.clear();
        again.forEach(this::again);
    }

    /** Compiles a region again, with what has been learnt. */
    private boolean again(Region region) {
        int pc = region.key & ~1;
        boolean user = (region.key & 1) != 0;
        return request(new Compiler.Request(pc, user, space(user), true, region));
    }

    /** The address space the CPU is in. */
    private IntUnaryOperator space(boolean user) {
        return user ? maps.userView() : maps.kernelView();
    }
}
