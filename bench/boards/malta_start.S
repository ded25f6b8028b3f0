/* Image for QEMU's malta board: QEMU jumps here in kseg0 with a0 = argc, a1 = argv. */
        .set    noreorder
        .section .start, "ax"
        .globl  _start, secondary_start
_start:
        la      $sp, stack_top
        slti    $t0, $a0, 2
        bne     $t0, $0, 1f
        move    $a0, $0
        lw      $a0, 4($a1)
1:      jal     kernel_main
        addiu   $sp, $sp, -16
secondary_start:                /* one CPU only: never reached */

        .section .bss
        .align  3
        .space  16384
stack_top:
