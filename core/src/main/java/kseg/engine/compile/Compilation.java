package kseg.engine.compile;

import java.util.List;

/**
 * A region compiled but not yet installed.
 *
 * @param region an instance, not yet bound to frames
 * @param graph its instructions, as they were when it was scouted
 * @param pages page addresses, in the order the generated code compares them
 * @param calls addresses of the regions it calls directly
 * @param memory the frame pool it is linked to
 * @param bytecodes length of its method
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, shared on purpose
record Compilation(
        Region region,
        RegionGraph graph,
        List<Integer> pages,
        List<Integer> calls,
        byte[] memory,
        int bytecodes) {
    boolean user() {
        return (region.key & 1) != 0;
    }

    List<Integer> entries() {
        return graph.entries().stream().map(block -> block.pc).toList();
    }
}
