package kseg.image;

import java.util.Arrays;

/**
 * How to get from the registers at an address to those of the caller: where this frame ends on the
 * stack (its CFA, which is the caller's stack pointer) and where what registers is saved. Register
 * numbers are those of the MIPS ABI: 0 to 31 are the general registers.
 */
public final class CallFrame {
    /** Registers that a frame can speak of; others are read over. */
    static final int REGISTERS = 32;

    /** What has become of a register of the caller. */
    public enum Rule {
        /** Still where it was. */
        SAME,
        /** Saved, at {@link #offset} bytes from the CFA. */
        SAVED,
        /** The CFA plus {@link #offset}. */
        CFA_PLUS,
        /** In the register numbered {@link #offset}. */
        MOVED,
        /** Lost; of the return address: there is no caller. */
        UNDEFINED,
        /** By an expression, which is not evaluated. */
        EXPRESSION
    }

    private final Rule[] rules = new Rule[REGISTERS];
    private final int[] offsets = new int[REGISTERS];
    private int cfaRegister;
    private int cfaOffset;
    private boolean cfaKnown;
    private final int returnRegister;
    private final boolean signal;

    CallFrame(int returnRegister, boolean signal) {
        Arrays.fill(rules, Rule.SAME);
        this.returnRegister = returnRegister;
        this.signal = signal;
    }

    private CallFrame(CallFrame other) {
        this(other.returnRegister, other.signal);
        copy(other);
    }

    CallFrame copy() {
        return new CallFrame(this);
    }

    /** Becomes equal to another of the same function. */
    void copy(CallFrame other) {
        System.arraycopy(other.rules, 0, rules, 0, REGISTERS);
        System.arraycopy(other.offsets, 0, offsets, 0, REGISTERS);
        cfaRegister = other.cfaRegister;
        cfaOffset = other.cfaOffset;
        cfaKnown = other.cfaKnown;
    }

    public Rule rule(int register) {
        return rules[register];
    }

    /** The number that belongs to a rule. */
    public int offset(int register) {
        return offsets[register];
    }

    /** Whether the CFA is a register plus an offset. */
    public boolean cfaKnown() {
        return cfaKnown;
    }

    public int cfaRegister() {
        return cfaRegister;
    }

    public int cfaOffset() {
        return cfaOffset;
    }

    /** The register whose value in the caller is where it goes on. */
    public int returnRegister() {
        return returnRegister;
    }

    /** Whether the caller was interrupted by an exception, not called from. */
    public boolean signal() {
        return signal;
    }

    void set(long register, Rule rule, long offset) {
        if (register >= 0 && register < REGISTERS) {
            rules[(int) register] = rule;
            offsets[(int) register] = (int) offset;
        }
    }

    void restore(long register, CallFrame initial) {
        if (register >= 0 && register < REGISTERS) {
            set(register, initial.rule((int) register), initial.offset((int) register));
        }
    }

    void cfa(long register, long offset) {
        cfaRegister(register);
        cfaOffset = (int) offset;
    }

    void cfaRegister(long register) {
        cfaKnown = register >= 0 && register < REGISTERS;
        cfaRegister = cfaKnown ? (int) register : 0;
    }

    void cfaOffset(long offset) {
        cfaOffset = (int) offset;
    }

    void cfaUnknown() {
        cfaKnown = false;
    }
}
