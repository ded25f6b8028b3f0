package kseg.engine.compile;

import static kseg.engine.compile.RegionCode.L_BUDGET;
import static kseg.engine.compile.RegionCode.L_FLOOR;
import static kseg.engine.compile.RegionCode.L_GUEST;
import static kseg.engine.compile.RegionCode.L_HI_LO;
import static kseg.engine.compile.RegionCode.L_HOISTED;
import static kseg.engine.compile.RegionCode.L_PC;
import static kseg.engine.compile.RegionCode.L_REGISTERS;

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
 * loop or the budget has come down to where the addresses may leave their pages. It stores what the
 * loop writes, and returns the way out in the upper half and the budget in the lower.
 */
final class RoundsMethod implements BlockCompiler.Ways {
    private static final long HI_LO = 1L << Cpu.HI | 1L << Cpu.LO;

    private final CodeBuilder code;
    private final RegionCode region;
    private final RegionExits exits;
    private final BlockCompiler compiler;
    private final HoistedLoop loop;
    private final Map<Block, Label> labels = new LinkedHashMap<>();
    private final List<Label> waysOut;

    private RoundsMethod(CodeBuilder code, RegionGraph graph, HoistedLoop loop) {
        this.code = code;
        this.loop = loop;
        region = new RegionCode(code, loop.head());
        exits = new RegionExits(region, RegisterFlow.of(graph));
        compiler =
                new BlockCompiler(
                        region,
                        graph,
                        List.of(),
                        exits,
                        new MemoryAccesses(region, exits, loop),
                        this);
        waysOut = loop.waysOut().stream().map(way -> code.newLabel()).toList();
    }

    /** Adds the method of a region's loop to its class. */
    static void add(ClassBuilder type, RegionGraph graph, HoistedLoop loop, int number) {
        type.withMethodBody(
                name(number),
                type(loop),
                ClassFile.ACC_STATIC,
                code -> new RoundsMethod(code, graph, loop).write());
    }

    static String name(int number) {
        return "rounds" + number;
    }

    /** The CPU's registers, what {@link #variables} lists, and HI and LO if the loop uses them. */
    static MethodTypeDesc type(HoistedLoop loop) {
        return MethodTypeDesc.ofDescriptor(
                "([I" + "I".repeat(variables(loop).size()) + (usesHiLo(loop) ? "J)J" : ")J"));
    }

    /** The local variables that are passed on, in order. */
    static List<Integer> variables(HoistedLoop loop) {
        var variables = new ArrayList<>(List.of(L_BUDGET, L_FLOOR));
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
        compiler.block(loop.head());
        for (Block block : loop.blocks()) {
            if (block != loop.head()) {
                code.labelBinding(label(block));
                compiler.block(block);
            }
        }
        code.labelBinding(label(loop.head()));
        code.iload(L_BUDGET).iload(L_FLOOR).if_icmpgt(round);
        Label end = code.newLabel();
        code.loadConstant(waysOut.size()).istore(L_PC).goto_(end);
        for (int i = 0; i < waysOut.size(); i++) {
            code.labelBinding(waysOut.get(i)).loadConstant(i).istore(L_PC).goto_(end);
        }
        code.labelBinding(end);
        exits.store(loop.written());
        code.iload(L_PC).i2l().loadConstant(32).lshl().iload(L_BUDGET).i2l().lor().lreturn();
    }

    /** Moves the arguments to where translated code has its variables: all are read before. */
    private void takeArguments() {
        List<Integer> variables = variables(loop);
        code.aload(0);
        for (int i = 0; i < variables.size(); i++) {
            code.iload(1 + i);
        }
        if (usesHiLo(loop)) {
            code.lload(1 + variables.size()).lstore(L_HI_LO);
        }
        variables.reversed().forEach(code::istore);
        code.astore(L_REGISTERS);
    }

    private Label label(Block block) {
        return labels.computeIfAbsent(block, b -> code.newLabel());
    }

    @Override
    public boolean mayStop() {
        return false;
    }

    @Override
    public Label to(Block target) {
        return loop.contains(target) ? label(target) : wayOut(target.pc);
    }

    @Override
    public void leaveFor(int pc) {
        code.goto_(wayOut(pc));
    }

    private Label wayOut(int pc) {
        return waysOut.get(loop.wayOut(region.block, pc));
    }
}
