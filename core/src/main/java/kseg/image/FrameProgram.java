package kseg.image;

import java.util.ArrayDeque;
import java.util.Deque;

/** Runs call frame instructions. DWARF 5, section 6.4.2; opcodes: section 7.24. */
final class FrameProgram {
    private static final int PRIMARY = 0xc0;
    private static final int ADVANCE = 0x40;
    private static final int OFFSET = 0x80;
    private static final int DEEPEST = 64;

    private final CallFrame frame;
    private final long codeUnit;
    private final long dataUnit;
    private final Deque<CallFrame> remembered = new ArrayDeque<>();
    private CallFrame initial;

    FrameProgram(CallFrame frame, long codeUnit, long dataUnit) {
        this.frame = frame;
        this.codeUnit = codeUnit;
        this.dataUnit = dataUnit;
        initial = frame.copy();
    }

    /** What has been run up to here is common to functions: what "restore" goes back to. */
    void begin() {
        initial = frame.copy();
    }

    /** Runs instructions that concern addresses from {@code low} up to and with {@code vaddr}. */
    void run(DebugBytes program, int low, int vaddr) {
        DebugBytes in = program.from(program.offset());
        int location = low;
        while (!in.atEnd()) {
            int opcode = in.octet();
            int operand = opcode & ~PRIMARY;
            int next = location;
            switch (opcode & PRIMARY) {
                case ADVANCE -> next += (int) (operand * codeUnit);
                case OFFSET -> frame.set(operand, CallFrame.Rule.SAVED, in.unsigned() * dataUnit);
                case PRIMARY -> frame.restore(operand, initial);
                default -> next = other(operand, in, location);
            }
            if (Integer.compareUnsigned(next, vaddr) > 0) {
                return;
            }
            location = next;
        }
    }

    /** An instruction of the second kind; answers where the following ones begin to count. */
    private int other(int opcode, DebugBytes in, int location) {
        switch (opcode) {
            case 0x00 -> {} // nop
            case 0x01 -> { // set_loc
                return in.word();
            }
            case 0x02 -> { // advance_loc1, 2 and 4
                return location + (int) (in.octet() * codeUnit);
            }
            case 0x03 -> {
                return location + (int) (in.half() * codeUnit);
            }
            case 0x04 -> {
                return location + (int) (in.word() * codeUnit);
            }
            case 0x0a -> remember();
            case 0x0b -> recall();
            case 0x0c -> frame.cfa(in.unsigned(), in.unsigned());
            case 0x0d -> frame.cfaRegister(in.unsigned());
            case 0x0e -> frame.cfaOffset(in.unsigned());
            case 0x0f -> { // def_cfa_expression
                in.skip(in.unsigned());
                frame.cfaUnknown();
            }
            case 0x12 -> frame.cfa(in.unsigned(), in.signed() * dataUnit);
            case 0x13 -> frame.cfaOffset(in.signed() * dataUnit);
            case 0x2e -> in.unsigned(); // GNU_args_size
            default -> register(opcode, in);
        }
        return location;
    }

    private void register(int opcode, DebugBytes in) {
        long register = in.unsigned();
        switch (opcode) {
            case 0x05 -> frame.set(register, CallFrame.Rule.SAVED, in.unsigned() * dataUnit);
            case 0x06 -> frame.restore(register, initial);
            case 0x07 -> frame.set(register, CallFrame.Rule.UNDEFINED, 0);
            case 0x08 -> frame.set(register, CallFrame.Rule.SAME, 0);
            case 0x09 -> {
                long other = in.unsigned();
                boolean known = other >= 0 && other < CallFrame.REGISTERS;
                frame.set(
                        register,
                        known ? CallFrame.Rule.MOVED : CallFrame.Rule.UNDEFINED,
                        known ? other : 0);
            }
            case 0x10, 0x16 -> { // expression, val_expression
                in.skip(in.unsigned());
                frame.set(register, CallFrame.Rule.EXPRESSION, 0);
            }
            case 0x11 -> frame.set(register, CallFrame.Rule.SAVED, in.signed() * dataUnit);
            case 0x14 -> frame.set(register, CallFrame.Rule.CFA_PLUS, in.unsigned() * dataUnit);
            case 0x15 -> frame.set(register, CallFrame.Rule.CFA_PLUS, in.signed() * dataUnit);
            default -> throw new DamagedException("frame instruction " + opcode);
        }
    }

    private void remember() {
        if (remembered.size() == DEEPEST) {
            throw new DamagedException("frames remembered too deep");
        }
        remembered.push(frame.copy());
    }

    private void recall() {
        if (remembered.isEmpty()) {
            throw new DamagedException("a frame recalled that was not remembered");
        }
        frame.copy(remembered.pop());
    }
}
