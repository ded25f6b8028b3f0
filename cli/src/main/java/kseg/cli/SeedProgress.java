package kseg.cli;

import java.util.Locale;

/**
 * How far {@code kseg seeds} is: one line that is written over on a terminal, a line now and then
 * elsewhere.
 */
final class SeedProgress {
    private static final long NANOS = 1_000_000_000;
    private static final long ON_TERMINAL_NANOS = NANOS / 4;
    private static final long ELSEWHERE_NANOS = 30 * NANOS;

    /** The rate is that of about this time. */
    private static final long RECENT_NANOS = 5 * NANOS;

    private final Host host;
    private final long count;
    private final boolean terminal;
    private final long started = System.nanoTime();
    private long told = started;
    private long since = started;
    private long runsThen;
    private long sinceBefore = started;
    private long runsBefore;
    private int shown;

    SeedProgress(Host host, long count) {
        this.host = host;
        this.count = count;
        terminal = host.isTerminal(2);
    }

    double seconds() {
        return (System.nanoTime() - started) / (double) NANOS;
    }

    /** To be asked often. */
    void tell(SeedTally tally) {
        long now = System.nanoTime();
        if (now - since >= RECENT_NANOS) {
            sinceBefore = since;
            runsBefore = runsThen;
            since = now;
            runsThen = tally.runs();
        }
        if (now - told < (terminal ? ON_TERMINAL_NANOS : ELSEWHERE_NANOS)) {
            return;
        }
        told = now;
        double rate = (tally.runs() - runsBefore) * (double) NANOS / (now - sinceBefore);
        String left =
                rate == 0 ? "" : ", about %s to go".formatted(time((count - tally.runs()) / rate));
        String text =
                String.format(
                        Locale.ROOT,
                        "%d of %d runs, %d failed; %s a second%s",
                        tally.runs(),
                        count,
                        tally.failed(),
                        rate < 10 ? String.format(Locale.ROOT, "%.1f", rate) : Math.round(rate),
                        left);
        if (terminal) {
            String line = "kseg: " + text;
            host.messages().print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
            shown = line.length();
        } else {
            host.messages().say(text);
        }
    }

    private static String time(double seconds) {
        long whole = Math.round(seconds);
        return whole < 120 ? whole + " s" : whole / 60 + " min";
    }

    /** Leaves no trace on the terminal. */
    void clear() {
        if (shown > 0) {
            host.messages().print("\r" + " ".repeat(shown) + "\r");
            shown = 0;
        }
    }
}
