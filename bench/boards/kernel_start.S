/* Kernel-mode image for the System/161 board: exception vectors and entry. a0 = boot string. */
        .set    noreorder
        .section .start, "ax"
        .globl  _start, secondary_start
        .org    0x000
        j       unexpected      /* UTLB refill vector */
        nop
        .org    0x080
        j       unexpected      /* general vector */
        nop
        .org    0x200
_start:
        la      $sp, stack_top
        jal     kernel_main
        addiu   $sp, $sp, -16
unexpected:
        la      $sp, stack_top
        mfc0    $a0, $13
        mfc0    $a1, $14
        jal     kernel_trap
        addiu   $sp, $sp, -16

/* Another CPU, a0 = its number: takes its stack and goes where kernel_main.c says. */
secondary_start:
        la      $t0, secondary
        lw      $t1, 8($t0)     /* stack_size */
        lw      $sp, 4($t0)     /* stacks */
        addiu   $t2, $a0, 1
        multu   $t1, $t2
        lw      $t9, 0($t0)     /* entry */
        mflo    $t1
        addu    $sp, $sp, $t1
        jr      $t9
        addiu   $sp, $sp, -16

        .section .bss
        .align  3
        .space  16384
stack_top:
