/* Image for QEMU's malta board: QEMU jumps here in kseg0 with a0 = argc, a1 = argv. */
        .set    noreorder
        .section .start, "ax"
        .globl  _start
_start:
        la      $sp, stack_top
        jal     malta_main
        addiu   $sp, $sp, -16

        .section .bss
        .align  3
        .space  16384
stack_top:
