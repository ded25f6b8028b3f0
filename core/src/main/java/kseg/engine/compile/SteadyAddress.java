package kseg.engine.compile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import kseg.engine.compile.RegionGraph.Block;
import kseg.isa.Insn;
import org.jspecify.annotations.Nullable;

/**
 * An address, or part of one, while a loop runs: the sum of registers that stand still or move
 * steadily, of a constant, and of something between 0 and {@code reach}.
 *
 * @param registers in order; may hold one twice
 * @param constant what is added
 * @param reach most that is added besides
 * @param zeros how many low bits are clear in that
 */
record SteadyAddress(List<Integer> registers, int constant, int reach, int zeros) {
    /** Longer chains of instructions are not looked into. */
    private static final int MAX_DEPTH = 6;

    private static final int MAX_REACH = 2048;
    private static final Insn[] INSNS = Insn.values();

    /** Which registers are steady in a loop. */
    interface Steady {
        boolean is(int register);
    }

    private static SteadyAddress fixed(int constant) {
        return new SteadyAddress(List.of(), constant, 0, Integer.SIZE);
    }

    private static @Nullable SteadyAddress upTo(int reach, int zeros) {
        return reach > MAX_REACH ? null : new SteadyAddress(List.of(), 0, reach, zeros);
    }

    /** A register's value before an instruction of a block; null if it may be anything. */
    static @Nullable SteadyAddress of(Steady loop, Block block, int index, int register) {
        return of(loop, block, index, register, MAX_DEPTH);
    }

    private static @Nullable SteadyAddress of(
            Steady loop, Block block, int index, int register, int depth) {
        if (register == 0) {
            return fixed(0);
        }
        if (loop.is(register)) {
            return new SteadyAddress(List.of(register), 0, 0, Integer.SIZE);
        }
        for (int i = index - 1; i >= 0; i--) {
            if ((RegisterUse.writes(block.insns[i]) >>> register & 1) != 0) {
                return depth == 0 ? null : result(loop, block, i, depth - 1);
            }
        }
        return null;
    }

    /** What an instruction computes. */
    private static @Nullable SteadyAddress result(Steady loop, Block block, int i, int depth) {
        long w = block.insns[i];
        if (!Scout.isOrdinary(w)) {
            return null;
        }
        int immediate = Decoded.immediate(w);
        return switch (INSNS[Decoded.op(w)]) {
            case ADD, ADDU, OR ->
                    INSNS[Decoded.op(w)] == Insn.OR && Decoded.a(w) != 0 && Decoded.b(w) != 0
                            ? null
                            : sum(
                                    of(loop, block, i, Decoded.a(w), depth),
                                    of(loop, block, i, Decoded.b(w), depth));
            case ADDI, ADDIU -> sum(of(loop, block, i, Decoded.a(w), depth), fixed(immediate));
            case LUI -> fixed(immediate << 16);
            case ANDI -> upTo(immediate, Integer.numberOfTrailingZeros(immediate));
            case LBU -> upTo(0xff, 0);
            case SRL -> immediate == 0 ? null : upTo(-1 >>> immediate, 0);
            case SLT, SLTU, SLTI, SLTIU -> upTo(1, 0);
            case SLL -> shifted(of(loop, block, i, Decoded.b(w), depth), immediate);
            default -> null;
        };
    }

    private static @Nullable SteadyAddress sum(
            @Nullable SteadyAddress a, @Nullable SteadyAddress b) {
        if (a == null || b == null || a.reach + b.reach > MAX_REACH) {
            return null;
        }
        var registers = new ArrayList<Integer>(a.registers);
        registers.addAll(b.registers);
        Collections.sort(registers);
        return new SteadyAddress(
                registers, a.constant + b.constant, a.reach + b.reach, Math.min(a.zeros, b.zeros));
    }

    private static @Nullable SteadyAddress shifted(@Nullable SteadyAddress a, int by) {
        if (a == null || !a.registers.isEmpty() || a.constant != 0 || a.reach > MAX_REACH >>> by) {
            return null;
        }
        return upTo(a.reach << by, a.zeros + by);
    }
}
