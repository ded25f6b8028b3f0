package kseg.engine.compile;

import static kseg.engine.compile.RegionCode.L_BUDGET;
import static kseg.engine.compile.RegionCode.L_CHASED;
import static kseg.engine.compile.RegionCode.L_CPU;
import static kseg.engine.compile.RegionCode.L_GUEST;
import static kseg.engine.compile.RegionCode.L_HI_LO;
import static kseg.engine.compile.RegionCode.L_HOISTED;
import static kseg.engine.compile.RegionCode.L_PC;
import static kseg.engine.compile.RegionCode.L_ROUNDS;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kseg.cpu.Cpu;
import kseg.engine.compile.RegionGraph.Block;

/**
 * The second copy of a {@link HoistedLoop}: a method of its own, because HotSpot keeps the
 * registers of a loop within a large method in memory. It executes rounds until control leaves the
 * loop or as many as it was told are through, or stops before an instruction. It stores what the
 * loop writes, and returns the way out in the upper half and the budget in the lower.
 */
final class RoundsMethod implements BlockCompiler.Ways {
    /**
     * By how much the rounds left are counted down. HotSpot computes variables from a loop's
     * counter if their steps are multiples of its own; that of none is of so large a one.
     */
    static final int STRIDE = 1021;

    private static final String NAME = "rounds";
    private static final long HI_LO = 1L << Cpu.HI | 1L << Cpu.LO;

    private final CodeBuilder code;
    private final RegionCode region;
    private final RegionExits exits;
    private final BlockCompiler compiler;
    private final HoistedLoop loop;
    private final PoolPointers pointers;
    private final Map<Block, Label> labels = new LinkedHashMap<>();
    private final List<Label> waysOut;

    private RoundsMethod(CodeBuilder code, RegionGraph graph, HoistedLoop loop) {
        this.code = code;
        this.loop = loop;
        region = new RegionCode(code, loop.head());
        exits = new RegionExits(region, RegisterFlow.of(graph), loop.written());
        pointers = new PoolPointers(region, loop, together(loop));
        compiler =
                new BlockCompiler(
                        region,
                        graph,
                        List.of(),
                        exits,
                        new MemoryAccesses(region, exits, loop, pointers),
                        this);
        waysOut = loop.waysOut().stream().map(way -> code.newLabel()).toList();
    }

    /** Adds the method of a region's loop to its class. */
    static void add(ClassBuilder type, RegionGraph graph, HoistedLoop loop, int number) {
        type.withMethodBody(
                name(number),
                type(loop),
                ClassFile.ACC_FINAL,
                code -> new RoundsMethod(code, graph, loop).write());
    }

    static String name(int number) {
        return NAME + number;
    }

    static boolean isName(String method) {
        return method.startsWith(NAME);
    }

    /** A loop's blocks in the order of translation. */
    static List<Block> blocks(HoistedLoop loop) {
        var blocks = new ArrayList<>(List.of(loop.head()));
        loop.blocks().stream().filter(block -> block != loop.head()).forEach(blocks::add);
        return blocks;
    }

    /** The CPU, what {@link #variables} lists, and HI and LO if the loop uses them. */
    static MethodTypeDesc type(HoistedLoop loop) {
        return MethodTypeDesc.ofDescriptor(
                "(Lkseg/cpu/Cpu;"
                        + "I".repeat(variables(loop).size())
                        + (usesHiLo(loop) ? "J)J" : ")J"));
    }

    /** The local variables that are passed on, in order. */
    static List<Integer> variables(HoistedLoop loop) {
        var variables = new ArrayList<>(List.of(L_BUDGET, L_ROUNDS));
        for (int i = 0; i < loop.windows().size(); i++) {
            variables.add(L_HOISTED + i);
        }
        for (int register = 1; register < Cpu.SINK; register++) {
            if ((loop.touched() >>> register & 1) != 0) {
                variables.add(L_GUEST + register);
            }
        }
        return variables;
    }

    static boolean usesHiLo(HoistedLoop loop) {
        return (loop.touched() & HI_LO) != 0;
    }

    private void write() {
        takeArguments();
        Label round = code.newLabel();
        code.labelBinding(round);
        pointers.compute();
        for (int i = 0; i < together(loop); i++) {
            pointers.begin(i);
            round();
        }
        code.iinc(L_ROUNDS, -STRIDE * together(loop)).iload(L_ROUNDS).ifgt(round);
        Label end = code.newLabel();
        code.loadConstant(waysOut.size()).istore(L_PC).goto_(end);
        for (int i = 0; i < waysOut.size(); i++) {
            code.labelBinding(waysOut.get(i)).loadConstant(i).istore(L_PC).goto_(end);
        }
        code.labelBinding(end);
        exits.store(loop.written());
        Label returns = code.newLabel();
        code.goto_(returns);
        exits.finishPart();
        code.loadConstant(stopped(loop)).istore(L_PC);
        code.labelBinding(returns).iload(L_PC).i2l().loadConstant(32).lshl();
        code.iload(L_BUDGET).i2l().loadConstant(0xffffffffL).land().lor().lreturn();
    }

    /** Writes a round, behind which the next one begins. */
    private void round() {
        labels.clear();
        for (Block block : blocks(loop)) {
            if (block != loop.head()) {
                code.labelBinding(label(block));
            }
            compiler.block(block);
        }
        code.labelBinding(label(loop.head()));
    }

    /**
     * How many rounds are written behind each other, a power of two: it executes multiples of that.
     * HotSpot unrolls only loops that have counters of its own kind.
     */
    static int together(HoistedLoop loop) {
        int instructions = loop.longestRound();
        return instructions <= 24 ? 4 : instructions <= 48 ? 2 : 1;
    }

    /**
     * What it returns instead of a way out if it has stopped, before an instruction in the loop.
     */
    static int stopped(HoistedLoop loop) {
        return loop.waysOut().size() + 1;
    }

    /** Moves the arguments to where translated code has its variables: all are read before. */
    private void takeArguments() {
        List<Integer> variables = variables(loop);
        for (int i = 0; i < variables.size(); i++) {
            code.iload(L_CPU + 1 + i);
        }
        if (usesHiLo(loop)) {
            code.lload(L_CPU + 1 + variables.size()).lstore(L_HI_LO);
        }
        variables.reversed().forEach(code::istore);
        exits.takeRegisters();
        for (int register = 1; register < Cpu.SINK; register++) {
            if (loop.isChased(register)) {
                code.loadConstant(0).istore(L_CHASED + register);
            }
        }
    }

    private Label label(Block block) {
        return labels.computeIfAbsent(block, b -> code.newLabel());
    }

    @Override
    public boolean compareBudget() {
        return false;
    }

    @Override
    public Label to(Block target) {
        return loop.contains(target) ? label(target) : wayOut(target.pc);
    }

    @Override
    public void spendAndGoTo(int steps, Block root) {
        region.spend(steps);
        code.goto_(to(root));
    }

    @Override
    public void leaveFor(int pc) {
        code.goto_(wayOut(pc));
    }

    private Label wayOut(int pc) {
        return waysOut.get(loop.wayOut(region.block, pc));
    }
}
