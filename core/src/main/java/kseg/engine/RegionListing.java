package kseg.engine;

import java.util.List;

/**
 * A compiled region, for people to read.
 *
 * @param methods what it was translated to: the region itself, then the second copies of its loops
 * @param classFile the class that holds the methods
 * @param calls how many other regions it calls directly
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RegionListing(List<Method> methods, byte[] classFile, int calls) {
    /**
     * A method of the class.
     *
     * @param blocks its guest code, in the order of translation; the callees it includes appear
     *     once for each call
     * @param bytecodes its length
     */
    public record Method(String name, List<Block> blocks, int bytecodes) {}

    /**
     * A basic block.
     *
     * @param entry whether the region can be entered there
     */
    public record Block(int pc, int instructions, boolean entry) {}
}
