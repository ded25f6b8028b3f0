package kseg.config;

import java.util.Comparator;

/**
 * A place in what the user wrote. Lines and columns count from 1; 0 means "the whole line" or "the
 * whole file", and a source such as {@code -C 31:cpus=4} has neither.
 */
public record Place(String source, int line, int column) {

    /** By line and column; what concerns no particular line comes last. */
    static final Comparator<Place> ORDER =
            Comparator.comparingInt((Place p) -> p.line == 0 ? Integer.MAX_VALUE : p.line)
                    .thenComparingInt(Place::column);

    /** A source as a whole. */
    public static Place of(String source) {
        return new Place(source, 0, 0);
    }

    @Override
    public String toString() {
        if (line == 0) {
            return source;
        }
        return column == 0 ? source + ":" + line : source + ":" + line + ":" + column;
    }
}
