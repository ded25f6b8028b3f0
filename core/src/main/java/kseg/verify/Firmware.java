package kseg.verify;

import java.util.List;
import kseg.isa.Assembler;
import kseg.isa.CpuModel;

/**
 * Exception handlers that keep a program going, in $k0, $k1, $gp and $s7: an interrupt is
 * acknowledged, a fault's instruction is left out, and every eighth one, or a fetch that failed,
 * sends the program somewhere else.
 */
final class Firmware {
    private static final int REFILL = 0x80000000;
    private static final int GENERAL = 0x80000080;

    private static final String FILL =
            """
            mfc0 $k1, $8
            srl $k1, $k1, 10
            andi $k1, $k1, 0x3c
            lui $k0, 0x8000
            addu $k0, $k0, $k1
            lw $k1, 0x1080($k0)
            nop
            mtc0 $k1, $2
            tlbwr
            mfc0 $k1, $14
            jr $k1
            rfe
            """;

    private static final String FAULT =
            """
            mfc0 $k1, $13
            mfc0 $k0, $14
            andi $gp, $k1, 0x7c
            beqz $gp, interrupt
            mfc0 $gp, $8
            beq $gp, $k0, away
            addiu $s7, $s7, 1
            andi $gp, $s7, 7
            beqz $gp, away
            addiu $k0, $k0, 4
            bgez $k1, back
            nop
            addiu $k0, $k0, 4
            back: jr $k0
            rfe
            away: andi $k1, $s7, 15
            addiu $s7, $s7, 1
            sll $k1, $k1, 3
            lui $gp, 0x8000
            addu $k1, $k1, $gp
            lw $gp, 0x1004($k1)
            lw $k1, 0x1000($k1)
            mtc0 $gp, $12
            jr $k1
            rfe
            interrupt: lui $gp, 0xbfe0
            sw $zero, 0($gp)
            mtc0 $zero, $13
            TIMER
            jr $k0
            rfe
            """;

    private static final String ACKNOWLEDGE_TIMER = "mfc0 $gp, $11\n mtc0 $gp, $11";

    private Firmware() {}

    /** Handlers for a processor; {@code fill}: a missing page is filled in, else it is a fault. */
    static List<Part> of(Processor processor, boolean fill) {
        boolean timer = processor.model() == CpuModel.MIPS161;
        String general = FAULT.replace("TIMER", timer ? ACKNOWLEDGE_TIMER : "");
        return List.of(
                part(REFILL, fill ? FILL : "j 0x80000080\n nop\n"),
                part(GENERAL, general),
                part(Bench.ROM + 0x100, "lui $k1, 0x8000\n jr $k1\n nop\n"),
                part(Bench.ROM + 0x180, "lui $k1, 0x8000\n addiu $k1, $k1, 0x80\n jr $k1\n nop\n"));
    }

    private static Part part(int vaddr, String source) {
        return new Part(vaddr & 0x1fffffff, Assembler.assemble(source, vaddr));
    }
}
