package kseg.engine.compile;

import static kseg.engine.compile.RegionCode.CD_REGION;
import static kseg.engine.compile.RegionCode.CD_THIS;
import static kseg.engine.compile.RegionCode.L_PC;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.SwitchCase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kseg.engine.Translation;
import kseg.engine.compile.RegionGraph.Block;
import kseg.engine.compile.RegionGraph.End;

/**
 * Translates a region's graph to a class file: one method for the graph, and one for the second
 * copy of each {@link HoistedLoop}.
 */
final class RegionCompiler implements BlockCompiler.Ways {
    /** HotSpot never compiles a method with more bytecode. */
    static final int MAX_BYTECODE = 8000;

    /** From so many predecessors on, what their paths spend is subtracted where they meet. */
    private static final int MANY_PREDECESSORS = 8;

    private final RegionCode region;
    private final CodeBuilder code;
    private final RegionGraph graph;
    private final RegionExits exits;
    private final BlockCompiler blocks;
    private final Map<Block, Label> labels = new LinkedHashMap<>();

    /** Where paths to a block meet that has many predecessors, with what they spend noted. */
    private final Map<Block, Label> merges = new LinkedHashMap<>();

    /** By their loops' heads. */
    private final Map<Block, RoundsCall> loops = new LinkedHashMap<>();

    private RegionCompiler(
            CodeBuilder code, RegionGraph graph, List<Integer> calls, List<HoistedLoop> hoisted) {
        this.code = code;
        this.graph = graph;
        region = new RegionCode(code, graph.entries().getFirst());
        exits = new RegionExits(region, RegisterFlow.of(graph), -1L);
        blocks =
                new BlockCompiler(
                        region, graph, calls, exits, new MemoryAccesses(region, exits), this);
        for (HoistedLoop loop : hoisted) {
            loops.put(loop.head(), new RoundsCall(region, exits, loop, loops.size()));
        }
    }

    /** Translates a graph that lies on these pages. */
    static Translation translate(RegionGraph graph, List<Integer> pages) {
        Translation translation = translate(graph, pages, HoistedLoop.of(graph));
        return translation.bytecodes() <= MAX_BYTECODE
                ? translation
                : translate(graph, pages, List.of());
    }

    private static Translation translate(
            RegionGraph graph, List<Integer> pages, List<HoistedLoop> hoisted) {
        List<Integer> calls = callTargets(graph);
        byte[] bytes =
                ClassFile.of()
                        .build(
                                CD_THIS,
                                type -> {
                                    type.withFlags(ClassFile.ACC_FINAL).withSuperclass(CD_REGION);
                                    LinkageFields.declare(type, calls.size());
                                    type.withMethodBody(
                                            "run",
                                            RegionExits.RUN,
                                            0,
                                            code ->
                                                    new RegionCompiler(code, graph, calls, hoisted)
                                                            .method(pages));
                                    for (int i = 0; i < hoisted.size(); i++) {
                                        RoundsMethod.add(type, graph, hoisted.get(i), i);
                                    }
                                });
        return new Translation(bytes, calls, bytecodes(bytes));
    }

    private static List<Integer> callTargets(RegionGraph graph) {
        return graph.blocks().stream()
                .filter(block -> block.end == End.CALL && block.callsOut())
                .map(block -> block.target)
                .distinct()
                .toList();
    }

    /** Length of the longest method, constructor and initialiser aside. */
    private static int bytecodes(byte[] classFile) {
        return ClassFile.of().parse(classFile).methods().stream()
                .filter(method -> !method.methodName().stringValue().startsWith("<"))
                .flatMap(method -> method.findAttribute(Attributes.code()).stream())
                .mapToInt(CodeAttribute::codeLength)
                .max()
                .orElse(0);
    }

    private void method(List<Integer> pages) {
        exits.enter(pages, graph.entries());
        loops.values().stream().findFirst().ifPresent(RoundsCall::enter);
        dispatch();
        for (Block block : graph.blocks()) {
            code.labelBinding(label(block));
            blocks.block(block);
        }
        loops.forEach((head, loop) -> loop.write(label(head), this));
        merges.forEach((root, merge) -> {
            code.labelBinding(merge);
            region.spendNoted();
            code.goto_(label(root));
        });
        exits.finish();
    }

    private void dispatch() {
        List<Block> entries = graph.entries();
        if (entries.size() == 1) {
            code.goto_(label(entries.getFirst()));
            return;
        }
        var cases = new ArrayList<SwitchCase>();
        for (Block entry : entries) {
            cases.add(SwitchCase.of(entry.pc, label(entry)));
        }
        code.iload(L_PC).lookupswitch(exits.refuse(), cases);
    }

    private Label label(Block target) {
        return labels.computeIfAbsent(target, b -> code.newLabel());
    }

    @Override
    public boolean compareBudget() {
        return true;
    }

    @Override
    public Label to(Block target) {
        RoundsCall loop = loops.get(target);
        return loop == null ? label(target) : loop.wayIn();
    }

    @Override
    public void spendAndGoTo(int steps, Block root) {
        if (root.predecessors < MANY_PREDECESSORS || loops.containsKey(root)) {
            region.spend(steps);
            code.goto_(to(root));
        } else {
            region.note(steps);
            code.goto_(merges.computeIfAbsent(root, b -> code.newLabel()));
        }
    }

    @Override
    public void leaveFor(int pc) {
        exits.leaveFor(() -> code.loadConstant(pc));
    }
}
