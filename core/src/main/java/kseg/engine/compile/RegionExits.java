package kseg.engine.compile;

import static java.lang.constant.ConstantDescs.CD_int;
import static kseg.engine.compile.RegionCode.CD_CPU;
import static kseg.engine.compile.RegionCode.CD_INTS;
import static kseg.engine.compile.RegionCode.CD_JUMPS;
import static kseg.engine.compile.RegionCode.CD_REGION;
import static kseg.engine.compile.RegionCode.L_BUDGET;
import static kseg.engine.compile.RegionCode.L_CPU;
import static kseg.engine.compile.RegionCode.L_DEPTH;
import static kseg.engine.compile.RegionCode.L_IN_SLOT;
import static kseg.engine.compile.RegionCode.L_NPC;
import static kseg.engine.compile.RegionCode.L_PC;
import static kseg.engine.compile.RegionCode.L_REGISTERS;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a region is entered, left, and calls others: where the guest's registers move between the
 * CPU's array and local variables.
 */
final class RegionExits {
    static final MethodTypeDesc RUN = MethodTypeDesc.ofDescriptor("(Lkseg/cpu/Cpu;III)I");
    private static final MethodTypeDesc LEAVE = MethodTypeDesc.ofDescriptor("(Lkseg/cpu/Cpu;II)I");
    private static final MethodTypeDesc STRADDLED =
            MethodTypeDesc.of(ConstantDescs.CD_void, CD_REGION, CD_int);

    /** A side exit before an instruction; {@code npc} null: the local variable has it. */
    private record SideExit(
            Label label,
            int pc,
            boolean inSlot,
            @Nullable Integer npc,
            int executed,
            @Nullable Integer straddlingBlock) {}

    private final RegionCode region;
    private final CodeBuilder code;
    private final RegisterUse use;
    private final List<SideExit> exits = new ArrayList<>();
    private final Label exitStopped;
    private final Label exitAtPc;
    private final Label exitInSlot;
    private final Label exit;
    private final Label unwind;
    private final Label refuse;

    RegionExits(RegionCode region, RegisterUse use) {
        this.region = region;
        code = region.code;
        this.use = use;
        exitStopped = code.newLabel();
        exitAtPc = code.newLabel();
        exitInSlot = code.newLabel();
        exit = code.newLabel();
        unwind = code.newLabel();
        refuse = code.newLabel();
    }

    /** Where to go when the region cannot be entered. */
    Label refuse() {
        return refuse;
    }

    /** The region's pages must lie in the frames its instance names. */
    void enter(List<Integer> pages) {
        code.aload(L_CPU).getfield(CD_CPU, "gpr", CD_INTS).astore(L_REGISTERS);
        region.setHiLo(code::lconst_0);
        for (int i = 0; i < pages.size(); i++) {
            region.linked("READ", CD_INTS);
            code.loadConstant(pages.get(i) >>> 12).iaload();
            code.aload(0).getfield(CD_REGION, "entry" + i, CD_int).if_icmpne(refuse);
        }
        loadRegisters();
    }

    /** Writes the exits, after all blocks. */
    void finish() {
        exits.forEach(this::sideExit);
        commonExits();
    }

    /** Leaves for the address the program pushes. */
    void leaveFor(Runnable pushTarget) {
        pushTarget.run();
        code.istore(L_PC).goto_(exitAtPc);
    }

    /** Where to go to leave before the instruction being translated. */
    Label here() {
        return here(null);
    }

    /** The same, because accesses of its block that share a translation cross a page's end. */
    Label straddling() {
        return here(region.block.pc);
    }

    private Label here(@Nullable Integer straddlingBlock) {
        var sideExit =
                new SideExit(
                        code.newLabel(),
                        region.block.pc + 4 * region.index,
                        region.inSlot,
                        region.slotNpc,
                        region.block.before + region.index,
                        straddlingBlock);
        exits.add(sideExit);
        return sideExit.label;
    }

    /** Has another region execute until it comes back to {@code back}, or cannot. */
    void call(Runnable pushRegion, Runnable pushTarget, int returnPc, @Nullable Label back) {
        Label leave = code.newLabel();
        code.iload(L_DEPTH).ifle(leave);
        storeRegisters();
        pushRegion.run();
        code.aload(L_CPU);
        pushTarget.run();
        code.iload(L_BUDGET).iload(L_DEPTH).iconst_1().isub();
        code.invokevirtual(CD_REGION, "run", RUN).dup().istore(L_BUDGET);
        code.iflt(unwind);
        code.aload(L_CPU).getfield(CD_CPU, "pc", CD_int).loadConstant(returnPc);
        code.if_icmpne(unwind);
        if (back == null) {
            code.goto_(unwind);
        } else {
            loadRegisters();
            code.goto_(back);
        }
        code.labelBinding(leave);
        leaveFor(pushTarget);
    }

    private void commonExits() {
        code.labelBinding(exitInSlot).iconst_1().istore(L_IN_SLOT);
        complementBudget();
        code.goto_(exit);
        code.labelBinding(exitStopped);
        complementBudget();
        code.labelBinding(exitAtPc).iload(L_PC).iconst_4().iadd().istore(L_NPC);
        code.iconst_0().istore(L_IN_SLOT);
        code.labelBinding(exit);
        storeRegisters();
        code.aload(L_CPU).iload(L_PC).putfield(CD_CPU, "pc", CD_int);
        code.aload(L_CPU).iload(L_NPC).putfield(CD_CPU, "npc", CD_int);
        code.aload(L_CPU).iload(L_IN_SLOT).putfield(CD_CPU, "inSlot", ConstantDescs.CD_boolean);
        code.labelBinding(unwind).iload(L_BUDGET).ireturn();
        code.labelBinding(refuse);
        complementBudget();
        code.aload(L_CPU).iload(L_PC).iload(L_BUDGET);
        code.invokestatic(CD_REGION, "leave", LEAVE).ireturn();
    }

    private void complementBudget() {
        code.iload(L_BUDGET).iconst_m1().ixor().istore(L_BUDGET);
    }

    private void sideExit(SideExit sideExit) {
        code.labelBinding(sideExit.label);
        if (sideExit.straddlingBlock != null) {
            region.linked("JUMPS", CD_JUMPS);
            code.aload(0).loadConstant(sideExit.straddlingBlock);
            code.invokevirtual(CD_JUMPS, "straddled", STRADDLED);
        }
        code.loadConstant(sideExit.pc).istore(L_PC);
        region.spend(sideExit.executed);
        if (!sideExit.inSlot) {
            code.goto_(exitStopped);
            return;
        }
        if (sideExit.npc != null) {
            code.loadConstant(sideExit.npc).istore(L_NPC);
        }
        code.goto_(exitInSlot);
    }

    private void loadRegisters() {
        for (int register : use.used()) {
            region.set(register, () -> code.aload(L_REGISTERS).loadConstant(register).iaload());
        }
    }

    private void storeRegisters() {
        for (int register : use.modified()) {
            code.aload(L_REGISTERS).loadConstant(register);
            region.pushRegister(register);
            code.iastore();
        }
    }
}
