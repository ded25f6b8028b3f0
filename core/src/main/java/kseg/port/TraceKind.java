package kseg.port;

/** What can be traced, in System/161's order. */
public enum TraceKind {
    KERNEL('k', "kinsn", "Kernel-mode instructions"),
    USER('u', "uinsn", "User-mode instructions"),
    JUMP('j', "jump", "Jumps"),
    TLB('t', "tlb", "TLB operations"),
    EXCEPTION('x', "exn", "Exceptions"),
    INTERRUPT('i', "irq", "Interrupts"),
    DISK('d', "disk", "Disk activity"),
    NETWORK('n', "net", "Network activity"),
    FILES('e', "emufs", "Emufs activity");

    private final char letter;
    private final String title;
    private final String description;

    TraceKind(char letter, String title, String description) {
        this.letter = letter;
        this.title = title;
        this.description = description;
    }

    /** By which the command line and the trace card name it. */
    public char letter() {
        return letter;
    }

    /** System/161's short name. */
    public String title() {
        return title;
    }

    public String description() {
        return description;
    }

    /** Whether it is a processor's doing, which is seen only step by step. */
    public boolean isOfCpu() {
        return ordinal() <= INTERRUPT.ordinal();
    }
}
