package kseg.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That every word decodes to one instruction, and to the right one. */
class EncodingTest {
    // The opcode tables of the R3000 manual, in rows of eight; a dot is a reserved encoding.

    private static final String[] OPCODES =
            table(
                    """
                    SPECIAL BCOND J    JAL   BEQ  BNE BLEZ BGTZ
                    ADDI    ADDIU SLTI SLTIU ANDI ORI XORI LUI
                    COP0    COP1  COP2 COP3  .    .   .    .
                    .       .     .    .     .    .   .    .
                    LB      LH    LWL  LW    LBU  LHU LWR  .
                    SB      SH    SWL  SW    .    .   SWR  CACHE
                    LL      LWC1  LWC2 LWC3  .    .   .    .
                    SC      SWC1  SWC2 SWC3  .    .   .    .
                    """);
    private static final String[] SPECIAL =
            table(
                    """
                    SLL  .     SRL  SRA  SLLV    .     SRLV SRAV
                    JR   JALR  .    .    SYSCALL BREAK .    SYNC
                    MFHI MTHI  MFLO MTLO .       .     .    .
                    MULT MULTU DIV  DIVU .       .     .    .
                    ADD  ADDU  SUB  SUBU AND     OR    XOR  NOR
                    .    .     SLT  SLTU .       .     .    .
                    .    .     .    .    .       .     .    .
                    .    .     .    .    .       .     .    .
                    """);

    /** By rs, where bit 25 is clear. The branches are told apart by bit 16. */
    private static final String[] COPROCESSOR =
            table(
                    """
                    MFCz . CFCz . MTCz . CTCz .
                    BCzF . .    . BCzF . .    .
                    """);

    private static final Map<Integer, Insn> BCOND =
            Map.of(0, Insn.BLTZ, 1, Insn.BGEZ, 16, Insn.BLTZAL, 17, Insn.BGEZAL);
    private static final Map<Integer, Insn> COP0_OPERATIONS =
            Map.of(
                    1, Insn.TLBR,
                    2, Insn.TLBWI,
                    6, Insn.TLBWR,
                    8, Insn.TLBP,
                    16, Insn.RFE,
                    32, Insn.WAIT);

    /** Bits 15..6, which no pattern looks at except for the operations of coprocessor 0. */
    private static final int MIDDLE = 0xffc0;

    /**
     * Exhaustive: the words outside of coprocessor 0's operations are enumerated in all bits that
     * decide (which the test first asserts, and tries with three values of the others); of the
     * operations of coprocessor 0, every word is tried.
     */
    @ParameterizedTest
    @EnumSource
    void everyWordDecodesAsTheManualSays(CpuModel model) {
        assertThat(Arrays.stream(Insn.values()).filter(insn -> (insn.mask() & MIDDLE) != 0))
                .allMatch(insn -> insn.match() >>> 25 == 0x21, "operation of coprocessor 0");
        for (int upper = 0; upper < 1 << 16; upper++) {
            for (int lower = 0; lower < 1 << 6; lower++) {
                int word = upper << 16 | lower;
                check(model, word);
                check(model, word | MIDDLE);
                check(model, word | 0x5540);
            }
        }
        for (int operation = 0; operation < 1 << 25; operation++) {
            check(model, 0x4200_0000 | operation);
        }
    }

    private static void check(CpuModel model, int word) {
        Insn expected = expected(word);
        Insn decoded = Decoder.of(model).decode(word);
        if (decoded != expected && decoded != withinModel(expected, model)) {
            assertThat(decoded).as("%08x on %s", word, model).isEqualTo(expected);
        }
    }

    /** What a model makes of an instruction that it does not have. */
    private static Insn withinModel(Insn insn, CpuModel model) {
        if (model.has(insn)) {
            return insn;
        }
        return insn == Insn.WAIT
                ? Insn.COP0
                : insn.shape() == Shape.COP_MOVE || insn.shape() == Shape.COP_BRANCH
                        ? Insn.COP1
                        : Insn.RESERVED;
    }

    private static Insn expected(int word) {
        String opcode = OPCODES[word >>> 26];
        return switch (opcode) {
            case "SPECIAL" -> insn(SPECIAL[word & 63]);
            case "BCOND" -> BCOND.getOrDefault(word >>> 16 & 31, Insn.RESERVED);
            case "COP0" ->
                    (word & 1 << 25) != 0
                            ? COP0_OPERATIONS.getOrDefault(word & 0x1ff_ffff, Insn.COP0)
                            : coprocessor(word, "0");
            case "COP1" -> (word & 1 << 25) != 0 ? Insn.COP1 : coprocessor(word, "1");
            default -> insn(opcode);
        };
    }

