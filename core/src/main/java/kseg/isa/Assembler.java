package kseg.isa;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A small assembler: every {@link Insn}, labels, {@code .word}, {@code .space}, and the
 * pseudo-instructions nop, move, li, la, b, beqz, bnez.
 *
 * <p>The syntax is that of GNU as under {@code .set noreorder} and {@code nomacro}: what is written
 * is what is assembled, delay slots included. Statements end at a line's end or a semicolon,
 * comments start with {@code #}. An expression is a sum of numbers, labels, {@code .} (this
 * statement's vaddr), {@code %hi(e)} and {@code %lo(e)}.
 */
public final class Assembler {
    /** One word to be assembled: an instruction, or a directive {@code .word} with one operand. */
    private record Statement(
            int line, String text, int vaddr, String mnemonic, List<String> operands) {}

    private final Map<String, Insn> insns = new TreeMap<>();
    private final Map<String, Integer> labels = new TreeMap<>();
    private final List<Statement> statements = new ArrayList<>();
    private final int base;

    private Assembler(int base) {
        this.base = base;
        for (Insn insn : Insn.values()) {
            insns.put(Syntax.mnemonic(insn), insn);
        }
    }

    /**
     * Assembles a program to be placed at a vaddr.
     *
     * @throws AssemblyException at the first line that is wrong
     */
    public static int[] assemble(String source, int baseVaddr) {
        var assembler = new Assembler(baseVaddr);
        int number = 0;
        for (String line : source.lines().toList()) {
            number++;
            for (String text : line.replaceFirst("#.*", "").split(";", -1)) {
                assembler.scan(number, text.strip());
            }
        }
        return assembler.statements.stream().mapToInt(assembler::encode).toArray();
    }

    // First pass: labels get their addresses, pseudo-instructions are expanded

    private void scan(int line, String text) {
        String rest = text;
        for (int colon = rest.indexOf(':'); colon >= 0; colon = rest.indexOf(':')) {
            define(line, text, rest.substring(0, colon).strip());
            rest = rest.substring(colon + 1).strip();
        }
        if (rest.isEmpty()) {
            return;
        }
        String[] parts = rest.split("\\s+", 2);
        List<String> operands =
                parts.length == 1
                        ? List.of()
                        : Arrays.stream(parts[1].split(",", -1)).map(String::strip).toList();
        try {
            expand(line, text, parts[0], operands);
        } catch (IllegalArgumentException e) {
            throw wrap(line, text, e);
        }
    }

    private void define(int line, String text, String label) {
        if (!label.matches("[A-Za-z_$][\\w$.]*")) {
            throw new AssemblyException(line, text, "not a label: " + label);
        }
        if (labels.putIfAbsent(label, here()) != null) {
            throw new AssemblyException(line, text, "label defined twice: " + label);
        }
    }

    private int here() {
        return base + 4 * statements.size();
    }

    private void expand(int line, String text, String mnemonic, List<String> operands) {
        switch (mnemonic) {
            case ".set" -> {} // how GNU as is told to do what this one does anyway
            case ".word" -> operands.forEach(value -> add(line, text, ".word", value));
            case ".space" -> space(line, text, operands);
            case "nop" -> {
                count(operands, 0);
                add(line, text, "sll", "$zero", "$zero", "0");
            }
            case "move" -> {
                count(operands, 2);
                add(line, text, "or", operands.get(0), operands.get(1), "$zero");
            }
            case "li" -> {
                count(operands, 2);
                loadImmediate(line, text, operands.get(0), expression(operands.get(1), here()));
            }
            case "la" -> {
                count(operands, 2);
                String target = operands.get(0);
                add(line, text, "lui", target, "%hi(" + operands.get(1) + ")");
                add(line, text, "addiu", target, target, "%lo(" + operands.get(1) + ")");
            }
            case "b" -> {
                count(operands, 1);
                add(line, text, "beq", "$zero", "$zero", operands.get(0));
            }
            case "beqz", "bnez" -> {
                count(operands, 2);
                String branch = mnemonic.substring(0, 3);
                add(line, text, branch, operands.get(0), "$zero", operands.get(1));
            }
            default -> add(line, text, mnemonic, operands.toArray(String[]::new));
        }
    }

    private void loadImmediate(int line, String text, String target, int value) {
        if (value == (short) value) {
            add(line, text, "addiu", target, "$zero", Integer.toString(value));
        } else if (value >>> 16 == 0) {
            add(line, text, "ori", target, "$zero", Integer.toString(value));
        } else {
            add(line, text, "lui", target, Integer.toString(value >>> 16));
            if ((value & 0xffff) != 0) {
                add(line, text, "ori", target, target, Integer.toString(value & 0xffff));
            }
        }
    }

    private void space(int line, String text, List<String> operands) {
        count(operands, 1);
        int bytes = expression(operands.get(0), here());
        if (bytes < 0 || (bytes & 3) != 0) {
            throw new IllegalArgumentException("not a multiple of 4: " + bytes);
        }
        for (int i = 0; i < bytes; i += 4) {
            add(line, text, ".word", "0");
        }
    }

    private void add(int line, String text, String mnemonic, String... operands) {
        statements.add(new Statement(line, text, here(), mnemonic, List.of(operands)));
    }

    private static void count(List<String> operands, int expected) {
        if (operands.size() != expected) {
            throw new IllegalArgumentException(
                    "%d operands where %d belong".formatted(operands.size(), expected));
        }
    }

    // Second pass

    private int encode(Statement statement) {
        try {
            if (statement.mnemonic().equals(".word")) {
                return expression(statement.operands().getFirst(), statement.vaddr());
            }
            Insn insn = insns.get(statement.mnemonic());
            if (insn == null || insn == Insn.RESERVED) {
                throw new IllegalArgumentException("no such instruction");
            }
            return encode(insn, statement.operands(), statement.vaddr());
        } catch (IllegalArgumentException e) {
            throw wrap(statement.line(), statement.text(), e);
        }
    }

    private int encode(Insn insn, List<String> operands, int vaddr) {
        for (Syntax.Form form : Syntax.forms(insn)) {
            if (form.operands().size() == operands.size()) {
                int word = insn.match() | form.implied();
                for (int i = 0; i < operands.size(); i++) {
                    Operand operand = form.operands().get(i);
                    word |= operand.encode(operands.get(i), vaddr, text -> expression(text, vaddr));
                }
                return word;
            }
        }
        throw new IllegalArgumentException("wrong number of operands");
    }

    private static AssemblyException wrap(int line, String text, IllegalArgumentException e) {
        return e instanceof AssemblyException already
                ? already
                : new AssemblyException(line, text, String.valueOf(e.getMessage()));
    }

    private int expression(String text, int vaddr) {
        return Expression.evaluate(text, vaddr, labels);
    }
}
