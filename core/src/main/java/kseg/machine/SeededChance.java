package kseg.machine;

import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import kseg.time.Generator;
import kseg.time.RandomSource;

/** Streams of the machine's seed, one for each use. */
final class SeededChance implements Chance {
    private static final int JITTER_STREAM = 1;

    /** Streams of random cards start here, one for each slot. */
    private static final int RANDOM_STREAM = 16;

    private final long seed;
    private final Generator jitter;

    SeededChance(long seed) {
        this.seed = seed;
        jitter = new Generator(seed, JITTER_STREAM);
    }

    @Override
    public long lengthened(long delayNanos) {
        long most = delayNanos / 100 + 1;
        return delayNanos + Long.remainderUnsigned(jitter.nextLong(), most);
    }

    @Override
    public RandomSource device(int slot) {
        return new Generator(seed, RANDOM_STREAM + slot);
    }

    @Override
    public void save(StateWriter out) {
        jitter.save(out);
    }

    @Override
    public void restore(StateReader in) {
        jitter.restore(in);
    }
}
