package kseg.time;

import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;

/** A stream of chance that is part of a machine's state. */
public interface RandomSource {
    /** The next 32 bits. */
    int nextInt();

    void save(StateWriter out);

    void restore(StateReader in);
}
