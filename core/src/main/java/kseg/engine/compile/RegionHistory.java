package kseg.engine.compile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kseg.engine.RegionProfile;
import org.jspecify.annotations.Nullable;

/** What is known of a family's regions from earlier runs, and what this run adds to it. */
final class RegionHistory {
    private final Map<Long, RegionProfile.Hot> before = new LinkedHashMap<>();
    private final Set<Integer> keys = new LinkedHashSet<>();
    private final Map<Long, RegionProfile.Hot> now = new LinkedHashMap<>();

    RegionHistory(RegionProfile profile) {
        for (RegionProfile.Hot hot : profile.regions()) {
            before.put(id(hot.key(), hot.hash()), hot);
            keys.add(hot.key());
        }
    }

    private static long id(int key, int hash) {
        return (long) key << 32 | hash & 0xffffffffL;
    }

    /** Whether an earlier run compiled something at this address. */
    boolean mayKnow(int key) {
        return keys.contains(key);
    }

    /** What an earlier run compiled here. */
    RegionProfile.@Nullable Hot known(int key, int hash) {
        return before.get(id(key, hash));
    }

    void installed(int key, int hash, List<Integer> pages) {
        long id = id(key, hash);
        if (now.size() >= RegionProfile.MAX_REGIONS || now.containsKey(id)) {
            return;
        }
        var jumps = new LinkedHashMap<Integer, List<Integer>>();
        RegionProfile.Hot hot = before.get(id);
        if (hot != null) {
            hot.jumps().forEach((site, targets) -> jumps.put(site, new ArrayList<>(targets)));
        }
        now.put(id, new RegionProfile.Hot(key, hash, List.copyOf(pages), jumps));
    }

    /** Remembers where an indirect jump of an installed region went. */
    void jumped(int key, int hash, int site, int target) {
        RegionProfile.Hot hot = now.get(id(key, hash));
        if (hot == null
                || hot.jumps().size() >= RegionProfile.MAX_SITES
                        && !hot.jumps().containsKey(site)) {
            return;
        }
        List<Integer> targets = hot.jumps().computeIfAbsent(site, _ -> new ArrayList<>());
        if (targets.size() < RegionProfile.MAX_TARGETS && !targets.contains(target)) {
            targets.add(target);
        }
    }

    /** This run's regions in the order in which they were hot, then those it had no use for. */
    RegionProfile profile() {
        var all = new ArrayList<RegionProfile.Hot>();
        now.values().forEach(hot -> all.add(copy(hot)));
        before.forEach((id, hot) -> {
            if (!now.containsKey(id) && all.size() < RegionProfile.MAX_REGIONS) {
                all.add(hot);
            }
        });
        return new RegionProfile(all);
    }

    private static RegionProfile.Hot copy(RegionProfile.Hot hot) {
        var jumps = new LinkedHashMap<Integer, List<Integer>>();
        hot.jumps().forEach((site, targets) -> jumps.put(site, List.copyOf(targets)));
        return new RegionProfile.Hot(hot.key(), hot.hash(), hot.pages(), jumps);
    }
}
