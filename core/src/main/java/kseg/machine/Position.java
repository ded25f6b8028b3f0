package kseg.machine;

/**
 * An instant of a machine, totally ordered; the same everywhere: journal, snapshots, reports.
 *
 * @param step steps executed by all CPUs since power-on
 * @param cycle machine time in CPU cycles: where the furthest behind running CPU stands
 * @param input external inputs taken so far
 */
public record Position(long step, long cycle, long input) implements Comparable<Position> {
    @Override
    public int compareTo(Position other) {
        int order = Long.compare(step, other.step);
        if (order == 0) {
            order = Long.compare(cycle, other.cycle);
        }
        return order != 0 ? order : Long.compare(input, other.input);
    }
}