    private static Insn coprocessor(int word, String number) {
        String name = COPROCESSOR[word >>> 21 & 15];
        if (name.equals("BCzF") && (word & 1 << 16) != 0) {
            name = "BCzT";
        }
        return insn(name.equals(".") ? "COP" + number : name.replace("z", number));
    }

    private static Insn insn(String name) {
        return name.equals(".") ? Insn.RESERVED : Insn.valueOf(name);
    }

    private static String[] table(String text) {
        return text.strip().split("\\s+");
    }

    @Test
    void expectedInstructionsAreTheOnlyOnes() {
        var named =
                Stream.of(OPCODES, SPECIAL, COPROCESSOR)
                        .flatMap(Arrays::stream)
                        .flatMap(name -> Stream.of(name.replace("z", "0"), name.replace("z", "1")))
                        .toList();
        var rows = new ArrayList<>(List.of(Insn.values()));
        rows.removeIf(insn -> named.contains(insn.name()));
        rows.removeAll(BCOND.values());
        rows.removeAll(COP0_OPERATIONS.values());
        assertThat(rows).containsExactlyInAnyOrder(Insn.BC0T, Insn.BC1T, Insn.RESERVED);
    }

    @Test
    void twoPatternsAreDisjointOrNested() {
        for (Insn a : Insn.values()) {
            for (Insn b : Insn.values()) {
                boolean overlap = a.matches(b.match(), b.mask());
                boolean aWithinB = (a.mask() & b.mask()) == b.mask();
                boolean bWithinA = (a.mask() & b.mask()) == a.mask();
                assertThat(a != b && overlap && aWithinB == bWithinA).as("%s, %s", a, b).isFalse();
            }
        }
    }

    @Test
    void patternsHave32BitsInTheFieldsThatTheirLettersName() {
        var fields =
                Map.ofEntries(
                        Map.entry('s', 31 << 21),
                        Map.entry('b', 31 << 21),
                        Map.entry('t', 31 << 16),
                        Map.entry('o', 31 << 16),
                        Map.entry('d', 31 << 11),
                        Map.entry('a', 31 << 6),
                        Map.entry('i', 0xffff),
                        Map.entry('j', 0x3ff_ffff),
                        Map.entry('f', 0x3ff_ffff),
                        Map.entry('c', 0xfffff << 6),
                        Map.entry('e', 7));
        for (Insn insn : Insn.values()) {
            String bits = insn.pattern().replace(" ", "");
            assertThat(bits).as(insn.name()).hasSize(32).matches("[01a-z-]+");
            fields.forEach((letter, field) -> {
                int named = 0;
                for (char c : bits.toCharArray()) {
                    named = named << 1 | (c == letter ? 1 : 0);
                }
                assertThat(named).as("%s %s", insn, letter).isIn(0, field);
            });
        }
    }

    @Test
    void fieldsAreExtracted() {
        int word = Assembler.assemble(".word 0x8fa8fffc", 0)[0];
        assertThat(Fields.rs(word)).isEqualTo(29);
        assertThat(Fields.rt(word)).isEqualTo(8);
        assertThat(Fields.simm(word)).isEqualTo(-4);
        assertThat(Fields.zimm(word)).isEqualTo(0xfffc);
        assertThat(Fields.rd(0x000947c0)).isEqualTo(8);
        assertThat(Fields.sa(0x000947c0)).isEqualTo(31);
        assertThat(Fields.code(0x03ff_ffcc)).isEqualTo(0xfffff);
        assertThat(Fields.cop(0x4c00_0000)).isEqualTo(3);
        assertThat(Fields.copOp(0xffff_ffff)).isEqualTo(0x1ff_ffff);
        assertThat(Fields.sel(0x4088_8007)).isEqualTo(7);
    }

    @Test
    void targetsAreRelativeToTheDelaySlot() {
        assertThat(Fields.branchTarget(0x8000_0000, 0x1000_8000)).isEqualTo(0x7ffe_0004);
        assertThat(Fields.branchTarget(0xffff_fffc, 0x1000_0001)).isEqualTo(4);
        assertThat(Fields.jumpTarget(0x8fff_fff8, 0x0bff_ffff)).isEqualTo(0x8fff_fffc);
        assertThat(Fields.jumpTarget(0x8fff_fffc, 0x0800_0000)).isEqualTo(0x9000_0000);
    }
}
