package kseg.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssemblerTest {
    private static final int BASE = 0x8000_0000;

    /** Words worked out by hand from the manual's encodings. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    addu $t0, $t1, $t2      | 012a4021
                    addu $8,$9,$10          | 012a4021
                    addiu $sp, $sp, -32     | 27bdffe0
                    andi $t0, $t1, 0xffff   | 3128ffff
                    lui $at, 0x8000         | 3c018000
                    sll $t0, $t1, 31        | 000947c0
                    sllv $t0, $t1, $t2      | 01494004
                    mult $t0, $t1           | 01090018
                    div $zero, $t0, $t1     | 0109001a
                    div $t0, $t1            | 0109001a
                    mfhi $t0                | 00004010
                    mtlo $t0                | 01000013
                    jr $ra                  | 03e00008
                    jalr $t9                | 0320f809
                    jalr $t0, $t9           | 03204009
                    j 0x80000100            | 08000040
                    beq $t0, $t1, .+16      | 11090003
                    bgezal $zero, .         | 0411ffff
                    lw $t0, -4($sp)         | 8fa8fffc
                    lw $t0, ($sp)           | 8fa80000
                    lw $t0, %lo(0x12348000)($t1) | 8d288000
                    lui $t0, %hi(0x12348000) | 3c081235
                    swr $t0, 3($s8)         | bbc80003
                    syscall                 | 0000000c
                    break 1, 2              | 0001008d
                    mfc0 $t0, $12           | 40086000
                    mtc0 $t0, $16, 1        | 40888001
                    cache 0x11, 16($a0)     | bc910010
                    rfe                     | 42000010
                    wait                    | 42000020
                    ll $t0, 0($a0)          | c0880000
                    sc $t0, 0($a0)          | e0880000
                    sync                    | 0000000f
                    mfc1 $t0, $f4           | 44082000
                    cfc1 $t0, $31           | 4448f800
                    bc1t .+4                | 45010000
                    lwc1 $f2, 8($a0)        | c4820008
                    c2 0x1ffffff            | 4bffffff
                    .word 0xffffffff        | ffffffff
                    .word -1                | ffffffff
                    nop                     | 00000000
                    move $t0, $t1           | 01204025
                    li $t0, -32768          | 24088000
                    li $t0, 0xffff          | 3408ffff
                    li $t0, 0x10000         | 3c080001
                    b .+8                   | 10000001
                    bnez $t0, .-4           | 1500fffe
                    """)
    void assemblesOneWord(String text, String hex) {
        assertThat(Assembler.assemble(text, BASE))
                .containsExactly(Integer.parseUnsignedInt(hex, 16));
    }

    @Test
    void resolvesLabelsBothWays() {
        int[] words =
                Assembler.assemble(
                        """
                        start:  li $t0, 0x12345678      # two words
                                la $a0, data            # always two words
                        loop:   bne $t0, $zero, loop
                                addiu $t0, $t0, -1
                                jal start; nop
                        data: end:
                                .word end - start, data + 4
                                .space 8
                        """,
                        BASE);
        assertThat(words)
                .containsExactly(
                        0x3c08_1234,
                        0x3508_5678,
                        0x3c04_8000,
                        0x2484_0020,
                        0x1500_ffff,
                        0x2508_ffff,
                        0x0c00_0000,
                        0,
                        0x20,
                        0x8000_0024,
                        0,
                        0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    frob $t0            | no such instruction
                    reserved            | no such instruction
                    addu $t0, $t1       | wrong number of operands
                    addu $t0, $t1, $tx  | no such register: $tx
                    addu $t0, $t1, $32  | no such register: $32
                    addiu $t0,$t0,40000 | not in -32768..32767
                    andi $t0, $t0, -1   | not in 0..65535
                    sll $t0, $t0, 32    | not in 0..31
                    lw $t0, 4           | not of the form offset(base)
                    beq $t0, $t0, .+2   | not aligned or out of reach
                    b .+0x20004         | not aligned or out of reach
                    j 0x90000000        | not aligned or out of reach
                    b nowhere           | no such label: nowhere
                    li $t0, 0x100000000 | not a number of up to 32 bits
                    li $t0, 1 2         | not an expression: 1 2
                    li $t0              | 1 operands where 2 belong
                    div $t0, $t1, $t2   | must be $zero
                    .space 3            | not a multiple of 4
                    a-b: nop            | not a label: a-b
                    """)
    void saysWhatIsWrongAndWhere(String text, String reason) {
        assertThatThrownBy(() -> Assembler.assemble("nop\n\n" + text, BASE))
                .isInstanceOf(AssemblyException.class)
                .hasMessageStartingWith("line 3: ")
                .hasMessageContaining(reason)
                .hasMessageEndingWith(text);
    }

    @Test
    void refusesALabelDefinedTwice() {
        assertThatThrownBy(() -> Assembler.assemble("x: nop\nx: nop", BASE))
                .hasMessage("line 2: label defined twice: x: x: nop");
    }
}
