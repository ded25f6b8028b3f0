package kseg.cli;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import kseg.machine.HostWorkers;

/**
 * The daemon's host workers, by what they have run: kernels that took turns would make each other's
 * code go (decision 0016).
 *
 * <p>Any thread may use it.
 */
final class DaemonWorkers {
    /** Kernels of which something is kept for machines to come. */
    private static final int MOST_KERNELS = 6;

    /** What is kept of each, if there is room: a worker takes a little more than its RAM. */
    private static final int MOST_WORKERS = 4;

    /** By the kernel's fingerprint; what has not been asked for longest comes first. */
    private final LinkedHashMap<String, HostWorkers> workers = new LinkedHashMap<>(16, 0.75f, true);

    /** The fingerprint of what a file was when it was run last. */
    private final Map<String, String> files = new HashMap<>();

    /**
     * Those that have run a kernel; else those that ran its file when that was another, since most
     * of a kernel that is built anew is what it was, and all of the programs; else new ones, or
     * those that have not been asked for longest.
     */
    synchronized HostWorkers of(String fingerprint, String file) {
        HostWorkers known = workers.get(fingerprint);
        if (known == null) {
            known = workers.remove(files.getOrDefault(file, ""));
        }
        if (known == null) {
            known =
                    workers.size() < MOST_KERNELS
                            ? new HostWorkers(MOST_WORKERS)
                            : workers.pollFirstEntry().getValue();
        }
        workers.put(fingerprint, known);
        files.put(file, fingerprint);
        files.values().retainAll(workers.keySet());
        return known;
    }
}
