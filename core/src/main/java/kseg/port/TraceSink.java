package kseg.port;

/** Where a trace goes. It comes in pieces, of which some end a line. */
public interface TraceSink {
    /** The number of a piece that no processor says. */
    int HARDWARE = -1;

    /**
     * Takes a piece.
     *
     * @param cycle machine time at which the step began, or what is told happened
     * @param cpu the processor's number, or {@link #HARDWARE}
     * @param endsLine whether the line is complete
     */
    void piece(TraceKind kind, long cycle, int cpu, String text, boolean endsLine);
}
