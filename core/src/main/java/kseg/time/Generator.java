package kseg.time;

import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;

/**
 * A seeded stream of chance (SplitMix64, Steele, Lea and Flood 2014): 64 bits of state, period
 * 2^64.
 *
 * <p>Each use has a stream of its own, so that one more draw in a device does not shift the CPUs'
 * interleaving. The state is guest-visible and saved with the machine.
 */
public final class Generator implements RandomSource {
    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    /** Stream number {@code stream} of the machine's {@code seed}. */
    public Generator(long seed, int stream) {
        state = mix(seed + GAMMA * (stream + 1L)) ^ mix(stream);
    }

    /** The next 64 bits. */
    public long nextLong() {
        state += GAMMA;
        return mix(state);
    }

    @Override
    public int nextInt() {
        return (int) (nextLong() >>> 32);
    }

    /** Uniform in [0, bound), for 1 ≤ bound < 2^31. */
    public int below(int bound) {
        return (int) (((nextLong() >>> 33) * bound) >>> 31);
    }

    @Override
    public void save(StateWriter out) {
        out.putLong(state);
    }

    @Override
    public void restore(StateReader in) {
        state = in.getLong();
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
