package kseg.engine.compile;

import static java.lang.constant.ConstantDescs.CD_int;
import static kseg.engine.compile.RegionCode.CD_INTS;
import static kseg.engine.compile.RegionCode.CD_JUMPS;
import static kseg.engine.compile.RegionCode.CD_REGION;
import static kseg.engine.compile.RegionCode.CD_THIS;
import static kseg.engine.compile.RegionCode.L_BUDGET;
import static kseg.engine.compile.RegionCode.L_CPU;
import static kseg.engine.compile.RegionCode.L_HI_LO;
import static kseg.engine.compile.RegionCode.L_HOISTED;
import static kseg.engine.compile.RegionCode.L_NPC;
import static kseg.engine.compile.RegionCode.L_PATIENCE;
import static kseg.engine.compile.RegionCode.L_ROUNDS;
import static kseg.engine.compile.RegionCode.L_VADDR;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import kseg.engine.compile.HoistedLoop.Motion;
import kseg.engine.compile.HoistedLoop.WayOut;

/**
 * How a region gets from the end of a loop's first copy to the second, which is a {@link
 * RoundsMethod}, and back. A local variable counts the rounds until that is tried: finding out for
 * how many rounds the second copy may run costs as much as a round or two.
 */
final class RoundsCall {
    /** Rounds of the first copy before the second is tried: most loops end soon. */
    private static final int FIRST_ROUNDS = 3;

    /** More need not be done at once. */
    private static final int MOST_ROUNDS = 1 << 20;

    /** Fewer rounds of the second copy are not worth a call. */
    private static final int LEAST_ROUNDS = 4;

    /** Rounds after which an address that was absent or misaligned may have come to lie better. */
    private static final int UNFIT_ROUNDS = 64;

    private static final ClassDesc CD_LOOP = RegionCode.describe(HoistedLoop.class);
    private static final ClassDesc CD_MATH = RegionCode.describe(Math.class);
    private static final MethodTypeDesc ROUNDS = MethodTypeDesc.ofDescriptor("([IIIIII)I");
    private static final MethodTypeDesc RAN =
            MethodTypeDesc.of(ConstantDescs.CD_void, CD_REGION, CD_int, CD_int, CD_int);
    private static final MethodTypeDesc MIN = MethodTypeDesc.ofDescriptor("(II)I");

    private final RegionCode region;
    private final CodeBuilder code;
    private final RegionExits exits;
    private final HoistedLoop loop;
    private final int number;

    /** Where to go from outside the loop, and from its end, to get to its head. */
    private final Label arrive;

    private final Label again;

    RoundsCall(RegionCode region, RegionExits exits, HoistedLoop loop, int number) {
        this.region = region;
        code = region.code;
        this.exits = exits;
        this.loop = loop;
        this.number = number;
        arrive = code.newLabel();
        again = code.newLabel();
    }

    /** The region is entered, perhaps in the middle of a loop. */
    void enter() {
        code.loadConstant(FIRST_ROUNDS).istore(L_PATIENCE);
    }

    /** How the block being translated gets to the loop's head. */
    Label wayIn() {
        return loop.contains(region.block) ? again : arrive;
    }

    /** Writes what lies between the copies; {@code head}: the first one's. */
    void write(Label head, BlockCompiler.Ways ways) {
        Label unfit = code.newLabel();
        Label close = code.newLabel();
        Label next = code.newLabel();
        code.labelBinding(again).iinc(L_PATIENCE, -1);
        code.iload(L_PATIENCE).ifgt(head);
        openWindows(unfit);
        // It tests for the end only behind as many rounds as it writes together.
        code.iload(L_ROUNDS).loadConstant(-RoundsMethod.together(loop)).iand().istore(L_ROUNDS);
        code.iload(L_ROUNDS).loadConstant(LEAST_ROUNDS).if_icmplt(close);
        code.iload(L_ROUNDS).loadConstant(RoundsMethod.STRIDE).imul().istore(L_ROUNDS);
        call();
        for (int i = 0; i < loop.waysOut().size(); i++) {
            WayOut way = loop.waysOut().get(i);
            Label other = code.newLabel();
            region.block = way.from();
            code.iload(L_NPC).loadConstant(i).if_icmpne(other);
            if (way.target() == null) {
                ways.leaveFor(way.pc());
            } else {
                code.goto_(ways.to(way.target()));
            }
            code.labelBinding(other);
        }
        code.goto_(next);
        patience(arrive, FIRST_ROUNDS, head);
        patience(unfit, UNFIT_ROUNDS, head);
        patience(close, LEAST_ROUNDS, head);
        patience(next, 1, head);
    }

    private void patience(Label label, int rounds, Label head) {
        code.labelBinding(label).loadConstant(rounds).istore(L_PATIENCE).goto_(head);
    }

    /** Finds the translations, and for how many rounds the second copy may run. */
    private void openWindows(Label unfit) {
        code.iload(L_BUDGET).loadConstant(loop.reserve()).isub();
        code.loadConstant(loop.longestRound()).idiv().istore(L_ROUNDS);
        capRounds(() -> code.loadConstant(MOST_ROUNDS));
        int local = L_HOISTED;
        for (HoistedLoop.Window window : loop.windows()) {
            open(window, local++, unfit);
        }
    }

    private void open(HoistedLoop.Window window, int local, Label unfit) {
        code.loadConstant(window.offset());
        for (int register : window.registers) {
            region.pushRegister(register);
            code.iadd();
        }
        code.istore(L_VADDR);
        String map = window.stores ? "WRITE" : "READ";
        region.linked(map, CD_INTS);
        code.iload(L_VADDR).loadConstant(12).iushr().iaload().istore(local);
        region.linked(map, CD_INTS);
        code.iload(L_VADDR).loadConstant(window.span());
        Motion motion = window.motion;
        if (motion != null && motion.by() != 0) {
            region.pushRegister(motion.by());
        } else {
            code.loadConstant(motion == null ? 0 : motion.step());
        }
        code.loadConstant(window.size - 1);
        region.linked("OUTSIDE", CD_int);
        code.invokestatic(CD_LOOP, "rounds", ROUNDS).istore(L_NPC);
        code.iload(L_NPC).ifle(unfit);
        capRounds(() -> code.iload(L_NPC));
    }

    private void capRounds(Runnable pushMost) {
        code.iload(L_ROUNDS);
        pushMost.run();
        code.invokestatic(CD_MATH, "min", MIN).istore(L_ROUNDS);
    }

    private void call() {
        code.aload(0).aload(L_CPU);
        RoundsMethod.variables(loop).forEach(code::iload);
        if (RoundsMethod.usesHiLo(loop)) {
            code.lload(L_HI_LO);
        }
        code.iload(L_BUDGET).istore(L_VADDR);
        code.invokevirtual(CD_THIS, RoundsMethod.name(number), RoundsMethod.type(loop));
        code.dup2().l2i().istore(L_BUDGET);
        code.loadConstant(32).lushr().l2i().istore(L_NPC);
        Label left = code.newLabel();
        code.iload(L_NPC).loadConstant(RoundsMethod.stopped(loop)).if_icmpne(left);
        exits.stopBehind(loop.head(), loop.written());
        code.labelBinding(left);
        region.linked("JUMPS", CD_JUMPS);
        code.aload(0).loadConstant(number).loadConstant(loop.head().pc);
        code.iload(L_VADDR).iload(L_BUDGET).isub().loadConstant(loop.longestRound()).idiv();
        code.invokevirtual(CD_JUMPS, "ran", RAN);
        exits.reload(loop.written());
    }
}
