package kseg.engine.compile;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
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

    static final ClassDesc CD_SEMANTICS = describe(Semantics.class);
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
    static final int L_IN_SLOT = 7;
    static final int L_VADDR = 8;
    static final int L_POOL_ADDRESS = 9;
    static final int L_HI_LO = 10;
    static final int L_GUEST = 12;
    static final int L_SHARED = L_GUEST + Cpu.LO + 1;

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
        if (register == 0) {
            code.iconst_0();
        } else {
            code.iload(L_GUEST + register);
        }
    }

    void pushImmediate(long w) {
        code.loadConstant(Decoded.immediate(w));
    }

    void set(int register, Runnable pushValue) {
        if (register != Cpu.SINK) {
            pushValue.run();
            code.istore(L_GUEST + register);
        }
    }

    void semantics(Insn insn) {
        code.invokestatic(
                CD_SEMANTICS,
                insn.mnemonic(),
                MethodTypeDesc.ofDescriptor(insn.shape().descriptor()));
    }

    void spend(int steps) {
        if (steps != 0) {
            code.iinc(L_BUDGET, -steps);
        }
    }

    static ClassDesc describe(Class<?> type) {
        return ClassDesc.of(type.getName());
    }
}
