package kseg.machine;

import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import kseg.time.GlibcRandom;
import kseg.time.RandomSource;

/**
 * The one stream of System/161: the C library's, drawn from by jitter and random devices alike, and
 * seeded when a random device is made; what is drawn before comes from the unseeded stream.
 */
final class StrictChance implements Chance {
    private static final double MOST = 0x7fff_ffff;

    private final GlibcRandom random = new GlibcRandom();
    private final int seed;

    StrictChance(long seed) {
        this.seed = (int) seed;
    }

    /** The next number of the stream. */
    int draw() {
        return random.draw();
    }

    /** In System/161's floating point; a delay of nothing draws a number too. */
    @Override
    public long lengthened(long delayNanos) {
        return delayNanos + (long) (random.draw() * (delayNanos * 0.01) / MOST);
    }

    @Override
    public RandomSource device(int slot) {
        random.seed(seed);
        return random;
    }

    @Override
    public void save(StateWriter out) {
        random.save(out);
    }

    @Override
    public void restore(StateReader in) {
        random.restore(in);
    }
}
