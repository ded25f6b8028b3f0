package kseg.bus;

import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import org.jspecify.annotations.Nullable;

/**
 * The 32 interrupt lines of a bus, one per slot, level-triggered. Tells one watcher, the bus
 * controller, of every change, and a trace, if there is one, whenever a line is driven.
 */
public final class InterruptLines {
    private int raised;
    private Runnable watcher = () -> {};
    private @Nullable LineTrace trace;

    /** Sees a slot's line driven, also to the level it has. */
    public interface LineTrace {
        void driven(int slot, boolean up);
    }

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
                LineTrace seen = trace;
                if (seen != null) {
                    seen.driven(slot, up);
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

    /** Shows {@code to} from here on how lines are driven; nobody if null. */
    public void trace(@Nullable LineTrace to) {
        trace = to;
    }

    void save(StateWriter out) {
        out.putInt(raised);
    }

    /** Tells nobody: whoever depends on the lines has saved state of its own. */
    void restore(StateReader in) {
        raised = in.getInt();
    }
}
