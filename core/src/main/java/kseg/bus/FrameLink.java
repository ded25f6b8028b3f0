package kseg.bus;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import kseg.port.FramePort;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import org.jspecify.annotations.Nullable;

/**
 * A wire between the network cards of two machines. A frame that leaves one end at a machine time
 * arrives at the other exactly one latency later.
 *
 * <p>So the machines can be run in turn, in windows as long as the latency: what one sends in a
 * window arrives in the next one at the earliest, whichever of them ran first. Frames arrive in the
 * order in which they were sent. Not thread-safe: whoever runs the machines.
 */
public final class FrameLink {
    /**
     * A frame on its way.
     *
     * @param nanos machine time at which it arrives
     * @param frame the receiver's to keep
     */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares arrivals.
    public record Arrival(long nanos, byte[] frame) {}

    private static final int ENDS = 2;

    private final long latencyNanos;
    private final List<ArrayDeque<Arrival>> toward = new ArrayList<>();

    /**
     * @param latencyNanos how long a frame travels, more than 0
     */
    public FrameLink(long latencyNanos) {
        if (latencyNanos <= 0) {
            throw new IllegalArgumentException("a wire takes time");
        }
        this.latencyNanos = latencyNanos;
        for (int end = 0; end < ENDS; end++) {
            toward.add(new ArrayDeque<>());
        }
    }

    public long latencyNanos() {
        return latencyNanos;
    }

    /** What the card at this end, 0 or 1, sends its frames to. */
    public FramePort port(int end) {
        ArrayDeque<Arrival> other = toward.get(1 - end);
        return (nanos, frame) -> other.add(new Arrival(nanos + latencyNanos, frame));
    }

    /** Takes the next frame that arrives at this end before an instant, null if there is none. */
    public @Nullable Arrival take(int end, long beforeNanos) {
        Arrival first = toward.get(end).peek();
        return first != null && first.nanos < beforeNanos ? toward.get(end).remove() : null;
    }

    /** Saves the frames on their way. */
    public void save(StateWriter out) {
        out.section("frame link", 1);
        for (ArrayDeque<Arrival> frames : toward) {
            out.putInt(frames.size());
            for (Arrival arrival : frames) {
                out.putLong(arrival.nanos);
                out.putBytes(arrival.frame);
            }
        }
    }

    /** Takes back what {@link #save} wrote. */
    public void restore(StateReader in) {
        in.section("frame link", 1);
        for (ArrayDeque<Arrival> frames : toward) {
            frames.clear();
            for (int left = in.getInt(); left > 0; left--) {
                frames.add(new Arrival(in.getLong(), in.getBytes()));
            }
        }
    }
}
