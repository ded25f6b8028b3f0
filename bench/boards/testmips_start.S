/* Image for GXemul's testmips machine. It passes no boot argument: laps are those in the image. */
        .set    noreorder
        .section .start, "ax"
        .globl  _start, secondary_start
_start:
        la      $sp, stack_top
        move    $a0, $0
        jal     kernel_main
        addiu   $sp, $sp, -16
secondary_start:                /* one CPU only: never reached */

        .section .bss
        .align  3
        .space  16384
stack_top:
