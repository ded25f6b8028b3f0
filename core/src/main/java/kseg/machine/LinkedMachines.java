package kseg.machine;

import kseg.bus.FrameLink;
import kseg.journal.Input;
import org.jspecify.annotations.Nullable;

/**
 * Two machines whose network cards are joined by a wire, run in turn in windows as long as the
 * wire's latency, so that neither can miss a frame of the other. The frames a machine receives are
 * inputs in its journal: each can be replayed without the other.
 *
 * <p>Not thread-safe: the machines' owner.
 */
public final class LinkedMachines {
    private final FrameLink link;
    private final Station[] stations;
    private long windowStart;

    /**
     * A machine at one end of the wire.
     *
     * @param nicSlot slot of the card, whose port must be the link's at this end
     */
    public record Station(Machine machine, int nicSlot) {}

    /** Why one of the machines stopped; the other has reached the end of the same window. */
    public record Stop(int end, Exit exit) {}

    /**
     * @param zero the machine at end 0, at power-on
     * @param one the machine at end 1, at power-on
     */
    public LinkedMachines(FrameLink link, Station zero, Station one) {
        this.link = link;
        this.stations = new Station[] {zero, one};
    }

    /**
     * Runs both machines, by whole windows, until a machine time is reached or one stops.
     *
     * @return null when the time was reached
     */
    public @Nullable Stop run(long untilNanos) {
        Stop stop = null;
        while (stop == null && windowStart < untilNanos) {
            long end = windowStart + link.latencyNanos();
            for (int i = 0; i < stations.length; i++) {
                Exit exit = runWindow(i, end);
                if (exit != null && stop == null) {
                    stop = new Stop(i, exit);
                }
            }
            windowStart = end;
        }
        return stop;
    }

    /** Runs one machine to the end of the window; null when it got there. */
    private @Nullable Exit runWindow(int end, long windowEnd) {
        Station station = stations[end];
        while (true) {
            FrameLink.Arrival arrival = link.take(end, windowEnd);
            long nanos = arrival == null ? windowEnd : arrival.nanos();
            Exit exit = runTo(station.machine(), Timeline.cycleAt(nanos));
            if (arrival != null) {
                station.machine()
                        .input(new Input(Input.Kind.FRAME, station.nicSlot(), arrival.frame()));
            }
            if (exit != null || arrival == null) {
                return exit;
            }
        }
    }

    private static @Nullable Exit runTo(Machine machine, long cycle) {
        Exit exit = machine.run(RunLimit.atCycle(cycle));
        return switch (exit) {
            case Exit.Limit _ -> null;
            case Exit.Idle _ -> {
                machine.idleUntil(cycle);
                yield null;
            }
            default -> exit;
        };
    }
}
