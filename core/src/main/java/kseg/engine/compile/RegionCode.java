package kseg.engine.compile;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.Objects;
import kseg.cpu.Cpu;
import kseg.engine.compile.RegionGraph.Block;
import kseg.isa.Insn;
import kseg.isa.Semantics;
import org.jspecify.annotations.Nullable;

/**
 * What those who translate parts of a region share: the method being written, the names in it, and
 * the instruction being translated.
 */
final class RegionCode {
    static {
        // JDK 25.0.3 initialises java.lang.constant wrongly unless this is touched first
        // (DESIGN.md 8); RegionCompilerTest has a JVM that touches nothing before.
        Objects.requireNonNull(ConstantDescs.CD_int);
    }

    private static final MethodBodies SEMANTICS = new MethodBodies(Semantics.class);
    private static final MethodBodies GUEST_BYTES = new MethodBodies(GuestBytes.class);

    static final ClassDesc CD_CPU = describe(Cpu.class);
    static final ClassDesc CD_REGION = describe(Region.class);
    static final ClassDesc CD_LINKAGE = describe(Linkage.class);
    static final ClassDesc CD_SLOT = CD_LINKAGE.nested(Linkage.Slot.class.getSimpleName());
    static final ClassDesc CD_JUMPS = CD_LINKAGE.nested(Linkage.Jumps.class.getSimpleName());
    static final ClassDesc CD_INTS = CD_int.arrayType();
    static final ClassDesc CD_THIS =
            ClassDesc.of(RegionCode.class.getPackageName(), "CompiledRegion");

    // Local variables of the generated method; the first are its parameters.
    static final int L_CPU = 1;
    static final int L_PC = 2;
    static final int L_BUDGET = 3;
    static final int L_DEPTH = 4;
    static final int L_REGISTERS = 5;
    static final int L_NPC = 6;
    static final int L_VADDR = 7;
    static final int L_POOL_ADDRESS = 8;
    static final int L_HI_LO = 9;
    static final int L_STOP = 11;
    static final int L_GUEST = 13;
    static final int L_PATIENCE = L_GUEST + Cpu.HI;
    static final int L_ROUNDS = L_PATIENCE + 1;
    static final int L_SPENT = L_ROUNDS + 1;
    static final int L_BODY = L_SPENT + 1;
    static final int L_HOISTED = L_BODY + MethodBodies.MAX_LOCALS;
    static final int L_CHASED = L_HOISTED + HoistedLoop.MAX_WINDOWS;
    static final int L_POINTER = L_CHASED + Cpu.SINK;
    static final int L_SHARED = L_POINTER + HoistedLoop.MAX_WINDOWS;

    final CodeBuilder code;

    /** The instruction being translated: its block, its index there, and if it is a delay slot. */
    Block block;

    int index;
    boolean inSlot;

    /** In a delay slot the address after it; null: the local variable has it. */
    @Nullable Integer slotNpc;

    RegionCode(CodeBuilder code, Block first) {
        this.code = code;
        block = first;
    }

    /** Pushes a static field that {@link LinkageFields} declares. */
    void linked(String field, ClassDesc type) {
        code.getstatic(CD_THIS, field, type);
    }

    void pushRegister(int register) {
        switch (register) {
            case 0 -> code.iconst_0();
            case Cpu.HI -> code.lload(L_HI_LO).loadConstant(32).lushr().l2i();
            case Cpu.LO -> code.lload(L_HI_LO).l2i();
            default -> code.iload(L_GUEST + register);
        }
    }

    void pushImmediate(long w) {
        code.loadConstant(Decoded.immediate(w));
    }

    void set(int register, Runnable pushValue) {
        switch (register) {
            case Cpu.SINK -> {}
            case Cpu.HI -> setHalf(0xffffffffL, () -> pushValueHigh(pushValue));
            case Cpu.LO -> setHalf(0xffffffffL << 32, () -> pushValueLow(pushValue));
            default -> {
                pushValue.run();
                code.istore(L_GUEST + register);
            }
        }
    }

    /** HI and LO are one variable: a product's halves are only taken apart where they are used. */
    void setHiLo(Runnable pushLong) {
        pushLong.run();
        code.lstore(L_HI_LO);
    }

    private void setHalf(long keep, Runnable pushOther) {
        code.lload(L_HI_LO).loadConstant(keep).land();
        pushOther.run();
        code.lor().lstore(L_HI_LO);
    }

    private void pushValueHigh(Runnable pushValue) {
        pushValue.run();
        code.i2l().loadConstant(32).lshl();
    }

    private void pushValueLow(Runnable pushValue) {
        pushValue.run();
        code.i2l().loadConstant(0xffffffffL).land();
    }

    /** Computes what an instruction does to operands, which the arguments push. */
    void semantics(Insn insn, Runnable... operands) {
        semantics(insn.mnemonic(), operands);
    }

    /** The same for a method of {@link Semantics} that does not have the mnemonic's name. */
    void semantics(String method, Runnable... operands) {
        SEMANTICS.write(code, method, L_BODY, operands);
    }

    /** Jumps if an instruction's result is true, or 1. */
    void jumpIf(Label label, Insn insn, Runnable... operands) {
        SEMANTICS.jump(code, insn.mnemonic(), L_BODY, label, operands);
    }

    /** Accesses the pool with a method of {@link GuestBytes}. */
    void bytes(String method, Runnable... arguments) {
        GUEST_BYTES.write(code, method, L_BODY, arguments);
    }

    void spend(int steps) {
        if (steps != 0) {
            code.iinc(L_BUDGET, -steps);
        }
    }

    /** Notes what {@link #spendNoted} is to subtract where this path has met others. */
    void note(int steps) {
        code.loadConstant(steps).istore(L_SPENT);
    }

    /**
     * Subtracts what paths that meet here have noted. If each subtracted its own, HotSpot would
     * compute equal differences once, before the paths part: in a switch, every case's for every
     * case.
     */
    void spendNoted() {
        code.iload(L_BUDGET).iload(L_SPENT).isub().istore(L_BUDGET);
    }

    static ClassDesc describe(Class<?> type) {
        return ClassDesc.of(type.getName());
    }
}
