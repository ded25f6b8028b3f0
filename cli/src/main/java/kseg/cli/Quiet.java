package kseg.cli;

import kseg.machine.Machine;

/**
 * Notices when a guest has had nothing to do for a while: it printed nothing, moved no data, and
 * its processors mostly waited. Measured in machine time, so that it comes to the same answer in
 * each run.
 */
final class Quiet {
    /** Ten minutes, in cycles of 40 ns: longer than any program sleeps without a word. */
    private static final long LONG_ENOUGH_CYCLES = 600 * 25_000_000L;

    /** A guest that executes less than one step in so many cycles only minds its timers. */
    private static final long CYCLES_PER_STEP = 20;

    private final Machine machine;
    private final ConsoleOutput output;
    private long cycle;
    private long step;
    private long transfers;
    private long written;
    private long since;

    Quiet(Machine machine, ConsoleOutput output) {
        this.machine = machine;
        this.output = output;
    }

    /** To be asked after every slice. */
    boolean longEnough() {
        var position = machine.position();
        long moved = DeviceCounts.transfers(machine);
        boolean busy =
                moved != transfers
                        || output.written() != written
                        || (position.step() - step) * CYCLES_PER_STEP > position.cycle() - cycle;
        cycle = position.cycle();
        step = position.step();
        transfers = moved;
        written = output.written();
        if (busy) {
            since = cycle;
        }
        return cycle - since >= LONG_ENOUGH_CYCLES;
    }
}
