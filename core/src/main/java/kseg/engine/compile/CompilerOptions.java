package kseg.engine.compile;

/**
 * How eagerly the compiler works. Nothing here is visible to the guest.
 *
 * @param threshold compile what the engine's samples say has cost so many steps; at least 1
 * @param background compile in a thread of its own, not in the machine's
 * @param maxRegions regions kept at a time; beyond that the oldest half goes
 * @param disturbance 0, or the seed of random delays and evictions, to test that they do not show
 */
public record CompilerOptions(int threshold, boolean background, int maxRegions, long disturbance) {
    /** For running guests. */
    public static final CompilerOptions DEFAULT = new CompilerOptions(40_000, true, 3000, 0);

    /** For tests: everything is compiled before it is executed for the first time. */
    public static final CompilerOptions EAGER = new CompilerOptions(1, false, 3000, 0);

    public CompilerOptions {
        if (threshold < 1 || maxRegions < 2) {
            throw new IllegalArgumentException("threshold at least 1, room for 2 regions");
        }
    }
}
