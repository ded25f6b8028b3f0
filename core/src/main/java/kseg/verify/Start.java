package kseg.verify;

import java.util.List;

/**
 * One execution of a body: the state it starts in, what happens from outside, and where to look.
 *
 * @param pc first instruction
 * @param gpr $0 to $31, HI, LO
 * @param cp0 pairs of coprocessor 0 register and value, written in this order
 * @param tlb triples of index, EntryHi and EntryLo
 * @param pokes parts of memory that differ from the body's
 * @param lines interrupt lines that change, by cycle
 * @param stops where engines are stopped and states compared, by cycle; the last one is the end
 */
@SuppressWarnings("ArrayRecordComponent") // large, and compared as objects
public record Start(
        int pc,
        int[] gpr,
        int[] cp0,
        int[] tlb,
        List<Part> pokes,
        List<LineChange> lines,
        List<Stop> stops) {

    /** Registers in {@link #gpr}: the general ones, then HI and LO. */
    static final int REGISTERS = 34;

    /** A line changes in front of the step that starts at this cycle. */
    public record LineChange(long cycle, int line, boolean raised) {}

    /** What happens at a stop, once states have been compared. */
    public enum Action {
        /** Nothing. */
        LOOK,
        /** Memory is hashed: all pages become clean. */
        HASH,
        /** Memory is shared with a snapshot: all pages become copy-on-write. */
        SHARE,
        /** All page maps are dropped, as when another CPU had its turn. */
        DROP,
        /** A word in memory changes, as by a device or a debugger. */
        WRITE,
        /** The next device access has to wait for other CPUs once. */
        BLOCK
    }

    /**
     * A place to stop.
     *
     * @param cycle after so many steps
     * @param paddr of the word that {@link Action#WRITE} changes
     * @param word its new value, big-endian
     */
    public record Stop(long cycle, Action action, int paddr, int word) {
        static Stop look(long cycle) {
            return new Stop(cycle, Action.LOOK, 0, 0);
        }
    }

    /** Steps of the execution. */
    long steps() {
        return stops.getLast().cycle();
    }

    Start withStops(List<Stop> changed) {
        return new Start(pc, gpr, cp0, tlb, pokes, lines, changed);
    }

    Start withLines(List<LineChange> changed) {
        return new Start(pc, gpr, cp0, tlb, pokes, changed, stops);
    }

    Start withPokes(List<Part> changed) {
        return new Start(pc, gpr, cp0, tlb, changed, lines, stops);
    }

    Start withTlb(int[] changed) {
        return new Start(pc, gpr, cp0, changed, pokes, lines, stops);
    }

    Start withGpr(int[] changed) {
        return new Start(pc, changed, cp0, tlb, pokes, lines, stops);
    }

    Start withCp0(int[] changed) {
        return new Start(pc, gpr, changed, tlb, pokes, lines, stops);
    }
}
