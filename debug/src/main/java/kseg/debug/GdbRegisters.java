package kseg.debug;

import kseg.machine.Probe;

/**
 * The registers of a CPU in the order in which gdb's MIPS targets have them, and behind them, where
 * a MIPS of gdb has a floating point unit, what System/161's stub sends there: sys161.md section
 * 11.
 */
final class GdbRegisters {
    /** No register: reads as 0. */
    private static final int NONE = Probe.CP0 - 1;

    private static final int INDEX = Probe.CP0;
    private static final int RANDOM = Probe.CP0 + 1;
    private static final int ENTRYLO = Probe.CP0 + 2;
    private static final int CONTEXT = Probe.CP0 + 4;
    private static final int BADVADDR = Probe.CP0 + 8;
    private static final int ENTRYHI = Probe.CP0 + 10;
    private static final int STATUS = Probe.CP0 + 12;
    private static final int CAUSE = Probe.CP0 + 13;
    private static final int EPC = Probe.CP0 + 14;
    private static final int PRID = Probe.CP0 + 15;

    private static final int GENERAL = 32;

    /** Behind the general registers. */
    private static final int[] OTHERS = {
        STATUS, Probe.LO, Probe.HI, BADVADDR, CAUSE, Probe.PC, NONE, NONE, NONE, INDEX, RANDOM,
        ENTRYLO, CONTEXT, ENTRYHI, EPC, PRID
    };

    private GdbRegisters() {}

    /** How many there are. */
    static int count() {
        return GENERAL + OTHERS.length;
    }

    private static int number(int register) {
        return register < GENERAL ? register : OTHERS[register - GENERAL];
    }

    static int read(Probe probe, int cpu, int register) {
        return probe.register(cpu, number(register));
    }

    static void write(Probe probe, int cpu, int register, int value) {
        probe.setRegister(cpu, number(register), value);
    }
}
