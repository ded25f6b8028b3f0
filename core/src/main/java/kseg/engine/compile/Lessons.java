package kseg.engine.compile;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * What running guest code has taught about it, by address. Only the quality of compiled code
 * depends on it. The machine's owner learns, the compiler's thread asks.
 */
final class Lessons {
    /** Most targets an indirect jump is known to have. */
    private static final int MAX_CASES = 48;

    /** Beyond so many lessons of a kind all of it are forgotten: no program has so many. */
    private static final int MOST = 20_000;

    private final Map<Integer, Set<Integer>> targets = new ConcurrentHashMap<>();
    private final Set<Integer> flaws = ConcurrentHashMap.newKeySet();
    private final Set<Integer> devices = ConcurrentHashMap.newKeySet();

    /** Remembers a target of an indirect jump; says whether it is new. */
    boolean target(int from, int target) {
        bound(targets.keySet());
        Set<Integer> known = targets.computeIfAbsent(from, site -> new ConcurrentSkipListSet<>());
        return known.size() < MAX_CASES && known.add(target);
    }

    /** Where the indirect jump at an address has gone. */
    List<Integer> targets(int from) {
        return List.copyOf(targets.getOrDefault(from, Set.of()));
    }

    /**
     * Remembers a flaw of a block; says whether it is new.
     *
     * @param key {@link CodeCache#key} of a block that is not to share translations, or of a loop's
     *     head that is to have no second copy, with {@link Linkage.Jumps#ENDS_SOON}
     */
    boolean flaw(int key) {
        bound(flaws);
        return flaws.add(key);
    }

    boolean hasFlaw(int key) {
        return flaws.contains(key);
    }

    /** Remembers that the load or store at an address accesses a device; says whether it is new. */
    boolean device(int pc) {
        bound(devices);
        return devices.add(pc);
    }

    boolean accessesDevice(int pc) {
        return devices.contains(pc);
    }

    private static void bound(Set<Integer> kind) {
        if (kind.size() >= MOST) {
            kind.clear();
        }
    }

    void forget() {
        targets.clear();
        flaws.clear();
        devices.clear();
    }
}
