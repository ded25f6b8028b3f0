package kseg.time;

import java.util.Arrays;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;

/**
 * Pending events in total order: by due time, then by order of insertion.
 *
 * <p>An event names its target and kind by number instead of holding a callback, so that a queue
 * can be saved, hashed and restored into another machine. Not thread-safe: the machine's owner.
 */
public final class EventQueue {
    /** {@link #nextNanos()} of an empty queue. */
    public static final long NEVER = Long.MAX_VALUE;

    /** The target of an event that was cancelled but keeps its place ({@link #disown}). */
    public static final int NOBODY = -1;

    /** One pending event; {@code sequence} makes the order of equal times that of insertion. */
    public record Event(long nanos, long sequence, int target, int kind, long argument) {
        boolean before(Event other) {
            return nanos < other.nanos || (nanos == other.nanos && sequence < other.sequence);
        }
    }

    private Event[] heap = new Event[16];
    private int size;
    private long nextSequence;

    /** Adds an event due at {@code nanos} of machine time. */
    public void schedule(long nanos, int target, int kind, long argument) {
        add(new Event(nanos, nextSequence++, target, kind, argument));
    }

    /** Removes every pending event of this target and kind; says whether there was one. */
    public boolean cancel(int target, int kind) {
        Event[] kept = new Event[heap.length];
        int count = 0;
        for (int i = 0; i < size; i++) {
            Event event = heap[i];
            if (event.target != target || event.kind != kind) {
                kept[count++] = event;
            }
        }
        boolean found = count != size;
        if (found) {
            heap = kept;
            size = 0;
            for (int i = 0; i < count; i++) {
                add(kept[i]);
            }
        }
        return found;
    }

    /**
     * Leaves every pending event of this target and kind in its place, but for nobody: it will be
     * dispatched without effect. Says whether there was one.
     */
    public boolean disown(int target, int kind) {
        boolean found = false;
        for (int i = 0; i < size; i++) {
            Event event = heap[i];
            if (event.target == target && event.kind == kind) {
                heap[i] = new Event(event.nanos, event.sequence, NOBODY, kind, event.argument);
                found = true;
            }
        }
        return found;
    }

    /** Whether an event of this target and kind is pending. */
    public boolean pending(int target, int kind) {
        for (int i = 0; i < size; i++) {
            if (heap[i].target == target && heap[i].kind == kind) {
                return true;
            }
        }
        return false;
    }

    /** Due time of the earliest event, {@link #NEVER} when there is none. */
    public long nextNanos() {
        return size == 0 ? NEVER : heap[0].nanos;
    }

    /** Number of pending events. */
    public int size() {
        return size;
    }

    /** Removes and returns the earliest event. */
    public Event poll() {
        if (size == 0) {
            throw new IllegalStateException("no pending event");
        }
        Event first = heap[0];
        Event last = heap[--size];
        int hole = 0;
        while (true) {
            int child = 2 * hole + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && heap[child + 1].before(heap[child])) {
                child++;
            }
            if (!heap[child].before(last)) {
                break;
            }
            heap[hole] = heap[child];
            hole = child;
        }
        heap[hole] = last;
        return first;
    }

    /** Pending events, earliest first. */
    public Event[] inOrder() {
        Event[] events = Arrays.copyOf(heap, size);
        Arrays.sort(events, (a, b) -> a.before(b) ? -1 : 1);
        return events;
    }

    /** Saves the pending events and the insertion counter. */
    public void save(StateWriter out) {
        out.section("events", 1);
        out.putLong(nextSequence);
        out.putInt(size);
        for (Event event : inOrder()) {
            out.putLong(event.nanos);
            out.putLong(event.sequence);
            out.putInt(event.target);
            out.putInt(event.kind);
            out.putLong(event.argument);
        }
    }

    /** Replaces the contents by what {@link #save} wrote. */
    public void restore(StateReader in) {
        in.section("events", 1);
        nextSequence = in.getLong();
        int count = in.getInt();
        size = 0;
        for (int i = 0; i < count; i++) {
            long nanos = in.getLong();
            long sequence = in.getLong();
            int target = in.getInt();
            int kind = in.getInt();
            add(new Event(nanos, sequence, target, kind, in.getLong()));
        }
    }

    private void add(Event event) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        int hole = size++;
        while (hole > 0) {
            int parent = (hole - 1) >>> 1;
            if (heap[parent].before(event)) {
                break;
            }
            heap[hole] = heap[parent];
            hole = parent;
        }
        heap[hole] = event;
    }
}
