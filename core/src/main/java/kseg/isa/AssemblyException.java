package kseg.isa;

/** A line that {@link Assembler} does not accept; the message names the line and the reason. */
public final class AssemblyException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final int line;

    AssemblyException(int line, String text, String reason) {
        super("line %d: %s: %s".formatted(line, reason, text.strip()));
        this.line = line;
    }

    /** The number of the line, from 1. */
    public int line() {
        return line;
    }
}
