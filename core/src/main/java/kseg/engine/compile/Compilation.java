package kseg.engine.compile;

import java.util.List;

/**
 * A region compiled but not yet installed.
 *
 * @param region an instance, not yet bound to frames
 * @param graph its instructions, as they were when it was scouted
 * @param pages page addresses, in the order the generated code compares them
 * @param type its class
 */
record Compilation(Region region, RegionGraph graph, List<Integer> pages, RegionClass type) {
    boolean user() {
        return (region.key & 1) != 0;
    }

    List<Integer> entries() {
        return graph.entries().stream().map(block -> block.pc).toList();
    }

    /** The same region, to be installed elsewhere, too. */
    Compilation another() {
        Region twin = type.instance(region.key);
        twin.hot = region.hot;
        twin.hash = region.hash;
        twin.rest = region.rest;
        twin.small = region.small;
        return new Compilation(twin, graph, pages, type);
    }
}
