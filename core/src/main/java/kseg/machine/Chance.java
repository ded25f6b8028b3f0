package kseg.machine;

import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import kseg.time.RandomSource;

/** What is left to chance in a machine's devices, and where the chances come from. */
interface Chance {
    /** A device's delay as it turns out: lengthened by 0 to 1 percent. */
    long lengthened(long delayNanos);

    /** Where the random device in this slot has its numbers from. Called in the cards' order. */
    RandomSource device(int slot);

    void save(StateWriter out);

    void restore(StateReader in);
}
