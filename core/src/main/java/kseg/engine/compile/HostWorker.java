package kseg.engine.compile;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kseg.engine.Translation;
import kseg.memory.FramePool;
import kseg.memory.PageMaps;
import org.jspecify.annotations.Nullable;

/**
 * What machine code is made for: a frame pool and page maps, which are constants to HotSpot, and
 * the classes that are linked to them (DESIGN.md section 3). It serves one family at a time. When
 * that is over the next can have it, and finds the code of the one before compiled; of what that
 * had in memory it finds nothing.
 *
 * <p>Not thread-safe: its family's owner, and the compiler's thread of the family.
 */
public final class HostWorker {
    /** Beyond so many classes all are forgotten: HotSpot unloads what nobody uses. */
    private static final int MAX_CLASSES = 10_000;

    /** Beyond so many addresses that were ever called, nobody should have it any more. */
    private static final int MAX_SLOTS = 50_000;

    final KnownRegions known = new KnownRegions();
    final Lessons lessons = new Lessons();
    private final FramePool pool;
    private final PageMaps maps;
    private final boolean resolving;
    private final Linkage.Jumps userJumps = new Linkage.Jumps();
    private final Linkage.Jumps kernelJumps = new Linkage.Jumps();
    private final Map<Integer, Linkage.Slot> slots = new ConcurrentHashMap<>();
    private final Map<Translation.Key, RegionClass> classes = new ConcurrentHashMap<>();
    private String image = "";

    /** A new one, with a pool for machines of this much RAM. */
    public HostWorker(int ramBytes) {
        this(FramePool.forRam(ramBytes), new PageMaps());
    }

    public HostWorker(FramePool pool, PageMaps maps) {
        this(pool, maps, false);
    }

    /**
     * One that may have HotSpot compile all of it.
     *
     * @param resolving whether to resolve a call of each region when its class is defined. HotSpot
     *     run with -Xcomp then compiles it; a region is otherwise called through method tables
     *     only, and begins in HotSpot's interpreter even so.
     */
    public HostWorker(FramePool pool, PageMaps maps, boolean resolving) {
        this.pool = pool;
        this.maps = maps;
        this.resolving = resolving;
    }

    public FramePool pool() {
        return pool;
    }

    public PageMaps maps() {
        return maps;
    }

    /** Where regions of a mode look for the targets of indirect jumps. */
    Linkage.Jumps jumps(boolean user) {
        return user ? userJumps : kernelJumps;
    }

    /** What regions that call {@code key} are linked to. May be called by any thread. */
    Linkage.Slot slot(int key) {
        return slots.computeIfAbsent(key, k -> new Linkage.Slot(k & ~1));
    }

    /** The class for a key, if there is one that is linked to these bytes. */
    @SuppressWarnings("ReferenceEquality") // the very same array
    @Nullable RegionClass find(Translation.Key key, byte[] memory) {
        RegionClass type = classes.get(key);
        return type != null && type.memory() == memory ? type : null;
    }

    /** Defines the class for a key, and links it. */
    RegionClass define(Translation.Key key, Translation translation, boolean user, byte[] memory) {
        Linkage.Slot[] called =
                translation.calls().stream()
                        .map(target -> slot(CodeCache.key(target, user)))
                        .toArray(Linkage.Slot[]::new);
        var linkage =
                new Linkage(
                        memory,
                        user ? maps.userRead() : maps.kernelRead(),
                        user ? maps.userWrite() : maps.kernelWrite(),
                        jumps(user),
                        called);
        RegionClass type = RegionClass.define(translation, linkage, resolving);
        if (classes.size() >= MAX_CLASSES) {
            classes.clear();
        }
        classes.put(key, type);
        return type;
    }

    /** Serves another family from now on. */
    void begin(TierCounters counters) {
        userJumps.begin(counters);
        kernelJumps.begin(counters);
        known.begin();
        forgetOtherPools();
    }

    /** Forgets what is linked to bytes that are no longer the pool's. */
    void forgetOtherPools() {
        known.keep(pool.bytes());
        classes.values().retainAll(known.classes());
    }

    /** What is going to run: what other images have taught is of no use to it. */
    public void expect(String fingerprint) {
        if (!image.equals(fingerprint)) {
            image = fingerprint;
            lessons.forget();
        }
    }

    /** Whether nothing is left of the family, which is over, that would disturb the next. */
    public boolean fit() {
        return pool.used() == 0 && slots.size() <= MAX_SLOTS;
    }

    /** Whether its pool is of about the size for so much RAM. */
    public boolean suits(int ramBytes) {
        return pool.suits(ramBytes);
    }

    /** Its family is over: forgets whom it served. */
    public void end() {
        maps.serve(this, 0);
        userJumps.begin(new TierCounters());
        kernelJumps.begin(new TierCounters());
    }
}
