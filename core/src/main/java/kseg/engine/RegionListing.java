package kseg.engine;

import java.util.List;

/**
 * A compiled region, for people to read.
 *
 * @param blocks its guest code, in the order of translation; the callees it includes appear once
 *     for each call
 * @param classFile the class it was translated to; the method {@code run} is the region
 * @param bytecodes length of its longest method
 * @param calls how many other regions it calls directly
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RegionListing(List<Block> blocks, byte[] classFile, int bytecodes, int calls) {
    /**
     * A basic block.
     *
     * @param entry whether the region can be entered there
     */
    public record Block(int pc, int instructions, boolean entry) {}
}
