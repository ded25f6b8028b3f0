/*
 * Where CPUs start. CPU 0 comes from the loader with a0 = the boot string; the others
 * come from smp.c through CRAM with a0 = their number. Nothing else is promised: not a
 * stack (the loader's one is at the top of memory, where our pages are), not a clean TLB.
 */
#include "mips.h"

        .set    noreorder
        .text

        .globl  _start
        .ent    _start
_start:
        mtc0    $zero, $C0_STATUS       /* interrupts off, vectors in RAM */
        mtc0    $zero, $C0_CONTEXT      /* we are CPU 0 */
        lui     $sp, %hi(boot_stack + PAGE_SIZE - 16)
        addiu   $sp, $sp, %lo(boot_stack + PAGE_SIZE - 16)
        lui     $t9, %hi(kernel_main)
        addiu   $t9, $t9, %lo(kernel_main)
        jalr    $t9                     /* kernel_main(boot string) does not return */
        nop
        .end    _start

        .globl  secondary_start
        .ent    secondary_start
secondary_start:
        mtc0    $zero, $C0_STATUS
        sll     $t0, $a0, CONTEXT_CPU_SHIFT
        mtc0    $t0, $C0_CONTEXT
        lui     $sp, %hi(secondary_stack)
        sll     $t0, $a0, 2
        addu    $sp, $sp, $t0
        lw      $sp, %lo(secondary_stack)($sp)
        lui     $t9, %hi(secondary_main)
        addiu   $t9, $t9, %lo(secondary_main)
        jalr    $t9                     /* secondary_main(cpu) does not return */
        nop
        .end    secondary_start
