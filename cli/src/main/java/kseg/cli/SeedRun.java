package kseg.cli;

/**
 * How one run of {@code kseg seeds} ended.
 *
 * @param verdict one line, with what is known of the reason
 * @param output everything that was printed if the run failed, a character for each byte
 * @param statistics of the run as JSON, if it failed
 * @param steps of all processors
 */
record SeedRun(
        long seed,
        ExitCode exit,
        boolean passed,
        String verdict,
        String output,
        String statistics,
        long steps) {

    /** Verdicts that differ in numbers only are one. */
    String kind() {
        return verdict.replaceAll("0x[0-9a-fA-F]+|[0-9]+", "#");
    }
}
