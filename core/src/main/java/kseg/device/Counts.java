package kseg.device;

import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;

/**
 * How much a device has transferred, for statistics: sectors, characters, files operations or
 * frames, as the device's documentation says. Part of the machine's state, never read by the guest.
 */
public final class Counts {
    long reads;
    long writes;
    long others;

    Counts() {}

    public long reads() {
        return reads;
    }

    public long writes() {
        return writes;
    }

    /** Operations that transfer nothing: opens, closes; for a network card, frames lost. */
    public long others() {
        return others;
    }

    void save(StateWriter out) {
        out.putLong(reads);
        out.putLong(writes);
        out.putLong(others);
    }

    void restore(StateReader in) {
        reads = in.getLong();
        writes = in.getLong();
        others = in.getLong();
    }
}
