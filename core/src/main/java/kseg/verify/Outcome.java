package kseg.verify;

import kseg.cpu.Cpu;
import kseg.cpu.Exc;
import kseg.isa.Insn;
import kseg.isa.Shape;
import kseg.isa.Trait;

/** How a step can end: one column of the coverage table. */
enum Outcome {
    /** The instruction retires. */
    RETIRED("retired"),
    /** An interrupt is accepted in front of it. */
    INTERRUPT("interrupt"),
    OV("overflow"),
    ADEL("AdEL"),
    ADES("AdES"),
    TLBL_REFILL("TLBL refill"),
    TLBL("TLBL"),
    TLBS_REFILL("TLBS refill"),
    TLBS("TLBS"),
    MOD("Mod"),
    IBE("IBE"),
    DBE("DBE"),
    SYSCALL("Sys"),
    BREAK("Bp"),
    RI("RI"),
    CPU("CpU");

    private static final int CAUSE = 13;
    private static final int REFILL_VECTORS = 0x1ff;

    private final String title;

    Outcome(String title) {
        this.title = title;
    }

    /** The name in tables, as manuals abbreviate it. */
    String title() {
        return title;
    }

    /** What brought the CPU to the vector at which it is now. */
    static Outcome ofException(Cpu cpu) {
        int code = cpu.cp0().read(CAUSE, 0) >>> 2 & 31;
        int vector = cpu.pc & REFILL_VECTORS;
        boolean refill = vector == 0 || vector == 0x100;
        return switch (Exc.values()[code]) {
            case INTERRUPT -> INTERRUPT;
            case MOD -> MOD;
            case TLBL -> refill ? TLBL_REFILL : TLBL;
            case TLBS -> refill ? TLBS_REFILL : TLBS;
            case ADEL -> ADEL;
            case ADES -> ADES;
            case IBE -> IBE;
            case DBE -> DBE;
            case SYSCALL -> SYSCALL;
            case BREAKPOINT -> BREAK;
            case RI -> RI;
            case CPU -> CPU;
            case OV -> OV;
        };
    }

    /** Whether this instruction can end so on some processor of ours. */
    boolean possible(Insn insn) {
        Shape shape = insn.shape();
        boolean loads = insn.has(Trait.LOADS) && !raisesAlways(insn);
        boolean stores = insn.has(Trait.STORES) && !raisesAlways(insn);
        boolean conditional = shape == Shape.SC;
        return switch (this) {
            case RETIRED -> !raisesAlways(insn);
            case INTERRUPT -> true;
            case OV -> insn.has(Trait.MAY_OVERFLOW);
            case ADEL, TLBL_REFILL, TLBL -> loads && !conditional || shape == Shape.CACHE;
            case ADES, TLBS, TLBS_REFILL, MOD -> stores;
            case DBE -> loads || stores;
            case SYSCALL -> insn == Insn.SYSCALL;
            case BREAK -> insn == Insn.BREAK;
            case RI ->
                    shape == Shape.RESERVED
                            || insn == Insn.MFC0
                            || insn == Insn.MTC0
                            || insn == Insn.COP0;
            case CPU ->
                    insn.has(Trait.PRIVILEGED)
                            || shape == Shape.COP_LOAD_STORE
                            || raisesAlways(insn) && shape.name().startsWith("COP");
            case IBE -> false;
        };
    }

    /** Whether a fetch can fail so. */
    boolean possibleAtFetch() {
        return switch (this) {
            case ADEL, TLBL_REFILL, TLBL, IBE, INTERRUPT -> true;
            default -> false;
        };
    }

    /** Instructions that never retire: traps, and everything of absent coprocessors. */
    private static boolean raisesAlways(Insn insn) {
        return switch (insn.shape()) {
            case TRAP, RESERVED, COP_BRANCH, COP_LOAD_STORE -> true;
            case COP_MOVE -> insn != Insn.MFC0 && insn != Insn.MTC0;
            case COP_OP ->
                    switch (insn) {
                        case TLBR, TLBWI, TLBWR, TLBP, RFE, WAIT -> false;
                        default -> true;
                    };
            default -> false;
        };
    }
}
