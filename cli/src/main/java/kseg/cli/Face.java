package kseg.cli;

/**
 * The program a process was started as: Kseg itself, or one of System/161's, which are thin faces
 * over the same code. A face decides how messages begin and what exit codes mean, nothing else.
 */
enum Face {
    KSEG("kseg"),
    SYS161("sys161"),
    /** sys161 with tracing and profiling; its messages, too, begin with {@code sys161: }. */
    TRACE161("sys161"),
    DISK161("disk161"),
    STAT161("stat161"),
    HUB161("hub161");

    /** The exit code of disk161, stat161 and hub161 for a command line that makes no sense. */
    private static final int TOOL_USAGE = 3;

    private final String prefix;

    Face(String prefix) {
        this.prefix = prefix;
    }

    /** The face named by the first word of a command line, as the launcher puts it there. */
    static Face of(String... args) {
        return switch (args.length == 0 ? "" : args[0]) {
            case "sys161" -> SYS161;
            case "trace161" -> TRACE161;
            case "disk161" -> DISK161;
            case "stat161" -> STAT161;
            case "hub161" -> HUB161;
            default -> KSEG;
        };
    }

    /** What its messages begin with. */
    String prefix() {
        return prefix;
    }

    /** Whether this is the simulator as System/161 has it. */
    boolean isSys161() {
        return this == SYS161 || this == TRACE161;
    }

    /** The code a process with this face ends with. */
    int code(ExitCode exit) {
        return switch (this) {
            case KSEG -> exit.code();
            case SYS161, TRACE161 ->
                    exit == ExitCode.WATCHDOG ? ExitCode.CRASH.code() : exit.code();
            case DISK161, STAT161, HUB161 -> exit == ExitCode.REFUSED ? 1 : exit.code();
        };
    }

    /** The code for wrong usage. */
    int usageCode() {
        return this != KSEG && !isSys161() ? TOOL_USAGE : ExitCode.REFUSED.code();
    }
}
