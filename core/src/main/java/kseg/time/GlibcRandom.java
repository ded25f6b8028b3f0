package kseg.time;

import java.util.Arrays;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;

/**
 * The numbers of the GNU C library's {@code random()}, which System/161 draws from on Linux: an
 * additive feedback generator over 31 words, each the sum of those 3 and 31 before it, filled from
 * the seed by a linear congruential generator (Park and Miller's), its first 310 results dropped.
 */
public final class GlibcRandom implements RandomSource {
    private static final int WORDS = 31;
    private static final int LAG = 3;
    private static final int DROPPED = 310;
    private static final int MULTIPLIER = 16_807;
    private static final int MODULUS = 0x7fff_ffff;

    private final int[] words = new int[WORDS];

    /** Where the oldest word is, which the next one replaces. */
    private int oldest;

    /** The stream of a process that has not chosen a seed: that of 1. */
    public GlibcRandom() {
        seed(1);
    }

    /** Starts the stream of a seed; 0 stands for 1. */
    public void seed(int seed) {
        words[0] = seed == 0 ? 1 : seed;
        for (int i = 1; i < WORDS; i++) {
            long product = (long) MULTIPLIER * words[i - 1] % MODULUS;
            words[i] = (int) (product < 0 ? product + MODULUS : product);
        }
        oldest = LAG;
        for (int i = 0; i < DROPPED; i++) {
            draw();
        }
    }

    /** The next number, 0 to 2^31 - 1. */
    public int draw() {
        words[oldest] += words[(oldest + WORDS - LAG) % WORDS];
        int drawn = words[oldest] >>> 1;
        oldest = (oldest + 1) % WORDS;
        return drawn;
    }

    /** 32 bits as System/161's random device makes them of two numbers. */
    @Override
    public int nextInt() {
        int first = draw();
        return first ^ draw() << 16;
    }

    @Override
    public void save(StateWriter out) {
        out.putInts(Arrays.copyOf(words, WORDS));
        out.putInt(oldest);
    }

    @Override
    public void restore(StateReader in) {
        in.getInts(words);
        oldest = in.getInt();
    }
}
