/*
 * The tiny kernel under the user-mode image, for a MIPS32 processor as QEMU's malta board has it:
 * what user_r3000.S is for the R3000. A TLB entry maps a pair of pages; CONTEXT steps 16 bytes a pair
 * (MIPS32 Privileged Resource Architecture, "Context Register"), of which the second half is not used.
 */
#include "frame.h"
        .set    noreorder
        .set    noat
        .set    mips32r2

#define INDEX    $0
#define ENTRYLO0 $2
#define ENTRYLO1 $3
#define CONTEXT  $4
#define PAGEMASK $5
#define WIRED    $6
#define ENTRYHI  $10
#define STATUS   $12
#define EPC      $14

/* Of 64 pairs 28 are random: 56 pages, as many as the R3000's random entries map. */
#define PAIRS 64
#define WIRED_PAIRS 36

        .section .start, "ax"
        .globl  _start, secondary_start
_start:
        la      $sp, stack_top
        slti    $t0, $a0, 2
        bne     $t0, $0, 1f
        move    $s0, $0
        lw      $s0, 4($a1)
1:      li      $t0, 0x2        /* EXL: kernel mode, no interrupts, BEV off */
        mtc0    $t0, STATUS
        mtc0    $0, PAGEMASK
        li      $t0, WIRED_PAIRS
        mtc0    $t0, WIRED
        la      $t0, vectors
        la      $t1, vectors_end
        lui     $t2, 0x8000
2:      lw      $t3, 0($t0)
        addiu   $t0, $t0, 4
        sw      $t3, 0($t2)
        synci   0($t2)
        bne     $t0, $t1, 2b
        addiu   $t2, $t2, 4
        move    $a0, $s0
        jal     kernel_main
        addiu   $sp, $sp, -16
resume:                         /* v0: the frame to go on with */
        move    $k0, $v0
        load_frame
        lw      $k1, F_EPC($k0)
        mtc0    $k1, EPC
        ehb
        eret
secondary_start:                /* one CPU only: never reached */

        .text
        .balign 16
vectors:                        /* copied to 0x80000000 */
        mfc0    $k0, CONTEXT
        lw      $k1, 0($k0)
        lw      $k0, 4($k0)
        mtc0    $k1, ENTRYLO0
        mtc0    $k0, ENTRYLO1
        ehb
        tlbwr
        eret
        .org    vectors + 0x180
        mfc0    $k0, STATUS
        andi    $k0, $k0, 0x10  /* UM: came from user mode? */
        bne     $k0, $0, 1f
        lui     $k1, %hi(save)
        lui     $k1, %hi(fault)
        addiu   $k1, $k1, %lo(fault)
        jr      $k1
        nop
1:      addiu   $k1, $k1, %lo(save)
        jr      $k1
        nop
vectors_end:

save:
        lui     $k0, %hi(current)
        lw      $k0, %lo(current)($k0)
        save_frame
        move    $a0, $k0
        la      $sp, stack_top - 16
        jal     kernel_trap
        nop
        j       resume
        nop
fault:
        la      $sp, stack_top - 16
        j       kernel_fault
        nop

/* void mmu_use(u32 process, u32 asid): the page table and address space from now on */
        .globl  mmu_use
mmu_use:
        sll     $a0, $a0, 23
        lui     $t0, 0x8080
        addu    $a0, $a0, $t0
        mtc0    $a0, CONTEXT
        mtc0    $a1, ENTRYHI
        jr      $ra
        ehb

/* void mmu_flush(void): all entries to pages of kseg0, which no address reaches */
        .globl  mmu_flush
mmu_flush:
        mfc0    $t0, ENTRYHI
        lui     $t1, 0x8000
        mtc0    $0, ENTRYLO0
        mtc0    $0, ENTRYLO1
        move    $t2, $0
        li      $t3, PAIRS
1:      mtc0    $t1, ENTRYHI
        mtc0    $t2, INDEX
        addiu   $t2, $t2, 1
        ehb
        tlbwi
        bne     $t2, $t3, 1b
        addiu   $t1, $t1, 0x2000
        mtc0    $t0, ENTRYHI
        jr      $ra
        ehb

/* void set_compare(u32 cycles): not here; this processor's timer is another one */
        .globl  set_compare
set_compare:
        jr      $ra
        nop

        .globl  user_image, user_image_end
        .section .rodata
        .align  4
user_image:
        .incbin USER_BINARY
        .balign 16              /* zeros up to where .bss begins (kernel.ld) */
user_image_end:

        .section .bss
        .align  3
        .space  8192
stack_top:
