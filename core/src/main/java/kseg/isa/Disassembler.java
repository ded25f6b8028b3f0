package kseg.isa;

import java.util.stream.Collectors;

/**
 * Writes instruction words as text that GNU as, and {@link Assembler}, turn into the same words.
 */
public final class Disassembler {
    private Disassembler() {}

    /**
     * The instruction at vaddr {@code pc}, whichever processor model it belongs to. A word that no
     * assembler writes, because it is reserved or sets bits that the processor ignores, becomes
     * {@code .word}; a comment says what it does. (GNU as refuses one more kind, those that link in
     * their source register, which the manual leaves undefined.)
     */
    public static String disassemble(int word, int pc) {
        Insn insn = Decoder.ofEverything().decode(word);
        String alias = alias(insn, word, pc);
        if (!alias.isEmpty()) {
            return alias;
        }
        for (Syntax.Form form : Syntax.forms(insn)) {
            int written = insn.match() | form.implied() | word & form.mask();
            if (written == word) {
                return write(insn, form, word, pc);
            }
        }
        return ".word 0x%08x%s".formatted(word, comment(insn, word, pc));
    }

    /** The usual names of no operation, moves, small constants and unconditional branches. */
    private static String alias(Insn insn, int word, int pc) {
        String rt = Registers.name(Fields.rt(word));
        int operands = word & ~insn.mask();
        return switch (insn) {
            case SLL -> word == 0 ? "nop" : "";
            case OR ->
                    (operands & 0x001f_07c0) == 0
                            ? "move %s, %s"
                                    .formatted(
                                            Registers.name(Fields.rd(word)),
                                            Registers.name(Fields.rs(word)))
                            : "";
            case ADDIU -> Fields.rs(word) == 0 ? "li %s, %d".formatted(rt, Fields.simm(word)) : "";
            case BEQ ->
                    (operands & 0x03ff_0000) == 0
                            ? "b 0x%x".formatted(Fields.branchTarget(pc, word))
                            : "";
            default -> "";
        };
    }

    private static String comment(Insn insn, int word, int pc) {
        var forms = Syntax.forms(insn);
        if (forms.isEmpty()) {
            return "";
        }
        Syntax.Form form = forms.getLast();
        boolean coprocessorMove = (form.implied() & ~word) != 0;
        return coprocessorMove ? "" : "  # " + write(insn, form, word, pc);
    }

    private static String write(Insn insn, Syntax.Form form, int word, int pc) {
        String operands =
                form.operands().stream()
                        .map(operand -> operand.format(word, pc))
                        .collect(Collectors.joining(", "));
        return (Syntax.mnemonic(insn) + " " + operands).strip();
    }
}
