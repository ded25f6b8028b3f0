package kseg.engine;

/**
 * What the compiling engine of a family of machines has done since the family was created. Says
 * nothing about the guest: it depends on when compilation was finished, and differs between equal
 * runs.
 */
public record TierReport(Steps steps, Entries entries, Regions regions) {
    /**
     * Steps by what executed them. Those of traced or profiled processors are not among them.
     *
     * @param compiled by regions, accesses to devices included that they have executed in full
     * @param interpreted by the interpreter's loop
     * @param precise by {@link kseg.cpu.PreciseStep}: exceptions, devices, pages not in the maps
     * @param skipped of loops that waited, which nothing executed
     */
    public record Steps(long compiled, long interpreted, long precise, long skipped) {
        public long total() {
            return compiled + interpreted + precise + skipped;
        }
    }

    /**
     * How regions were entered from the engine, and how they came back to it. Regions that call
     * each other are one entry.
     *
     * @param entered how often
     * @param left came back for code outside, compiled or not
     * @param relinked came back from a call of a region of another address space, which was then
     *     corrected
     * @param kind stopped before an instruction that regions do not execute, or not in this state
     * @param access stopped before a load or store of a device not known to the region, of a page
     *     that is not in the maps, or at an address not aligned
     * @param budget stopped, for none of these, with fewer steps left than a block may have
     * @param other stopped for any other cause: overflow, frames that changed
     */
    public record Entries(
            long entered,
            long left,
            long relinked,
            long kind,
            long access,
            long budget,
            long other) {
        /** Stops before an instruction, for whatever cause. */
        public long stops() {
            return kind + access + budget + other;
        }
    }

    /**
     * Regions.
     *
     * @param requested accepted by the compiler's queue
     * @param recalled of these, requested at once because an earlier run had compiled them
     * @param installed ready, and fit to be run
     * @param reused of these, not requested: they had been compiled for the same code elsewhere
     * @param fruitless requested where there is nothing to compile, or another region compiled
     *     meanwhile holds it
     * @param stale not those in memory any more when they were ready
     * @param replaced removed for a larger region with the same entry
     * @param overwritten removed because their code was written, or its frame given back
     * @param evicted removed for want of room
     * @param present installed now
     * @param bytecodeBytes length of the methods of all that were installed
     */
    public record Regions(
            long requested,
            long recalled,
            long installed,
            long reused,
            long fruitless,
            long stale,
            long replaced,
            long overwritten,
            long evicted,
            long present,
            long bytecodeBytes) {
        public long removed() {
            return replaced + overwritten + evicted;
        }
    }
}
