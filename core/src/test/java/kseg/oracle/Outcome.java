package kseg.oracle;

import java.util.ArrayList;
import java.util.List;
import kseg.isa.Registers;

/**
 * How a {@link Trial} ended.
 *
 * @param signal what Linux makes of the exception that ended it; 0 if it reached its end
 * @param address that faulted, if it was an address that did
 * @param epc where the exception happened, or the branch if it happened in its delay slot
 */
record Outcome(int signal, int address, int epc, int[] gpr, int hi, int lo, int[] scratch) {
    static final int SIGILL = 4;
    static final int SIGTRAP = 5;
    static final int SIGFPE = 8;
    static final int SIGBUS = 10;
    static final int SIGSEGV = 11;

    /** How another outcome differs from this, one line for each difference. */
    List<String> differences(Outcome other) {
        List<String> lines = new ArrayList<>();
        compare(lines, "signal", signal, other.signal);
        if (signal == SIGSEGV || signal == SIGBUS) {
            compare(lines, "bad address", address, other.address);
        }
        compare(lines, "epc", epc, other.epc);
        for (int i = 0; i < 32; i++) {
            compare(lines, Registers.name(i), gpr[i], other.gpr[i]);
        }
        compare(lines, "hi", hi, other.hi);
        compare(lines, "lo", lo, other.lo);
        for (int i = 0; i < scratch.length; i++) {
            compare(lines, "scratch + " + 4 * i, scratch[i], other.scratch[i]);
        }
        return lines;
    }

    private static void compare(List<String> lines, String what, int mine, int theirs) {
        if (mine != theirs) {
            lines.add("%s: %08x, not %08x".formatted(what, theirs, mine));
        }
    }
}
