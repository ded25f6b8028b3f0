package kseg.engine.compile;

import static java.lang.constant.ConstantDescs.CD_int;
import static kseg.engine.compile.RegionCode.CD_JUMPS;
import static kseg.engine.compile.RegionCode.CD_REGION;
import static kseg.engine.compile.RegionCode.CD_SLOT;
import static kseg.engine.compile.RegionCode.L_BUDGET;
import static kseg.engine.compile.RegionCode.L_NPC;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import kseg.engine.compile.RegionGraph.Block;
import kseg.engine.compile.RegionGraph.End;
import kseg.isa.Insn;
import kseg.isa.Semantics;
import kseg.isa.Shape;
import kseg.isa.Trait;
import org.jspecify.annotations.Nullable;

/**
 * Translates blocks: guest registers become local variables, branches become gotos. What an
 * instruction computes is a copy of its {@link Semantics} method; this class knows only where
 * operands come from and results go.
 *
 * <p>A slow condition jumps to a side exit behind the code, which never comes back, so HotSpot sees
 * a plain graph without merges. A branch's delay slot is translated twice, once for each way.
 */
final class BlockCompiler {
    private static final Insn[] INSNS = Insn.values();

    private static final MethodTypeDesc CALLED =
            MethodTypeDesc.of(CD_REGION, CD_REGION, CD_int, CD_int);
    private static final MethodTypeDesc LEFT =
            MethodTypeDesc.of(ConstantDescs.CD_void, CD_REGION, CD_int, CD_int);

    private static final MethodTypeDesc ROTATE = MethodTypeDesc.ofDescriptor("(II)I");
    private static final ClassDesc CD_INTEGER = RegionCode.describe(Integer.class);

    private static final int RA = 31;

    private static final Set<Insn> COMPARISONS =
            EnumSet.of(Insn.SLT, Insn.SLTU, Insn.SLTI, Insn.SLTIU);

    /** At most so many instructions between a comparison and its branch are translated twice. */
    private static final int MAX_BETWEEN = 3;

    /** Where the blocks of a method lead. */
    interface Ways {
        /** Whether blocks compare the budget and leave before what does not fit. */
        boolean compareBudget();

        /** The label of a block, for control that comes from the one being translated. */
        Label to(Block target);

        /** Spends the steps of a path that ends here, and goes to another tree's root. */
        void spendAndGoTo(int steps, Block root);

        /** Leaves the region behind the block being translated. */
        void leaveFor(int pc);
    }

    private final RegionCode region;
    private final CodeBuilder code;
    private final RegionGraph graph;
    private final List<Integer> calls;
    private final RegionExits exits;
    private final MemoryAccesses accesses;
    private final LocalInstructions locals;
    private final Ways ways;

    /**
     * A compiler of a graph's blocks.
     *
     * @param calls addresses of the regions that are called, as the class file numbers them
     */
    BlockCompiler(
            RegionCode region,
            RegionGraph graph,
            List<Integer> calls,
            RegionExits exits,
            MemoryAccesses accesses,
            Ways ways) {
        this.region = region;
        code = region.code;
        this.graph = graph;
        this.calls = calls;
        this.exits = exits;
        this.accesses = accesses;
        locals = new LocalInstructions(region, exits);
        this.ways = ways;
    }

    /** Translates a block, whose label stands here. */
    void block(Block block) {
        region.block = block;
        region.index = 0;
        accesses.beginBlock(block);
        if (block.root == block && ways.compareBudget()) {
            // A difference: of paths whose budgets are compared HotSpot makes no conditional move.
            code.iload(L_BUDGET).loadConstant(block.longest).isub().iflt(exits.here());
        }
        int body = block.length() - (endsInBranch(block) ? 2 : 0);
        int comparison = block.end == End.BRANCH ? comparison(block, body) : -1;
        if (comparison >= 0) {
            instructions(block, comparison);
            compareAndBranch(block, body);
            return;
        }
        instructions(block, body);
        switch (block.end) {
            case FALL -> leaveFor(block, block.next, block.nextPc());
            case ODD -> code.goto_(exits.here());
            case BRANCH -> branch(block);
            case JUMP -> {
                slot(block, block.target);
                leaveFor(block, block.taken, block.target);
            }
            case CALL -> call(block);
            case INDIRECT -> indirect(block);
        }
    }

    private void instructions(Block block, int end) {
        while (region.index < end) {
            instruction(block.insns[region.index]);
            region.index++;
        }
    }

    private boolean endsInBranch(Block block) {
        return block.end != End.FALL && block.end != End.ODD;
    }

