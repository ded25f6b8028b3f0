package kseg.engine.compile;

import kseg.cpu.Cpu;

/**
 * Compiled code for a part of one address space's instructions: a control-flow graph with its
 * loops, branches and small callees. A generated subclass knows its instructions and their virtual
 * addresses; an instance knows in which frames they must lie.
 *
 * <p>The page maps stand still while compiled code runs: only {@link kseg.cpu.PreciseStep} changes
 * them. So it is enough to look at the fetch map on entry.
 */
abstract class Region {
    /** Most pages a region may spread over. */
    static final int MAX_PAGES = 4;

    /** Most loops of a region that have second copies. */
    static final int MAX_LOOPS = 8;

    /** How deep regions may call each other before they go back to the engine. */
    static final int MAX_DEPTH = 200;

    /** Bits of what {@link #stop} is told besides the address; the rest only tells stops apart. */
    static final int STOP_BITS = 13;

    /** The instruction is in a delay slot: {@code cpu.npc} is right already. */
    static final int STOP_IN_SLOT = 1 << STOP_BITS - 1;

    /** Stands in {@link Linkage.Slot} for code that is not compiled: goes back to the engine. */
    static final Region ABSENT =
            new Region() {
                @Override
                int run(Cpu cpu, int pc, int budget, int depth) {
                    return leave(cpu, pc, budget);
                }
            };

    /** Address it was compiled for, with bit 0 set for user mode. */
    int key;

    /** Address whose samples had it compiled, with bit 0 set for user mode. */
    int hot;

    /** Of the first instructions there, when it was installed. */
    int hash;

    /** Whether it ends where other regions can be entered. */
    boolean rest;

    /** Addresses of its pages. */
    int[] pages = {};

    /** Whether another has been asked for in its place, in which device accesses are steps. */
    boolean outdated;

    /** Whether it may be all of a function that is small enough to be inlined. */
    boolean small;

    /** How often accesses that share a translation have crossed a page's end. */
    int straddles;

    /** By loop, how often in a row its second copy has been left soon. */
    final int[] briefs = new int[MAX_LOOPS];

    /** How often pointers' translations have changed since a second copy was last left. */
    int moved;

    /** The latest of these translations. */
    int movedTo;

    /** Fetch map entries its pages must have; as many count as the generated code compares. */
    int entry0;

    int entry1;
    int entry2;
    int entry3;

    /** Sets the fetch map entry its {@code i}-th page must have. */
    final void bind(int i, int entry) {
        switch (i) {
            case 0 -> entry0 = entry;
            case 1 -> entry1 = entry;
            case 2 -> entry2 = entry;
            default -> entry3 = entry;
        }
    }

    /**
     * Executes from {@code pc}, one of its entries, which is not in a delay slot.
     *
     * @param budget how many steps are allowed, at least 0
     * @param depth how many regions this one may still call within each other
     * @return how many are left; complemented if it stopped before an instruction it cannot execute
     *     this time or before a block that is longer than what is left. {@code cpu} stands at the
     *     next instruction.
     */
    abstract int run(Cpu cpu, int pc, int budget, int depth);

    /** Leaves for code at {@code pc}. */
    static int leave(Cpu cpu, int pc, int left) {
        cpu.pc = pc;
        cpu.npc = pc + 4;
        cpu.inSlot = false;
        return left;
    }

    /**
     * Stops before an instruction.
     *
     * @param where its address; in the upper half the steps executed but not subtracted yet, with
     *     {@link #STOP_IN_SLOT}
     * @param left the budget from which to subtract them
     * @return what {@link #run} does
     */
    static int stop(Cpu cpu, long where, int left) {
        int pc = (int) where;
        int state = (int) (where >>> 32);
        boolean inSlot = (state & STOP_IN_SLOT) != 0;
        cpu.pc = pc;
        if (!inSlot) {
            cpu.npc = pc + 4;
        }
        cpu.inSlot = inSlot;
        return ~(left - (state & STOP_IN_SLOT - 1));
    }
}
