package kseg.inspect;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import kseg.isa.CpuModel;
import kseg.isa.Decoder;
import kseg.isa.Fields;
import kseg.isa.Insn;
import org.jspecify.annotations.Nullable;

/**
 * Learns from a function's instructions, from its start to where it stands, what it has put on the
 * stack: the MIPS calling convention keeps no chain of frames, so without debugging information
 * only the code tells. Branches are not followed; an early return ("jr $ra") undoes what led to it.
 *
 * <p>Code that stores EPC is recognised as a handler of exceptions: the "caller" is what it
 * interrupted, and the stack pointer it stores is that of the interrupted code.
 */
final class FrameScan {
    static final int SP = 29;
    static final int S8 = 30;
    static final int RA = 31;
    private static final int K0 = 26;
    private static final int K1 = 27;
    private static final int FIRST_SAVED = 16;
    private static final int LAST_SAVED = 23;
    private static final int GP = 28;
    private static final int REGISTERS = 32;
    private static final int C0_STATUS = 12;
    private static final int C0_EPC = 14;

    private static final Decoder DECODER = Decoder.of(CpuModel.MIPS161);

    /** What a register or a slot of the stack holds. */
    private enum Kind {
        UNKNOWN,
        /** What register {@code number} held at the start. */
        INITIAL,
        /** {@code offset} bytes from one of the function's stacks; number 0 is its caller's. */
        STACK,
        EPC,
        STATUS
    }

    private record Value(Kind kind, int number, int offset) {
        static final Value UNKNOWN = new Value(Kind.UNKNOWN, 0, 0);

        Value plus(int bytes) {
            return kind == Kind.STACK ? new Value(kind, number, offset + bytes) : UNKNOWN;
        }
    }

    private final Value[] registers = new Value[REGISTERS];

    /** Where on the stack (always of kind STACK) what is. */
    private final Map<Value, Value> slots = new LinkedHashMap<>();

    private int stacks;
    private Value popped = Value.UNKNOWN;

    private FrameScan() {
        for (int i = 0; i < REGISTERS; i++) {
            registers[i] = new Value(Kind.INITIAL, i, 0);
        }
        registers[SP] = new Value(Kind.STACK, 0, 0);
    }

    /** Scans from {@code start} up to, but not with, the instruction at {@code pc}. */
    static FrameScan of(GuestMemory memory, int start, int pc) {
        FrameScan scan = new FrameScan();
        boolean returned = false;
        for (int at = start; at != pc; at += 4) {
            OptionalInt word = memory.word(at);
            Insn insn = word.isEmpty() ? Insn.RESERVED : DECODER.decode(word.getAsInt());
            scan.execute(insn, word.orElse(0));
            if (returned) {
                scan.unreturn();
            }
            returned = insn == Insn.JR && Fields.rs(word.orElse(0)) == RA;
            if (insn == Insn.JAL || insn == Insn.JALR) {
                scan.call();
            }
        }
        return scan;
    }

    private void execute(Insn insn, int word) {
        int rs = Fields.rs(word);
        int rt = Fields.rt(word);
        int rd = Fields.rd(word);
        switch (insn) {
            case ADDI, ADDIU -> {
                Value sum = registers[rs].plus(Fields.simm(word));
                if (rt == SP && rs == SP && Fields.simm(word) > 0) {
                    popped = registers[SP];
                }
                set(rt, sum);
            }
            case ADDU, ADD, OR -> set(rd, rt == 0 ? registers[rs] : Value.UNKNOWN);
            case SW -> {
                Value place = registers[rs].plus(Fields.simm(word));
                if (place.kind == Kind.STACK) {
                    slots.put(place, registers[rt]);
                }
            }
            case MFC0 ->
                    set(
                            rt,
                            switch (rd) {
                                case C0_EPC -> new Value(Kind.EPC, 0, 0);
                                case C0_STATUS -> new Value(Kind.STATUS, 0, 0);
                                default -> Value.UNKNOWN;
                            });
            default -> destination(insn, rt, rd);
        }
    }

