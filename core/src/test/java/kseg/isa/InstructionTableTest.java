package kseg.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * docs/instructions.md is written from the source of {@link Insn}; this test fails when it is stale
 * and, given {@code -Dkseg.update=true}, writes it.
 */
class InstructionTableTest {
    private static final Path SOURCE = Path.of("src/main/java/kseg/isa/Insn.java");
    private static final Path TABLE = Path.of("../docs/instructions.md");

    /** A heading, or a constant with its Javadoc. */
    private static final Pattern ROW =
            Pattern.compile(
                    "^    // (?!spotless)(.*)$"
                            + "|^    /\\*\\* (.*)\\. ((?:R3000|MIPS-161)[ ,].*)\\. \\*/\n    ([A-Z0-9]+) *\\(",
                    Pattern.MULTILINE);

    /** The operands of the examples, by the letter of the pattern. */
    private static final Map<Character, Integer> EXAMPLE =
            Map.of(
                    's', 9 << 21,
                    'b', 29 << 21,
                    't', 10 << 16,
                    'o', 5 << 16,
                    'd', 8 << 11,
                    'a', 4 << 6,
                    'i', 16,
                    'j', 0x400,
                    'e', 1,
                    'f', 1 << 25 | 24);

    private static final String INTRODUCTION =
            """
            # Instructions

            Written by `InstructionTableTest` from `core/src/main/java/kseg/isa/Insn.java`; do not edit.
            After a change there: `./mvnw -pl core test -Dtest=InstructionTableTest -Dkseg.update=true`

            The encoding names the operand fields by letter: s rs (b as a base register), t rt, d rd,
            a shift amount, i immediate, j jump index, c code, e select, f coprocessor operation,
            o cache operation. Bits shown as a dash are ignored. Where two rows fit a word, the one
            with more fixed bits is meant. References are to "MIPS RISC Architecture" (R3000) and to
            the processor chapter of the System/161 manual (MIPS-161).
            """;

    @Test
    void tableIsUpToDate() throws IOException {
        String expected = write(Files.readString(SOURCE));
        if (Boolean.getBoolean("kseg.update")) {
            Files.writeString(TABLE, expected);
        }
        assertThat(TABLE).as("stale; its head says how to update it").content().isEqualTo(expected);
    }

    private static String write(String source) {
        var out = new StringBuilder(INTRODUCTION);
        Matcher row = ROW.matcher(source);
        int rows = 0;
        while (row.find()) {
            if (row.group(1) != null) {
                out.append("\n## ").append(row.group(1)).append("\n\n");
                out.append(
                        "| Instruction | Encoding | What it does | Notes | Reference |\n|---|---|---|---|---|\n");
            } else {
                out.append(row(Insn.valueOf(row.group(4)), row.group(2), row.group(3)));
                rows++;
            }
        }
        assertThat(rows).as("rows found in the source").isEqualTo(Insn.values().length);
        return out.toString();
    }

    private static String row(Insn insn, String meaning, String reference) {
        String notes =
                Arrays.stream(Trait.values())
                        .filter(insn::has)
                        .map(InstructionTableTest::note)
                        .filter(note -> !note.isEmpty())
                        .collect(Collectors.joining(", "));
        return "| `%s` | `%s` | %s | %s | %s |\n"
                .formatted(
                        insn == Insn.RESERVED ? "(reserved)" : example(insn),
                        insn.pattern(),
                        meaning.replace("&lt;", "<").replace("&gt;", ">"),
                        notes,
                        reference);
    }

    /** The instruction with some operands, at 0x80001000. */
    private static String example(Insn insn) {
        String bits = insn.pattern().replace(" ", "");
        int word = insn.match();
        for (int bit = 0; bit < 32; bit++) {
            word |= EXAMPLE.getOrDefault(bits.charAt(31 - bit), 0) & 1 << bit;
        }
        String text = Disassembler.disassemble(word, 0x8000_1000);
        assertThat(text).startsWith(Syntax.mnemonic(insn));
        return text;
    }

    private static String note(Trait trait) {
        return switch (trait) {
            case MAY_OVERFLOW -> "overflow trap";
            case DELAY_SLOT -> "delay slot";
            case LINK -> "links";
            case PRIVILEGED -> "kernel mode";
            case MIPS161_ONLY -> "MIPS-161 only";
            case R3000A_ONLY -> "R3000A only";
            case LOADS, STORES, BYTE, HALF, WORD -> "";
        };
    }
}
