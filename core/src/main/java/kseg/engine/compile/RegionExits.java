package kseg.engine.compile;

import static java.lang.constant.ConstantDescs.CD_int;
import static kseg.engine.compile.RegionCode.CD_CPU;
import static kseg.engine.compile.RegionCode.CD_INTS;
import static kseg.engine.compile.RegionCode.CD_JUMPS;
import static kseg.engine.compile.RegionCode.CD_REGION;
import static kseg.engine.compile.RegionCode.L_BUDGET;
import static kseg.engine.compile.RegionCode.L_CPU;
import static kseg.engine.compile.RegionCode.L_DEPTH;
import static kseg.engine.compile.RegionCode.L_NPC;
import static kseg.engine.compile.RegionCode.L_PC;
import static kseg.engine.compile.RegionCode.L_REGISTERS;
import static kseg.engine.compile.RegionCode.L_STOP;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kseg.cpu.Cpu;
import kseg.engine.compile.RegionGraph.Block;
import org.jspecify.annotations.Nullable;

/**
 * How a region is entered, left, and calls others: where the guest's registers move between the
 * CPU's array and local variables.
 */
final class RegionExits {
    static final MethodTypeDesc RUN = MethodTypeDesc.ofDescriptor("(Lkseg/cpu/Cpu;III)I");
    private static final MethodTypeDesc LEAVE = MethodTypeDesc.ofDescriptor("(Lkseg/cpu/Cpu;II)I");
    private static final MethodTypeDesc STOP = MethodTypeDesc.ofDescriptor("(Lkseg/cpu/Cpu;JI)I");
    private static final MethodTypeDesc STEP = MethodTypeDesc.ofDescriptor("(Lkseg/cpu/Cpu;III)Z");

    private static final Comparator<Long> LARGEST_FIRST =
            Comparator.<Long>comparingInt(Long::bitCount).reversed().thenComparing(set -> set);

    /** A side exit before an instruction; {@code npc} null: the local variable has it. */
    private record SideExit(
            Label label,
            int pc,
            boolean inSlot,
            @Nullable Integer npc,
            int executed,
            long dirty,
            @Nullable Integer straddlingBlock) {}

    private final RegionCode region;
    private final CodeBuilder code;
    private final RegisterFlow flow;

    /** Registers this method has to store. */
    private final long stored;

    private final List<SideExit> exits = new ArrayList<>();

    /** Where to go to store a set of registers, then leave at the address in the local variable. */
    private final Map<Long, Label> leaving = new TreeMap<>(LARGEST_FIRST);

    /** Where to go to store a set of registers, then stop. */
    private final Map<Long, Label> stopping = new TreeMap<>(LARGEST_FIRST);

    private final Label unwind;
    private final Label refuse;

    /** Where to go when PreciseStep has executed an instruction behind which the region leaves. */
    private final Label stepped;

    /**
     * Exits of a method.
     *
     * @param stored registers it has to store where they are dirty
     */
    RegionExits(RegionCode region, RegisterFlow flow, long stored) {
        this.region = region;
        code = region.code;
        this.flow = flow;
        this.stored = stored;
        unwind = code.newLabel();
        refuse = code.newLabel();
        stepped = code.newLabel();
    }

    /** Where to go when the region cannot be entered. */
    Label refuse() {
        return refuse;
    }

    /** The region's pages must lie in the frames its instance names. */
    void enter(List<Integer> pages, List<Block> entries) {
        takeRegisters();
        for (int i = 0; i < pages.size(); i++) {
            region.linked("READ", CD_INTS);
            code.loadConstant(pages.get(i) >>> 12).iaload();
            code.aload(0).getfield(CD_REGION, "entry" + i, CD_int).if_icmpne(refuse);
        }
        load(entries.stream().mapToLong(flow::live).reduce(0, (a, b) -> a | b));
    }

    /** Keeps the CPU's array of registers in a variable. */
    void takeRegisters() {
        code.aload(L_CPU).getfield(CD_CPU, "gpr", CD_INTS).astore(L_REGISTERS);
    }

    /** Writes the exits, after all blocks. */
    void finish() {
        sideExits();
        stores(leaving);
        setState(() -> code.iload(L_PC).iconst_4().iadd(), code::iconst_0);
        code.goto_(unwind);
        stop();
        code.labelBinding(unwind).iload(L_BUDGET).ireturn();
        code.labelBinding(stepped);
        region.linked("JUMPS", CD_JUMPS);
        code.getfield(CD_JUMPS, "budget", CD_int).iconst_m1().ixor().ireturn();
        code.labelBinding(refuse);
        complementBudget();
        code.aload(L_CPU).iload(L_PC).iload(L_BUDGET);
        code.invokestatic(CD_REGION, "leave", LEAVE).ireturn();
    }

    /** Writes the exits of a part of the region; what returns follows. */
    void finishPart() {
        sideExits();
        stop();
    }

    private void stop() {
        stores(stopping);
        code.aload(L_CPU).lload(L_STOP).iload(L_BUDGET);
        code.invokestatic(CD_REGION, "stop", STOP).istore(L_BUDGET);
    }

    /** A part has stopped within a loop: stores what is dirty besides what the loop writes. */
    void stopBehind(Block head, long written) {
        store(flow.dirty(head, 0) & ~written);
        code.goto_(unwind);
    }

    /** Leaves behind the block for the address the program pushes. */
    void leaveFor(Runnable pushTarget) {
        pushTarget.run();
        code.istore(L_PC).goto_(label(leaving, flow.dirtyBehind(region.block)));
    }

