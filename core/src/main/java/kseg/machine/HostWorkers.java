package kseg.machine;

import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import kseg.engine.compile.HostWorker;

/**
 * Host workers whose machines are gone, for those that come: a machine that gets one finds the code
 * compiled that ran there before. That is all it can find of the others, and it does not show but
 * in its speed.
 *
 * <p>Any thread may use it.
 */
public final class HostWorkers {
    private final int most;

    /** Soft, so that they are in no machine's way when memory is short. */
    private final Deque<SoftReference<HostWorker>> idle = new ArrayDeque<>();

    /** Keeps so many. */
    public HostWorkers(int most) {
        this.most = most;
    }

    /** Keeps none: each machine has a worker of its own. */
    public static HostWorkers none() {
        return new HostWorkers(0);
    }

    /** The one that was used last of those that suit a machine with this much RAM, or a new one. */
    synchronized HostWorker take(int ramBytes) {
        Iterator<SoftReference<HostWorker>> latestFirst = idle.iterator();
        while (latestFirst.hasNext()) {
            HostWorker worker = latestFirst.next().get();
            if (worker == null) {
                latestFirst.remove();
            } else if (worker.suits(ramBytes)) {
                latestFirst.remove();
                return worker;
            }
        }
        return new HostWorker(ramBytes);
    }

    /** Whether it keeps any. */
    boolean keeps() {
        return most > 0;
    }

    /** Takes one whose family is over, but for one of which snapshots still hold frames. */
    synchronized void giveBack(HostWorker worker) {
        if (!worker.fit()) {
            return;
        }
        idle.addFirst(new SoftReference<>(worker));
        if (idle.size() > most) {
            idle.removeLast();
        }
    }
}
