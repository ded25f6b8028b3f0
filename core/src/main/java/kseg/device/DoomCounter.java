package kseg.device;

import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;

/**
 * Counts down the write commands given to a machine's disks, and ends the run at the last one: a
 * crash at a chosen point, to test file systems with (System/161's option -D). Shared by the disks.
 */
public final class DoomCounter {
    private final Runnable doom;
    private int remaining;

    /**
     * @param writes the number of the write command that is fatal, 0 for none
     * @param doom called when it is given, before anything is written
     */
    public DoomCounter(int writes, Runnable doom) {
        this.remaining = writes;
        this.doom = doom;
    }

    void tick() {
        if (remaining > 0 && --remaining == 0) {
            doom.run();
        }
    }

    void save(StateWriter out) {
        out.putInt(remaining);
    }

    void restore(StateReader in) {
        remaining = in.getInt();
    }
}