    private void destination(Insn insn, int rt, int rd) {
        switch (insn.shape()) {
            case R3, SHIFT, SHIFTV, FROM_HILO -> set(rd, Value.UNKNOWN);
            case IMM_SIGNED, IMM_ZERO, LUI, LOAD, LOAD_MERGE, LL, SC, COP_MOVE ->
                    set(rt, Value.UNKNOWN);
            default -> {} // writes no register that matters here
        }
    }

    /** A stack pointer from somewhere else is another stack: that of a thread, in a handler. */
    private void set(int register, Value value) {
        if (register == SP && value.kind != Kind.STACK) {
            registers[SP] = new Value(Kind.STACK, ++stacks, 0);
        } else if (register != 0) {
            registers[register] = value;
        }
    }

    /** What follows a return has not returned. */
    private void unreturn() {
        if (popped.kind == Kind.STACK) {
            registers[SP] = popped;
        }
    }

    /** A called function keeps s0 to s7, gp, sp and s8. */
    private void call() {
        for (int i = 1; i < REGISTERS; i++) {
            boolean kept = i >= FIRST_SAVED && i <= LAST_SAVED || i >= GP && i <= S8;
            if (!kept) {
                registers[i] = Value.UNKNOWN;
            }
        }
    }

    /** Whether the code handles exceptions, and has saved where it came from. */
    boolean handlesExceptions() {
        return slotOf(Kind.EPC, 0) != null;
    }

    /** Whether the return address has not been saved. */
    boolean isLeaf() {
        return slotOf(Kind.INITIAL, RA) == null;
    }

    /** Whether the register of the return address still holds it. */
    boolean hasReturnAddress() {
        return registers[RA].equals(new Value(Kind.INITIAL, RA, 0));
    }

    /** Where a register of the caller is saved; empty if it is not. */
    OptionalInt saved(int register, int[] now) {
        if (register == SP) {
            Value place = handlesExceptions() ? slotOfStackPointer() : null;
            return address(place, now);
        }
        return address(slotOf(Kind.INITIAL, register), now);
    }

    /** Where EPC is saved. */
    OptionalInt savedEpc(int[] now) {
        return address(slotOf(Kind.EPC, 0), now);
    }

    /** Where Status is saved. */
    OptionalInt savedStatus(int[] now) {
        return address(slotOf(Kind.STATUS, 0), now);
    }

    /** The stack pointer of the caller; empty if nothing tells. */
    OptionalInt callerStack(int[] now) {
        return base(0, now);
    }

    private @Nullable Value slotOf(Kind kind, int number) {
        Value found = null;
        for (Map.Entry<Value, Value> slot : slots.entrySet()) {
            if (slot.getValue().kind == kind && slot.getValue().number == number) {
                found = slot.getKey();
            }
        }
        return found;
    }

    private @Nullable Value slotOfStackPointer() {
        Value found = null;
        for (Map.Entry<Value, Value> slot : slots.entrySet()) {
            Value value = slot.getValue();
            boolean kept = value.kind == Kind.INITIAL && (value.number == K0 || value.number == K1);
            if (kept || value.kind == Kind.STACK) {
                found = slot.getKey();
            }
        }
        return found;
    }

    private OptionalInt address(@Nullable Value place, int[] now) {
        if (place == null) {
            return OptionalInt.empty();
        }
        OptionalInt base = base(place.number, now);
        return base.isEmpty() ? base : OptionalInt.of(base.getAsInt() + place.offset);
    }

    /** Where a stack was at the start of the function, by any register that still knows. */
    private OptionalInt base(int stack, int[] now) {
        for (int register : new int[] {SP, S8}) {
            Value value = registers[register];
            if (value.kind == Kind.STACK && value.number == stack) {
                return OptionalInt.of(now[register] - value.offset);
            }
        }
        return OptionalInt.empty();
    }
}