    private Label label(Map<Long, Label> stores, long dirty) {
        return stores.computeIfAbsent(dirty, set -> code.newLabel());
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
                        flow.dirty(region.block, region.index) & stored,
                        straddlingBlock);
        exits.add(sideExit);
        return sideExit.label;
    }

    /** Has another region execute the block's call until it comes back, or cannot. */
    void call(Runnable pushRegion, Runnable pushTarget, @Nullable Label back) {
        Block block = region.block;
        Label leave = code.newLabel();
        code.iload(L_DEPTH).ifle(leave);
        store(flow.dirtyBehind(block));
        pushRegion.run();
        code.aload(L_CPU);
        pushTarget.run();
        code.iload(L_BUDGET).iload(L_DEPTH).iconst_1().isub();
        code.invokevirtual(CD_REGION, "run", RUN).dup().istore(L_BUDGET);
        code.iflt(unwind);
        code.aload(L_CPU).getfield(CD_CPU, "pc", CD_int).loadConstant(block.nextPc());
        code.if_icmpne(unwind);
        if (block.next == null || back == null) {
            code.goto_(unwind);
        } else {
            load(flow.live(block.next));
            code.goto_(back);
        }
        code.labelBinding(leave);
        leaveFor(pushTarget);
    }

    /**
     * Has PreciseStep execute the instruction being translated in full, with all it may bring
     * about, and leaves behind it unless the region can simply go on.
     */
    void step(int word) {
        store(flow.dirty(region.block, region.index) & stored);
        code.loadConstant(region.block.pc + 4 * region.index).istore(L_PC);
        Integer npc = region.inSlot ? region.slotNpc : Integer.valueOf(pcBehind());
        if (npc != null) {
            code.loadConstant(npc).istore(L_NPC);
        }
        setState(() -> code.iload(L_NPC), () -> code.loadConstant(region.inSlot ? 1 : 0));
        region.linked("JUMPS", CD_JUMPS);
        code.aload(L_CPU).loadConstant(word).iload(L_BUDGET);
        code.loadConstant(region.block.before + region.index);
        code.invokevirtual(CD_JUMPS, "step", STEP).ifeq(stepped);
    }

    private int pcBehind() {
        return region.block.pc + 4 * region.index + 4;
    }

    private void setState(Runnable pushNpc, Runnable pushInSlot) {
        code.aload(L_CPU).iload(L_PC).putfield(CD_CPU, "pc", CD_int);
        code.aload(L_CPU);
        pushNpc.run();
        code.putfield(CD_CPU, "npc", CD_int).aload(L_CPU);
        pushInSlot.run();
        code.putfield(CD_CPU, "inSlot", ConstantDescs.CD_boolean);
    }

    private void complementBudget() {
        code.iload(L_BUDGET).iconst_m1().ixor().istore(L_BUDGET);
    }

    private void sideExits() {
        for (int i = 0; i < exits.size(); i++) {
            sideExit(exits.get(i), i);
        }
    }

    private void sideExit(SideExit sideExit, int number) {
        code.labelBinding(sideExit.label);
        if (sideExit.straddlingBlock != null) {
            // Not by a call: what the guest's registers hold would live across it, so in memory.
            region.linked("JUMPS", CD_JUMPS);
            code.dup().aload(0).putfield(CD_JUMPS, "straddler", CD_REGION);
            code.loadConstant(sideExit.straddlingBlock).putfield(CD_JUMPS, "straddling", CD_int);
        }
        if (sideExit.inSlot) {
            code.aload(L_CPU);
            if (sideExit.npc != null) {
                code.loadConstant(sideExit.npc);
            } else {
                code.iload(L_NPC);
            }
            code.putfield(CD_CPU, "npc", CD_int);
        }
        int state = sideExit.executed | (sideExit.inSlot ? Region.STOP_IN_SLOT : 0);
        // Numbered, because HotSpot would load a constant that two exits share before either, in
        // the guest's loop, and so had no registers left for the guest's.
        state |= number << Region.STOP_BITS;
        code.loadConstant((long) state << 32 | sideExit.pc & 0xffffffffL).lstore(L_STOP);
        code.goto_(label(stopping, sideExit.dirty));
    }

    // Registers

    private void load(long set) {
        region.setHiLo(code::lconst_0);
        reload(set);
    }

    /** Fetches registers into their variables. */
    void reload(long set) {
        for (int register = 1; register <= Cpu.LO; register++) {
            if ((set >>> register & 1) != 0) {
                int index = register;
                region.set(index, () -> code.aload(L_REGISTERS).loadConstant(index).iaload());
            }
        }
    }

    /** Stores registers' variables. */
    void store(long set) {
        for (int register = 1; register <= Cpu.LO; register++) {
            if ((set >>> register & 1) != 0) {
                code.aload(L_REGISTERS).loadConstant(register);
                region.pushRegister(register);
                code.iastore();
            }
        }
    }

    /**
     * Writes the code behind the labels, which ends where it falls through: each set stores what
     * its largest subset does not, then goes on there.
     */
    private void stores(Map<Long, Label> labels) {
        Label end = code.newLabel();
        List<Long> sets = List.copyOf(labels.keySet());
        for (int i = 0; i < sets.size(); i++) {
            long set = sets.get(i);
            long subset = 0;
            Label rest = end;
            for (long smaller : sets.subList(i + 1, sets.size())) {
                if ((smaller & ~set) == 0) {
                    subset = smaller;
                    rest = labels.getOrDefault(smaller, end);
                    break;
                }
            }
            code.labelBinding(labels.getOrDefault(set, end));
            store(set & ~subset);
            code.goto_(rest);
        }
        code.labelBinding(end);
    }
}
