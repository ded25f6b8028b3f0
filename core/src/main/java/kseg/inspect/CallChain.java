package kseg.inspect;

import java.util.List;

/**
 * Who called whom, innermost first.
 *
 * @param end why it ends where it does although there must be more; empty if it is complete
 */
public record CallChain(List<Frame> frames, String end) {

    /** What an address in a chain is. */
    public enum Kind {
        /** The next instruction of the processor. */
        HERE,
        /** The instruction that called the function before it. */
        CALL,
        /** The instruction that an exception interrupted, in kernel mode. */
        INTERRUPTED,
        /** The same in user mode: here the kernel's chain ends. */
        USER
    }

    /**
     * One function that is under way.
     *
     * @param pc where it is
     */
    public record Frame(int pc, Kind kind) {}

    public CallChain {
        frames = List.copyOf(frames);
    }
}
