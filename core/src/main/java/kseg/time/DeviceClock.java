package kseg.time;

/**
 * Machine time as one device sees it. A device never asks for the time of the host; it reads the
 * present instant here and asks to be called back.
 */
public interface DeviceClock {
    /**
     * The present instant, nanoseconds since power-on: the start of the step that is accessing the
     * device, or the due time of the event being dispatched.
     */
    long nanos();

    /**
     * Calls the device's {@code event(kind, argument)} after {@code delayNanos} lengthened by 0 to
     * 1 percent, drawn from the machine's generator (System/161's mechanical jitter; sys161 main
     * loop).
     */
    void after(long delayNanos, int kind, long argument);

    /**
     * Calls back after exactly {@code delayNanos}, but never within the present cycle, whose length
     * is the least delay: a timer restarted with no countdown must not stop time.
     */
    void exactlyAfter(long delayNanos, int kind, long argument);

    /** Forgets every pending callback of this kind; says whether there was one. */
    boolean cancel(int kind);

    /** Whether a callback of this kind is pending. */
    boolean pending(int kind);
}
