/* Image for GXemul's testmips machine. It passes no boot argument: laps are those in the image. */
        .set    noreorder
        .section .start, "ax"
        .globl  _start
_start:
        la      $sp, stack_top
        jal     testmips_main
        addiu   $sp, $sp, -16

        .section .bss
        .align  3
        .space  16384
stack_top:
