package kseg.engine.compile;

import static kseg.engine.compile.RegionCode.CD_JUMPS;
import static kseg.engine.compile.RegionCode.L_BUDGET;
import static kseg.engine.compile.RegionCode.L_CPU;
import static kseg.engine.compile.RegionCode.L_GUEST;
import static kseg.engine.compile.RegionCode.L_REGISTERS;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import kseg.isa.Fields;
import kseg.isa.Insn;
import org.jspecify.annotations.Nullable;

/** Translates the instructions that {@link kseg.cpu.PreciseStep} executes within a region. */
final class LocalInstructions {
    private static final ClassDesc CD_INSN = RegionCode.describe(Insn.class);
    private static final MethodTypeDesc LOCAL = MethodTypeDesc.ofDescriptor("(Lkseg/cpu/Cpu;III)Z");
    private static final MethodTypeDesc SYSTEM =
            MethodTypeDesc.ofDescriptor("(Lkseg/cpu/Cpu;Lkseg/isa/Insn;III)Z");

    /** Those of coprocessor 0 that may be local on every processor. */
    private static final List<Insn> SYSTEM_INSNS =
            List.of(Insn.MFC0, Insn.MTC0, Insn.TLBR, Insn.TLBWI, Insn.TLBWR, Insn.TLBP);

    private final RegionCode region;
    private final CodeBuilder code;
    private final RegionExits exits;

    LocalInstructions(RegionCode region, RegionExits exits) {
        this.region = region;
        code = region.code;
        this.exits = exits;
    }

    /** Translates one; its operands have to be in the CPU's registers. */
    void translate(long w) {
        int word = Decoded.immediate(w);
        if (Decoded.isPrecise(w)) {
            exits.step(word);
        } else {
            store(Fields.rs(word));
            store(Fields.rt(word));
            region.linked("JUMPS", CD_JUMPS);
            code.aload(L_CPU);
            Insn system = region.block.pc < 0 ? system(word) : null; // else in user mode
            if (system != null) {
                code.getstatic(CD_INSN, system.name(), CD_INSN);
            }
            code.loadConstant(word).iload(L_BUDGET);
            code.loadConstant(region.block.before + region.index);
            if (system != null) {
                code.invokevirtual(CD_JUMPS, "system", SYSTEM);
            } else {
                code.invokevirtual(CD_JUMPS, "local", LOCAL);
            }
            code.ifeq(exits.here());
        }
        load(Fields.rt(word));
    }

    private static @Nullable Insn system(int word) {
        for (Insn insn : SYSTEM_INSNS) {
            if ((word & insn.mask()) == insn.match()) {
                return insn;
            }
        }
        return null;
    }

    private void store(int register) {
        if (register != 0) {
            code.aload(L_REGISTERS).loadConstant(register);
            region.pushRegister(register);
            code.iastore();
        }
    }

    private void load(int register) {
        if (register != 0) {
            code.aload(L_REGISTERS).loadConstant(register).iaload();
            code.istore(L_GUEST + register);
        }
    }
}
