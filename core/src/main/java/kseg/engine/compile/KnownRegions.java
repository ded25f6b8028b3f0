package kseg.engine.compile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Regions that were installed once, by the addresses at which they are wanted: where the same code
 * turns up again, in a process's own copy of its program or in the next machine, they are installed
 * there, too, without being compiled. Used by the machine's owner only.
 */
final class KnownRegions {
    /** How many of one address are kept: that many programs may have their own code there. */
    private static final int MOST_OF_ONE = 8;

    /** How many are kept; beyond that the half goes that has not been used for longest. */
    static final int MOST = 1_000;

    /** Those that this many machines had no use for, but for others, are forgotten. */
    private static final int MACHINES = 8;

    /** One of them, when it was last used, and by which machine. */
    private static final class Known {
        final Compilation compilation;
        long used;
        int machine;

        Known(Compilation compilation) {
            this.compilation = compilation;
        }
    }

    private final Map<Integer, List<Known>> byKey = new LinkedHashMap<>();

    /** Counts what has been added. */
    private long added;

    /** Counts machines that have used or added any. */
    private int machine;

    /** Whether the present one has not. */
    private boolean untouched;

    /** Remembers a region that has just been installed. */
    void add(Compilation compilation) {
        var known = new Known(compilation);
        added++;
        use(known);
        for (int pc : compilation.entries()) {
            add(CodeCache.key(pc, compilation.user()), known);
        }
        if (!compilation.entries().contains(compilation.region().hot & ~1)) {
            add(compilation.region().hot, known);
        }
        if (added % (MOST / 2) == 0) {
            forget(old -> old.used <= added - MOST / 2);
        }
    }

    private void use(Known known) {
        if (untouched) {
            untouched = false;
            machine++;
        }
        known.used = added;
        known.machine = machine;
    }

    private void add(int key, Known known) {
        List<Known> list = byKey.computeIfAbsent(key, _ -> new ArrayList<>());
        if (list.size() >= MOST_OF_ONE) {
            list.removeLast();
        }
        list.addFirst(known);
    }

    /** Those wanted at an address, the latest first. */
    List<Compilation> at(int key) {
        List<Known> list = byKey.get(key);
        return list == null ? List.of() : list.stream().map(known -> known.compilation).toList();
    }

    /** One of those for an address has been installed again. */
    @SuppressWarnings("ReferenceEquality") // the very same one
    void used(int key, Compilation compilation) {
        for (Known known : byKey.getOrDefault(key, List.of())) {
            if (known.compilation == compilation) {
                use(known);
            }
        }
    }

    /** Another machine begins. */
    void begin() {
        untouched = true;
        forget(known -> known.machine + MACHINES <= machine);
    }

    /** Forgets all that cannot be used since the pool has these bytes. */
    @SuppressWarnings("ReferenceEquality") // the very same array
    void keep(byte[] memory) {
        forget(known -> known.compilation.type().memory() != memory);
    }

    private void forget(Predicate<Known> which) {
        byKey.values().forEach(list -> list.removeIf(which));
        byKey.values().removeIf(List::isEmpty);
    }

    /** The classes of all of them. */
    Set<RegionClass> classes() {
        Set<RegionClass> classes = new LinkedHashSet<>();
        for (List<Known> list : byKey.values()) {
            list.forEach(known -> classes.add(known.compilation.type()));
        }
        return classes;
    }
}
