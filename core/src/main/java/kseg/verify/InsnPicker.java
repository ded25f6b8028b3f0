package kseg.verify;

import java.util.Arrays;
import java.util.function.Predicate;
import kseg.isa.CpuModel;
import kseg.isa.Insn;
import kseg.isa.Shape;
import kseg.isa.Trait;
import kseg.time.Generator;

/** Draws single instructions. */
final class InsnPicker {
    private static final Insn[] ALL = Insn.values();
    private static final Insn[] R3 = {
        Insn.ADDU, Insn.ADD, Insn.SUBU, Insn.SUB, Insn.AND, Insn.OR, Insn.XOR, Insn.NOR, Insn.SLT,
        Insn.SLTU, Insn.SLLV, Insn.SRLV, Insn.SRAV,
    };
    private static final Insn[] IMMEDIATE = {
        Insn.ADDIU, Insn.ADDI, Insn.SLTI, Insn.SLTIU, Insn.ANDI, Insn.ORI, Insn.XORI, Insn.LUI,
    };
    private static final Insn[] SHIFTS = {Insn.SLL, Insn.SRL, Insn.SRA};
    private static final Insn[] MULTIPLY = {
        Insn.MULT, Insn.MULTU, Insn.DIV, Insn.DIVU, Insn.MFHI, Insn.MFLO, Insn.MTHI, Insn.MTLO,
    };
    private static final Insn[] LOADS = {
        Insn.LW, Insn.LW, Insn.LW, Insn.LB, Insn.LBU, Insn.LH, Insn.LHU, Insn.LWL, Insn.LWR,
    };
    private static final Insn[] STORES = {
        Insn.SW, Insn.SW, Insn.SW, Insn.SB, Insn.SH, Insn.SWL, Insn.SWR,
    };
    private static final Insn[] BRANCHES = {
        Insn.BEQ,
        Insn.BNE,
        Insn.BNE,
        Insn.BLEZ,
        Insn.BGTZ,
        Insn.BLTZ,
        Insn.BGEZ,
        Insn.BLTZAL,
        Insn.BGEZAL,
    };

    private final Generator random;
    private final Insn[] existing;

    /** What exists on this processor alone. */
    private final Insn[] special;

    /** Those of them that access memory; none on the R3000A. */
    private final Insn[] specialAccesses;

    /** The instruction that the present program has more often than others. */
    private Insn theme = Insn.RESERVED;

    InsnPicker(Generator random, CpuModel model) {
        this.random = random;
        existing = those(model::has);
        special =
                those(insn ->
                        model.has(insn)
                                && (insn.has(Trait.R3000A_ONLY) || insn.has(Trait.MIPS161_ONLY)));
        specialAccesses = Arrays.stream(special).filter(InsnPicker::isAccess).toArray(Insn[]::new);
    }

    private static boolean isAccess(Insn insn) {
        return insn.has(Trait.LOADS) || insn.has(Trait.STORES) || insn.shape() == Shape.CACHE;
    }

    private static Insn[] those(Predicate<Insn> wanted) {
        return Arrays.stream(ALL).filter(wanted).toArray(Insn[]::new);
    }

    /** Chooses another theme, for the next program. */
    void nextTheme() {
        theme = pick(once(3) ? special : existing);
    }

    int below(int bound) {
        return random.below(bound);
    }

    /** True once in so many times. */
    boolean once(int in) {
        return random.below(in) == 0;
    }

    int bits() {
        return random.nextInt();
    }

    Insn pick(Insn... from) {
        return from[random.below(from.length)];
    }

    /** A register to compute with; now and then one that has a purpose. */
    int value() {
        if (once(24)) {
            return once(2) ? pointer() : random.below(32);
        }
        return Layout.VALUES[random.below(Layout.VALUES.length)];
    }

    /** A register to write; rarely one that has a purpose. */
    int target() {
        return once(40) ? random.below(32) : Layout.VALUES[random.below(Layout.VALUES.length)];
    }

    int pointer() {
        return Layout.S0 + random.below(Layout.POINTERS);
    }

    /** A value that is more often near the end of its range, so that sums overflow. */
    int extreme() {
        return 0x7fffffff - random.below(1 << 12) ^ (once(2) ? -1 : 0);
    }

    /** A constant of the kind programs have. */
    int immediate() {
        return switch (random.below(4)) {
            case 0 -> random.below(8) - 2;
            case 1 -> 1 << random.below(16);
            case 2 -> random.below(256);
            default -> random.nextInt();
        };
    }

