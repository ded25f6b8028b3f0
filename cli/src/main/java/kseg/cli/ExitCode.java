package kseg.cli;

/**
 * How a kseg process ends: the one table. 0 to 3 are System/161's, so that scripts written for it
 * keep working; ours are 16 and above. {@code docs/exit-codes.md} is generated from here, and a
 * test keeps it so.
 */
public enum ExitCode {
    POWER_OFF(0, "success", "the guest powered off in order, or the command did what it was asked"),
    CRASH(
            1,
            "crash",
            "the guest misused its hardware (System/161: \"the machine would hang\"), took an"
                    + " exception before it had handlers, or asked for a debugger, as panics and"
                    + " failed self-tests do, and then powered off or did nothing more; or a run of"
                    + " kseg seeds failed"),
    REFUSED(
            2,
            "refused",
            "wrong usage, a faulty configuration or boot image, a disk image that is missing,"
                    + " locked or damaged"),
    STOPPED(
            3,
            "stopped",
            "the doom counter of a disk reached zero, or a debugger killed the machine"),
    LIMIT(16, "limit reached", "the run used up what --max-cycles allowed it"),
    INPUT_ENDED(17, "input ended", "the console's input was used up, with --on-eof=exit"),
    WATCHDOG(
            18,
            "no progress",
            "the kernel computed for too long without getting anywhere (--watchdog), or nothing"
                    + " ran in user mode (-Z)"),
    DEADLOCK(
            19,
            "idle for ever",
            "every processor waits, nothing is under way, and no input can come any more: with"
                    + " --deadlock, with --on-eof=wait, or if the guest leaves its input unread"),
    HOST_FAILURE(
            20,
            "host failure",
            "the host failed the machine: a read or write error, a full disk, a closed output"),
    MISMATCH(
            21,
            "engines differ",
            "kseg verify found a program on which an engine differs from the interpreter"),
    NO_JDK(40, "no JDK", "the launcher found no JDK 25 or later"),
    NO_MAVEN(
            41, "no Maven", "the launcher had to build, and found no Maven and could not fetch it"),
    BUILD_FAILED(
            42,
            "build failed",
            "the launcher's build or test run failed; it says where its log is"),
    BUG(70, "bug in Kseg", "Kseg itself failed; one line says where the evidence is"),
    INTERRUPTED(
            130,
            "interrupted",
            "^C, or SIGINT, ended the run, or ^C twice with -s; the statistics were printed");

    private final int code;
    private final String title;
    private final String meaning;

    ExitCode(int code, String title, String meaning) {
        this.code = code;
        this.title = title;
        this.meaning = meaning;
    }

    /** The number the process ends with. */
    public int code() {
        return code;
    }

    /** Two or three words. */
    public String title() {
        return title;
    }

    /** When it happens. */
    public String meaning() {
        return meaning;
    }

    /** The table of {@code docs/exit-codes.md}. */
    static String asMarkdown() {
        StringBuilder table = new StringBuilder("| code | name | when |\n|---|---|---|\n");
        for (ExitCode exit : values()) {
            table.append("| %d | %s | %s |\n".formatted(exit.code, exit.title, exit.meaning));
        }
        return table.toString();
    }
}
