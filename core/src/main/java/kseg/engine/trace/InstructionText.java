package kseg.engine.trace;

import kseg.cpu.Cpu;
import kseg.isa.Fields;
import kseg.isa.Insn;
import kseg.isa.Registers;
import kseg.isa.Semantics;

/**
 * How System/161's trace shows an instruction: its operands and their values, then, when it has
 * been executed, its result. Formats as measured on trace161 2.0.8 (sys161.md section 13), oddities
 * included: immediates of arithmetic are shown unsigned, SC as {@code sw}, DIV without a comma.
 */
final class InstructionText {
    private static final int RA = 31;

    private final Insn insn;
    private final int word;

    /** Operand values, before the step. */
    private final int rs;

    private final int rt;
    private final int vaddr;

    InstructionText(Insn insn, int word, Cpu cpu) {
        this.insn = insn;
        this.word = word;
        rs = cpu.gpr[Fields.rs(word)];
        rt = cpu.gpr[Fields.rt(word)];
        vaddr = rs + Fields.simm(word);
    }

    /** Address of the datum of a load or store. */
    int vaddr() {
        return vaddr;
    }

    /** What is shown before the step; empty for what System/161 does not show. */
    String before() {
        return switch (insn.shape()) {
            case R3 -> registers3() + ": " + operation() + " -> ";
            case SHIFT ->
                    "%s %s, %s, %d: 0x%x %s %d -> "
                            .formatted(
                                    name(),
                                    rd(),
                                    rtName(),
                                    Fields.sa(word),
                                    rt,
                                    arrow(),
                                    Fields.sa(word));
            case SHIFTV ->
                    "%s %s, %s, %s: 0x%x %s %d -> "
                            .formatted(name(), rd(), rtName(), rsName(), rt, arrow(), rs & 31);
            case IMM_SIGNED, IMM_ZERO -> immediate();
            case LUI -> "lui %s, 0x%x".formatted(rtName(), Fields.zimm(word));
            case MUL_DIV -> mulDiv();
            case FROM_HILO -> name() + " " + rd() + ": ... -> ";
            case TO_HILO -> "%s %s: 0x%x -> ...".formatted(name(), rsName(), rs);
            case BRANCH2 ->
                    "%s %s, %s, %d: %s%s%s? "
                            .formatted(
                                    name(),
                                    rsName(),
                                    rtName(),
                                    Fields.simm(word),
                                    Integer.toUnsignedString(rs),
                                    insn == Insn.BEQ ? "==" : "!=",
                                    Integer.toUnsignedString(rt));
            case BRANCH1 ->
                    "%s %s, %d: %d%s0? "
                            .formatted(name(), rsName(), Fields.simm(word), rs, comparison());
            case JUMP -> "%s 0x%x".formatted(name(), word << 6 >>> 4);
            case JUMP_REG ->
                    insn == Insn.JALR
                            ? "jalr %s, %s: 0x%x".formatted(rd(), rsName(), rs)
                            : "jr %s: 0x%x".formatted(rsName(), rs);
            case LOAD, LOAD_MERGE, LL ->
                    name() + " " + rtName() + ", " + address() + ": [" + hex(vaddr) + "] -> ";
            case STORE, STORE_MERGE, SC ->
                    (insn == Insn.SC ? "sw" : name())
                            + " "
                            + rtName()
                            + ", "
                            + address()
                            + ": "
                            + stored()
                            + " -> ["
                            + hex(vaddr)
                            + "]";
            case COP_MOVE -> copMove();
            case COP_LOAD_STORE -> "%s $%d, %s".formatted(name(), Fields.rt(word), address());
            case COP_BRANCH -> name() + " " + Fields.simm(word);
            case TRAP, SYNC -> name();
            case COP_OP -> insn == Insn.COP0 ? illegal() : name();
            case CACHE -> "";
            case RESERVED -> illegal();
        };
    }

    /** System/161 shows nothing of instructions that the mode or the coprocessor forbids. */
    boolean isSilent(boolean user) {
        return switch (insn.shape()) {
            case COP_MOVE, COP_BRANCH, COP_OP -> user || Fields.cop(word) != 0;
            default -> false;
        };
    }

    /** Whether what is shown before the step is the whole line. */
    boolean isWhole() {
        return switch (insn.shape()) {
            case R3, SHIFT, SHIFTV, IMM_SIGNED, IMM_ZERO, MUL_DIV, FROM_HILO -> false;
            case BRANCH1, BRANCH2, LOAD, LOAD_MERGE, LL, CACHE -> false;
            case COP_MOVE -> insn != Insn.MFC0;
            default -> true;
        };
    }

    /** The result, after the step; empty if none is shown. */
    String after(Cpu cpu, boolean excepted) {
        return switch (insn.shape()) {
            case R3 -> excepted ? "" : value(cpu.gpr[Fields.rd(word)]);
            case SHIFT, SHIFTV -> hex(cpu.gpr[Fields.rd(word)]);
            case IMM_SIGNED, IMM_ZERO -> excepted ? "" : value(cpu.gpr[Fields.rt(word)]);
            case FROM_HILO -> hex(cpu.gpr[Fields.rd(word)]);
            case LOAD -> Integer.toString(cpu.gpr[Fields.rt(word)]);
            case LL -> excepted ? "" : Integer.toString(cpu.gpr[Fields.rt(word)]);
            case LOAD_MERGE -> hex(cpu.gpr[Fields.rt(word)]);
            case COP_MOVE -> insn == Insn.MFC0 ? hex(cpu.gpr[Fields.rt(word)]) : "";
            case BRANCH1, BRANCH2 -> taken() ? "yes" : "no";
            case MUL_DIV -> mulDivResult(cpu.gpr[Cpu.HI], cpu.gpr[Cpu.LO]);
            default -> "";
        };
    }