    /** Goes to a block, or out of the region if there is none. */
    private void leaveFor(Block block, @Nullable Block target, int pc) {
        if (target != null && target.root == block.root && target.root != target) {
            code.goto_(ways.to(target));
            return;
        }
        int steps = block.before + block.length();
        if (target != null) {
            ways.spendAndGoTo(steps, target);
        } else {
            region.spend(steps);
            ways.leaveFor(pc);
        }
    }

    /** Translates the delay slot for one way of its branch; {@code npc} null: in the local. */
    private void slot(Block block, @Nullable Integer npc) {
        region.index = block.length() - 1;
        region.inSlot = true;
        region.slotNpc = npc;
        if (slotIsExecutable(block)) {
            instruction(block.insns[region.index]);
        } else {
            code.goto_(exits.here());
        }
        region.inSlot = false;
        region.slotNpc = null;
    }

    private boolean slotIsExecutable(Block block) {
        long w = block.insns[block.length() - 1];
        return Scout.isOrdinary(w) || Scout.isLocal(w) && graph.stable();
    }

    private void branch(Block block) {
        long w = block.insns[region.index];
        Insn insn = INSNS[Decoded.op(w)];
        Runnable pushLeft = () -> region.pushRegister(Decoded.a(w));
        Label taken = code.newLabel();
        if (insn.has(Trait.LINK)) {
            // Behind the comparison, which may be of the same register.
            region.semantics(insn, pushLeft);
            region.set(RA, () -> code.loadConstant(block.nextPc()));
            code.ifne(taken);
        } else if (insn.shape() == Shape.BRANCH2) {
            region.jumpIf(taken, insn, pushLeft, () -> region.pushRegister(Decoded.b(w)));
        } else {
            region.jumpIf(taken, insn, pushLeft);
        }
        way(block, block.next, block.nextPc());
        code.labelBinding(taken);
        way(block, block.taken, block.target);
    }

    private void way(Block block, @Nullable Block target, int pc) {
        slot(block, pc);
        if (slotIsExecutable(block)) {
            leaveFor(block, target, pc);
        }
    }

    /**
     * Finds the comparison whose result the block's branch tests, if little lies between; less than
     * 0: there is none.
     */
    private static int comparison(Block block, int body) {
        long branch = block.insns[body];
        Insn insn = INSNS[Decoded.op(branch)];
        if (insn != Insn.BEQ && insn != Insn.BNE || Decoded.b(branch) != 0) {
            return -1;
        }
        for (int i = body - 1; i >= Math.max(0, body - MAX_BETWEEN - 1); i--) {
            long w = block.insns[i];
            if (Scout.isLocal(w)) {
                return -1;
            }
            if ((RegisterUse.writes(w) >>> Decoded.a(branch) & 1) != 0) {
                return COMPARISONS.contains(INSNS[Decoded.op(w)]) ? i : -1;
            }
        }
        return -1;
    }

    /**
     * Makes a comparison and the branch on its result one: what lies between is translated for each
     * result, which is a constant then, and HotSpot need not compute it to compare it.
     */
    private void compareAndBranch(Block block, int body) {
        int comparison = region.index;
        long w = block.insns[comparison];
        Insn insn = INSNS[Decoded.op(w)];
        Runnable pushRight =
                insn.shape() == Shape.R3
                        ? () -> region.pushRegister(Decoded.b(w))
                        : () -> region.pushImmediate(w);
        Label holds = code.newLabel();
        region.jumpIf(holds, insn, () -> region.pushRegister(Decoded.a(w)), pushRight);
        boolean takenIfNot = INSNS[Decoded.op(block.insns[body])] == Insn.BEQ;
        for (int result = 0; result <= 1; result++) {
            int value = result;
            region.index = comparison;
            region.set(Decoded.d(w), () -> code.loadConstant(value));
            region.index++;
            instructions(block, body);
            if ((result == 0) == takenIfNot) {
                way(block, block.taken, block.target);
            } else {
                way(block, block.next, block.nextPc());
            }
            if (result == 0) {
                code.labelBinding(holds);
            }
        }
    }

    private void call(Block block) {
        region.set(RA, () -> code.loadConstant(block.nextPc()));
        slot(block, block.target);
        if (!slotIsExecutable(block)) {
            return;
        }
        if (block.taken != null) {
            leaveFor(block, block.taken, block.target);
            return;
        }
        region.spend(block.before + block.length());
        callRegion(
                block,
                () -> {
                    region.linked("SLOT" + calls.indexOf(block.target), CD_SLOT);
                    code.getfield(CD_SLOT, "region", CD_REGION);
                },
                () -> code.loadConstant(block.target));
    }

