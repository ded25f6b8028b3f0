package kseg.bus;

import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;

/**
 * The 32 interrupt lines of a bus, one per slot, level-triggered. Tells one watcher, the bus
 * controller, of every change.
 */
public final class InterruptLines {
    private int raised;
    private Runnable watcher = () -> {};

    /** The line of this slot. */
    public InterruptLine line(int slot) {
        int mask = 1 << slot;
        return new InterruptLine() {
            @Override
            public void set(boolean up) {
                int now = up ? raised | mask : raised & ~mask;
                if (now != raised) {
                    raised = now;
                    watcher.run();
                }
            }

            @Override
            public boolean raised() {
                return (raised & mask) != 0;
            }
        };
    }

    /** The raised lines; bit n is slot n. */
    public int raised() {
        return raised;
    }

    /** Calls {@code listener} after every change. The last listener wins. */
    public void watch(Runnable listener) {
        watcher = listener;
    }

    void save(StateWriter out) {
        out.putInt(raised);
    }

    /** Tells nobody: whoever depends on the lines has saved state of its own. */
    void restore(StateReader in) {
        raised = in.getInt();
    }
}
