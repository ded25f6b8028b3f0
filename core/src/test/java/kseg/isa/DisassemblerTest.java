package kseg.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisassemblerTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    00000000 | nop
                    01204025 | move $t0, $t1
                    2408fffb | li $t0, -5
                    1000fffe | b 0x7ffffffc
                    1109ffff | beq $t0, $t1, 0x80000000
                    0fffffff | jal 0x8ffffffc
                    0320f809 | jalr $t9
                    0109001a | div $zero, $t0, $t1
                    8fa8fffc | lw $t0, -4($sp)
                    40086000 | mfc0 $t0, $12
                    40088001 | mfc0 $t0, $16, 1
                    42000010 | rfe
                    42000003 | c0 0x3
                    c4820008 | lwc1 $f2, 8($a0)
                    0000003f | .word 0x0000003f
                    012a4061 | .word 0x012a4061  # addu $t0, $t1, $t2
                    40880ff1 | .word 0x40880ff1  # mtc0 $t0, $1, 1
                    4c000000 | .word 0x4c000000
                    """)
    void writesWhatAnAssemblerReads(String hex, String text) {
        int word = Integer.parseUnsignedInt(hex, 16);
        assertThat(Disassembler.disassemble(word, 0x8000_0000)).isEqualTo(text);
    }

    /** Every instruction with random operands, and random words, survive the round trip. */
    @Test
    void assemblerUndoesDisassembler() {
        var random = new Random(3000);
        for (int i = 0; i < 300; i++) {
            for (Insn insn : Insn.values()) {
                int word = insn.match() | random.nextInt() & ~insn.mask();
                int pc = random.nextInt() & ~3;
                String text = Disassembler.disassemble(word, pc);
                assertThat(Assembler.assemble(text, pc)).as(text).containsExactly(word);
            }
        }
    }
}