    /** Calls another region; one that must not call leaves for it. */
    private void callRegion(Block block, Runnable pushRegion, Runnable pushTarget) {
        if (graph.stable()) {
            Label back = block.next == null ? null : ways.to(block.next);
            exits.call(pushRegion, pushTarget, back);
        } else {
            exits.leaveFor(pushTarget);
        }
    }

    private void indirect(Block block) {
        long w = block.insns[region.index];
        Insn insn = INSNS[Decoded.op(w)];
        region.pushRegister(Decoded.a(w));
        code.istore(L_NPC);
        if (insn.has(Trait.LINK)) {
            region.set(Decoded.d(w), () -> code.loadConstant(block.nextPc()));
        }
        slot(block, null);
        if (!slotIsExecutable(block)) {
            return;
        }
        int path = block.before + block.length();
        if (insn.has(Trait.LINK)) {
            region.spend(path);
            selectCase(block);
            callRegion(
                    block,
                    () -> {
                        pushJump(block);
                        code.invokevirtual(CD_JUMPS, "called", CALLED);
                    },
                    () -> code.iload(L_NPC));
            return;
        }
        if (block.cases.size() == 1) {
            Block only = block.cases.getFirst();
            Label other = code.newLabel();
            code.iload(L_NPC).loadConstant(only.pc).if_icmpne(other);
            leaveFor(block, only, only.pc);
            code.labelBinding(other);
            region.spend(path);
        } else {
            region.spend(path);
            selectCase(block);
        }
        if (Decoded.a(w) != RA) {
            pushJump(block);
            code.invokevirtual(CD_JUMPS, "left", LEFT);
        }
        exits.leaveFor(() -> code.iload(L_NPC));
    }

    private void pushJump(Block block) {
        region.linked("JUMPS", CD_JUMPS);
        code.aload(0).loadConstant(block.nextPc() - 8).iload(L_NPC);
    }

    /** Jumps to the block the local variable names; several are roots of budget trees. */
    private void selectCase(Block block) {
        if (!block.cases.isEmpty()) {
            var cases = new ArrayList<SwitchCase>();
            Label other = code.newLabel();
            // Numbers of instructions behind the first case: dense enough for a table of jumps.
            int first = block.cases.stream().mapToInt(target -> target.pc).min().getAsInt();
            for (Block target : block.cases) {
                cases.add(SwitchCase.of(target.pc - first >>> 2, ways.to(target)));
            }
            code.iload(L_NPC).loadConstant(first).isub().iconst_2();
            code.invokestatic(CD_INTEGER, "rotateRight", ROTATE);
            code.lookupswitch(other, cases).labelBinding(other);
        }
    }

    // Ordinary instructions

    private void instruction(long w) {
        if (Scout.isLocal(w)) {
            locals.translate(w);
            return;
        }
        Insn insn = INSNS[Decoded.op(w)];
        switch (insn.shape()) {
            case R3 -> alu(insn, w, () -> region.pushRegister(Decoded.b(w)));
            case IMM_SIGNED, IMM_ZERO -> alu(insn, w, () -> region.pushImmediate(w));
            case SHIFT -> compute(insn, w, Decoded.b(w), () -> region.pushImmediate(w));
            case SHIFTV -> compute(insn, w, Decoded.b(w), () -> region.pushRegister(Decoded.a(w)));
            case LUI ->
                    region.set(
                            Decoded.d(w),
                            () -> region.semantics(insn, () -> region.pushImmediate(w)));
            case MUL_DIV -> multiply(insn, w);
            case FROM_HILO ->
                    region.set(Decoded.d(w), () -> region.pushRegister(RegisterUse.hiLo(insn)));
            case TO_HILO ->
                    region.set(RegisterUse.hiLo(insn), () -> region.pushRegister(Decoded.a(w)));
            case LOAD, LOAD_MERGE -> accesses.load(insn, w);
            case STORE, STORE_MERGE -> accesses.store(insn, w);
            default -> throw new IllegalArgumentException(insn + " is not ordinary");
        }
    }

    private void alu(Insn insn, long w, Runnable pushRight) {
        if (insn.has(Trait.MAY_OVERFLOW)) {
            region.semantics(
                    insn.mnemonic() + "Overflows",
                    () -> region.pushRegister(Decoded.a(w)),
                    pushRight);
            code.ifne(exits.here());
        }
        compute(insn, w, Decoded.a(w), pushRight);
    }

    private void compute(Insn insn, long w, int left, Runnable pushRight) {
        region.set(
                Decoded.d(w),
                () -> region.semantics(insn, () -> region.pushRegister(left), pushRight));
    }

    private void multiply(Insn insn, long w) {
        region.setHiLo(() ->
                region.semantics(
                        insn,
                        () -> region.pushRegister(Decoded.a(w)),
                        () -> region.pushRegister(Decoded.b(w))));
    }
}
