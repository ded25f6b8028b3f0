package kseg.cli;

import java.util.Locale;

/** What to do when the console's input is used up and the guest has nothing left to do. */
enum OnEof {
    /** Let it wait. */
    WAIT,
    /** End the run as if the guest had powered off. */
    POWEROFF,
    /** End the run with an exit code of its own. */
    EXIT;

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
