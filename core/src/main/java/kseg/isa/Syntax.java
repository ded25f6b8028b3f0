package kseg.isa;

import java.util.List;

/** How each instruction is written in assembly language; shared by assembler and disassembler. */
final class Syntax {
    /**
     * One way to write an instruction: its operands, and the bits implied by leaving others out.
     */
    record Form(int implied, List<Operand> operands) {
        Form(Operand... operands) {
            this(0, List.of(operands));
        }

        /** The bits that the operands fill. */
        int mask() {
            return operands.stream().mapToInt(Operand::mask).reduce(0, (a, b) -> a | b);
        }
    }

    private static final Operand RS = new Operand.Gpr(21);
    private static final Operand RT = new Operand.Gpr(16);
    private static final Operand RD = new Operand.Gpr(11);
    private static final Operand ZERO = new Operand.Zero();
    private static final Operand COP_RD = new Operand.CopRegister("$", 11);
    private static final Operand COP_RT = new Operand.CopRegister("$", 16);
    private static final Operand FPU_RD = new Operand.CopRegister("$f", 11);
    private static final Operand FPU_RT = new Operand.CopRegister("$f", 16);
    private static final Operand SHIFT_AMOUNT = new Operand.Unsigned(6, 5, false);
    private static final Operand SELECT = new Operand.Unsigned(0, 3, false);
    private static final Operand CACHE_OP = new Operand.Unsigned(16, 5, true);
    private static final Operand COP_OP = new Operand.Unsigned(0, 25, true);
    private static final Operand SIGNED = new Operand.Signed();
    private static final Operand UNSIGNED = new Operand.Unsigned(0, 16, true);
    private static final Operand CODE = new Operand.Unsigned(6, 20, true);
    private static final Operand CODE_HIGH = new Operand.Unsigned(16, 10, true);
    private static final Operand CODE_LOW = new Operand.Unsigned(6, 10, true);
    private static final Operand ADDRESS = new Operand.Address();
    private static final Operand BRANCH = new Operand.BranchTarget();
    private static final Operand JUMP = new Operand.JumpTarget();

    private static final int COPROCESSOR_OPERATION = 1 << 25;
    private static final int LINK_IN_RA = 31 << 11;

    private Syntax() {}

    /** The mnemonic, but c0..c3 for the rows that hold any operation of a coprocessor. */
    static String mnemonic(Insn insn) {
        return switch (insn) {
            case COP0 -> "c0";
            case COP1 -> "c1";
            case COP2 -> "c2";
            case COP3 -> "c3";
            default -> insn.mnemonic();
        };
    }

    /** The forms of an instruction, the preferred one first; each has another operand count. */
    static List<Form> forms(Insn insn) {
        return switch (insn.shape()) {
            case R3 -> List.of(new Form(RD, RS, RT));
            case SHIFT -> List.of(new Form(RD, RT, SHIFT_AMOUNT));
            case SHIFTV -> List.of(new Form(RD, RT, RS));
            case IMM_SIGNED -> List.of(new Form(RT, RS, SIGNED));
            case IMM_ZERO -> List.of(new Form(RT, RS, UNSIGNED));
            case LUI -> List.of(new Form(RT, UNSIGNED));
            case MUL_DIV ->
                    insn == Insn.DIV || insn == Insn.DIVU
                            ? List.of(new Form(ZERO, RS, RT), new Form(RS, RT))
                            : List.of(new Form(RS, RT));
            case FROM_HILO -> List.of(new Form(RD));
            case TO_HILO -> List.of(new Form(RS));
            case BRANCH2 -> List.of(new Form(RS, RT, BRANCH));
            case BRANCH1 -> List.of(new Form(RS, BRANCH));
            case JUMP -> List.of(new Form(JUMP));
            case JUMP_REG ->
                    insn == Insn.JALR
                            ? List.of(new Form(LINK_IN_RA, List.of(RS)), new Form(RD, RS))
                            : List.of(new Form(RS));
            case LOAD, LOAD_MERGE, STORE, STORE_MERGE, LL, SC -> List.of(new Form(RT, ADDRESS));
            case TRAP ->
                    insn == Insn.BREAK
                            ? List.of(
                                    new Form(), new Form(CODE_HIGH), new Form(CODE_HIGH, CODE_LOW))
                            : List.of(new Form(), new Form(CODE));
            case SYNC -> List.of(new Form());
            case COP_MOVE -> copMove(insn);
            case COP_BRANCH -> List.of(new Form(BRANCH));
            case COP_OP ->
                    insn.mask() == 0xfc00_0000
                            ? List.of(new Form(COPROCESSOR_OPERATION, List.of(COP_OP)))
                            : List.of(new Form());
            case COP_LOAD_STORE ->
                    insn == Insn.LWC1 || insn == Insn.SWC1
                            ? List.of(new Form(FPU_RT, ADDRESS))
                            : List.of(new Form(COP_RT, ADDRESS));
            case CACHE -> List.of(new Form(CACHE_OP, ADDRESS));
            case RESERVED -> List.of();
        };
    }

    private static List<Form> copMove(Insn insn) {
        return switch (insn) {
            case MFC0, MTC0 -> List.of(new Form(RT, COP_RD), new Form(RT, COP_RD, SELECT));
            case MFC1, MTC1 -> List.of(new Form(RT, FPU_RD));
            default -> List.of(new Form(RT, COP_RD));
        };
    }
}
