package kseg.engine.compile;

import java.util.List;

/** What running has taught about code, for who looks for a region in one address space. */
interface Hints {
    /** Known targets of an indirect jump at an address. */
    List<Integer> targets(int pc);

    /** Whether accesses of the block at an address have crossed a page's end together. */
    boolean straddles(int pc);

    /** Whether the loop that begins at an address mostly ends after a few rounds. */
    boolean endsSoon(int pc);

    /** Whether the load or store at an address mostly accesses a device. */
    default boolean accessesDevice(int pc) {
        return false;
    }

    /** How hot samples have shown the block at an address to be. */
    default int heat(int pc) {
        return 0;
    }

    /** Whether an installed region can be entered at an address. */
    default boolean entered(int pc) {
        return false;
    }
}
