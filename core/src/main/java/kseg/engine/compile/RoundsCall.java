package kseg.engine.compile;

import static java.lang.constant.ConstantDescs.CD_int;
import static kseg.engine.compile.RegionCode.CD_INTS;
import static kseg.engine.compile.RegionCode.CD_JUMPS;
import static kseg.engine.compile.RegionCode.CD_REGION;
import static kseg.engine.compile.RegionCode.CD_THIS;
import static kseg.engine.compile.RegionCode.L_BUDGET;
import static kseg.engine.compile.RegionCode.L_FLOOR;
import static kseg.engine.compile.RegionCode.L_HI_LO;
import static kseg.engine.compile.RegionCode.L_HOISTED;
import static kseg.engine.compile.RegionCode.L_NPC;
import static kseg.engine.compile.RegionCode.L_PATIENCE;
import static kseg.engine.compile.RegionCode.L_REGISTERS;
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

    /** Fewer rounds of the second copy are not worth a call. */
    private static final int LEAST_ROUNDS = 4;

    /** Rounds after which an address that was absent or misaligned may have come to lie better. */
    private static final int UNFIT_ROUNDS = 64;

    private static final ClassDesc CD_LOOP = RegionCode.describe(HoistedLoop.class);
    private static final ClassDesc CD_MATH = RegionCode.describe(Math.class);
    private static final MethodTypeDesc ROUNDS = MethodTypeDesc.ofDescriptor("([IIIIII)I");
    private static final MethodTypeDesc RAN =
            MethodTypeDesc.of(ConstantDescs.CD_void, CD_REGION, CD_int, CD_int, CD_int);
    private static final MethodTypeDesc MAX = MethodTypeDesc.ofDescriptor("(II)I");

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
        code.iload(L_BUDGET).iload(L_FLOOR).isub();
        code.loadConstant(LEAST_ROUNDS * loop.shortestRound()).if_icmplt(close);
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

    /** Finds the translations, and down to which budget the second copy may run. */
    private void openWindows(Label unfit) {
        code.loadConstant(loop.reserve()).istore(L_FLOOR);
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
        code.iload(L_FLOOR).iload(L_BUDGET);
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
        code.invokestatic(CD_LOOP, "rounds", ROUNDS).dup().istore(L_NPC);
        code.loadConstant(loop.shortestRound()).imul().isub();
        code.invokestatic(CD_MATH, "max", MAX).istore(L_FLOOR);
        code.iload(L_NPC).ifle(unfit);
    }

    private void call() {
        code.aload(L_REGISTERS);
        RoundsMethod.variables(loop).forEach(code::iload);
        if (RoundsMethod.usesHiLo(loop)) {
            code.lload(L_HI_LO);
        }
        code.iload(L_BUDGET).istore(L_VADDR);
        code.invokestatic(CD_THIS, RoundsMethod.name(number), RoundsMethod.type(loop));
        code.dup2().l2i().istore(L_BUDGET);
        code.loadConstant(32).lushr().l2i().istore(L_NPC);
        region.linked("JUMPS", CD_JUMPS);
        code.aload(0).loadConstant(number).loadConstant(loop.head().pc);
        code.iload(L_VADDR).iload(L_BUDGET).isub().loadConstant(loop.shortestRound()).idiv();
        code.invokevirtual(CD_JUMPS, "ran", RAN);
        exits.reload(loop.written());
    }
}