    /** Whether a transfer of control takes place. */
    boolean taken() {
        return switch (insn) {
            case BEQ -> Semantics.beq(rs, rt);
            case BNE -> Semantics.bne(rs, rt);
            case BLEZ -> Semantics.blez(rs);
            case BGTZ -> Semantics.bgtz(rs);
            case BLTZ -> Semantics.bltz(rs);
            case BGEZ -> Semantics.bgez(rs);
            case BLTZAL -> Semantics.bltzal(rs);
            case BGEZAL -> Semantics.bgezal(rs);
            case J, JAL, JR, JALR -> true;
            default -> false;
        };
    }

    /** Arithmetic is shown in decimal, logic in hexadecimal. */
    private boolean isLogic() {
        return switch (insn) {
            case AND, OR, XOR, NOR, ANDI, ORI, XORI -> true;
            default -> false;
        };
    }

    private String value(int register) {
        return isLogic() ? hex(register) : Integer.toString(register);
    }

    private String registers3() {
        return name() + " " + rd() + ", " + rsName() + ", " + rtName();
    }

    private String operation() {
        return switch (insn) {
            case ADD, ADDU -> rs + " + " + rt;
            case SUB, SUBU -> rs + " - " + rt;
            case AND -> hex(rs) + " & " + hex(rt);
            case OR -> hex(rs) + " | " + hex(rt);
            case XOR -> hex(rs) + " ^ " + hex(rt);
            case NOR -> "~(" + hex(rs) + " | " + hex(rt) + ")";
            case SLTU -> Integer.toUnsignedString(rs) + " < " + Integer.toUnsignedString(rt);
            default -> rs + " < " + rt;
        };
    }

    private String immediate() {
        int unsigned = Fields.zimm(word);
        int signed = Fields.simm(word);
        String operation =
                switch (insn) {
                    case ADDI, ADDIU -> unsigned + ": " + rs + " + " + signed;
                    case SLTI -> signed + ": " + rs + " < " + signed;
                    case SLTIU ->
                            unsigned
                                    + ": "
                                    + Integer.toUnsignedString(rs)
                                    + " < "
                                    + Integer.toUnsignedString(signed);
                    case ANDI -> unsigned + ": " + hex(rs) + " & " + hex(unsigned);
                    case ORI -> unsigned + ": " + hex(rs) + " | " + hex(unsigned);
                    default -> unsigned + ": " + hex(rs) + " ^ " + hex(unsigned);
                };
        return name() + " " + rtName() + ", " + rsName() + ", " + operation + " -> ";
    }

    private String mulDiv() {
        String left = unsigned() ? Integer.toUnsignedString(rs) : Integer.toString(rs);
        String right = unsigned() ? Integer.toUnsignedString(rt) : Integer.toString(rt);
        boolean division = insn == Insn.DIV || insn == Insn.DIVU;
        String between = division ? " " : ", ";
        String sign = division ? " / " : " * ";
        return name() + " " + rsName() + between + rtName() + ": " + left + sign + right + " -> ";
    }

    private String mulDivResult(int hi, int lo) {
        String high = unsigned() ? Integer.toUnsignedString(hi) : Integer.toString(hi);
        String low = unsigned() ? Integer.toUnsignedString(lo) : Integer.toString(lo);
        if (insn == Insn.MULT || insn == Insn.MULTU) {
            return high + " " + low;
        }
        return rt == 0 ? "ERR" : low + ", remainder " + high;
    }

    private boolean unsigned() {
        return insn == Insn.MULTU || insn == Insn.DIVU;
    }

    private String arrow() {
        return insn == Insn.SLL || insn == Insn.SLLV ? "<<" : ">>";
    }

    private String comparison() {
        return switch (insn) {
            case BGEZ, BGEZAL -> ">=";
            case BGTZ -> ">";
            case BLEZ -> "<=";
            default -> "<";
        };
    }

    private String stored() {
        return switch (insn) {
            case SB -> Integer.toString(rt & 0xff);
            case SH -> Integer.toString(rt & 0xffff);
            case SWL, SWR -> hex(rt);
            default -> Integer.toString(rt);
        };
    }

    private String copMove() {
        String register = "$" + Fields.rd(word);
        if ((insn == Insn.MFC0 || insn == Insn.MTC0) && Fields.sel(word) != 0) {
            register += "." + Fields.sel(word);
        }
        String start = name() + " " + rtName() + ", " + register;
        return switch (insn) {
            case MFC0 -> start + ": ... -> ";
            case MTC0 -> start + ": " + hex(rt) + " -> ...";
            default -> start;
        };
    }

    private String illegal() {
        return "[illegal instruction %08x]".formatted(word);
    }

    private String address() {
        return Fields.simm(word) + "(" + rsName() + ")";
    }

    private String name() {
        return insn.mnemonic();
    }

    private String rd() {
        return register(Fields.rd(word));
    }

    private String rsName() {
        return register(Fields.rs(word));
    }

    private String rtName() {
        return register(Fields.rt(word));
    }

    private static String register(int number) {
        return switch (number) {
            case 0 -> "$z0";
            case RA - 1 -> "$s8";
            default -> Registers.name(number);
        };
    }

    private static String hex(int value) {
        return "0x" + Integer.toHexString(value);
    }
}
