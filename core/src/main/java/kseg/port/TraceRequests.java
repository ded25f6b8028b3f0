package kseg.port;

/** What a guest asks of the simulator through its trace control card. */
public interface TraceRequests {
    /** Switches a kind of trace, named by one of k u j t x i d n e, on or off. */
    void trace(char kind, boolean on);

    /** Prints the state of the whole machine. */
    void dump();

    /** Stops for the debugger; the run counts as crashed. The machine may go on afterwards. */
    void debuggerStop();

    /** Switches profiling on or off. */
    void profile(boolean on);

    /** Forgets what has been profiled. */
    void clearProfile();
}