    /** Registers only; some can overflow. */
    int plain() {
        return switch (random.below(9)) {
            case 0, 1, 2 -> Words.r(pick(R3), target(), value(), value());
            case 3, 4, 5 -> Words.i(pick(IMMEDIATE), target(), value(), immediate());
            case 6 -> Words.shift(pick(SHIFTS), target(), value(), random.below(32));
            case 7 -> Words.r(pick(MULTIPLY), target(), value(), value());
            default -> Words.r(Insn.ADDU, target(), value(), value());
        };
    }

    /** A load or store off a pointer. */
    int access() {
        return access(pointer(), once(6) ? random.below(64) - 32 : 4 * (random.below(16) - 8));
    }

    int access(int base, int offset) {
        if (specialAccesses.length > 0 && once(50)) {
            Insn insn = pick(specialAccesses);
            int rt = insn.shape() == Shape.CACHE ? random.below(32) : target();
            return Words.i(insn, rt, base, offset);
        }
        if (once(2)) {
            return Words.i(pick(LOADS), once(20) ? base : target(), base, offset);
        }
        return Words.i(pick(STORES), value(), base, offset);
    }

    /** A conditional branch, its offset yet to be set. */
    int branch() {
        int rs = once(4) ? Layout.COUNTER : value();
        return Words.i(pick(BRANCHES), value(), rs, 0);
    }

    /** Any instruction of the processor; those that would end everything are left to chance. */
    int any() {
        Insn insn = once(2) ? theme : pick(existing);
        if (insn == Insn.RESERVED) {
            return 0xfc000000 | random.below(1 << 20); // no opcode of either processor
        }
        if (isAccess(insn)) {
            int offset = once(4) ? random.below(64) - 32 : 4 * (random.below(16) - 8);
            boolean anyTarget = insn.shape() == Shape.CACHE || once(3);
            return Words.i(insn, anyTarget ? random.below(32) : target(), pointer(), offset);
        }
        return switch (insn.shape()) {
            case BRANCH1, BRANCH2, COP_BRANCH ->
                    Words.i(insn, value(), value(), random.below(16) - 6);
            case JUMP -> Words.of(insn, (Layout.CODE >>> 2) + random.below(0x400));
            case JUMP_REG -> Words.r(insn, once(2) ? Layout.RA : target(), jumpBase(), 0);
            case COP_OP, TRAP -> copOp(insn);
            case COP_MOVE -> Words.of(insn, move() | target() << 16);
            case IMM_SIGNED, IMM_ZERO, LUI -> Words.i(insn, target(), value(), immediate());
            case SHIFT -> Words.shift(insn, target(), value(), random.below(32));
            default -> Words.r(insn, target(), value(), value());
        };
    }

    private int jumpBase() {
        return once(8) ? random.below(32) : once(2) ? Layout.RA : Layout.TARGET;
    }

    private int copOp(Insn insn) {
        return switch (insn) {
            case COP0 -> insn.match() | 1 << 25 | 0x39; // an operation that does not exist
            case COP1, COP2, COP3 -> insn.match() | 1 << 25 | random.below(1 << 16);
            default -> Words.of(insn, random.nextInt());
        };
    }

    /** Any register of coprocessor 0 but those that would stop the world, and no select. */
    private int move() {
        int register = random.below(32);
        return (register == 12 && !once(4) ? 14 : register) << 11;
    }

    /** What may stand in a delay slot: anything. */
    int slot() {
        return switch (random.below(20)) {
            case 0 -> Words.NOP;
            case 1, 2, 3, 4 -> plain();
            case 5, 6, 7, 8 -> access();
            case 10 -> Words.i(Insn.ADDIU, Layout.COUNTER, Layout.COUNTER, -1);
            case 14 -> branch() | random.below(12);
            case 15 -> Words.i(Insn.SW, Layout.WORD, Layout.TARGET, 4 * random.below(4));
            case 16 -> once(2) ? Insn.RFE.match() : Insn.TLBWR.match();
            default -> any();
        };
    }

    /** A word that makes sense where the program is changed. */
    int replacement() {
        return switch (random.below(8)) {
            case 0 -> access();
            case 1 -> branch() | random.below(8) + 1;
            case 2 -> any();
            default -> plain();
        };
    }
}
