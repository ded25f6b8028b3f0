/*
 * The tiny kernel under the user-mode image, R3000: vectors, UTLB refill, exception entry and exit, MMU.
 * The page tables are linear in kseg0, CONTEXT points at the entry (MIPS R2000/R3000 Architecture,
 * "UTLB Miss"); the status register holds three levels of mode bits, popped by rfe.
 */
#include "frame.h"
        .set    noreorder
        .set    noat

#define INDEX   $0
#define ENTRYLO $2
#define CONTEXT $4
#define ENTRYHI $10
#define STATUS  $12
#define EPC     $14

        .section .start, "ax"
        .globl  _start
        .org    0x000
utlb:
        mfc0    $k0, CONTEXT
        mfc0    $k1, EPC
        lw      $k0, 0($k0)
        nop
        mtc0    $k0, ENTRYLO
        nop
        tlbwr
        jr      $k1
        rfe

        .org    0x080
        mfc0    $k0, STATUS
        nop
        andi    $k0, $k0, 0x8   /* KUp: came from user mode? */
        bne     $k0, $0, save
        nop
        la      $sp, stack_top - 16
        j       kernel_fault
        nop

        .org    0x200
_start:
#ifdef NO_ARGUMENT
        move    $a0, $0
#endif
        la      $sp, stack_top
        jal     kernel_main
        addiu   $sp, $sp, -16
resume:                         /* v0: the frame to go on with */
        move    $k0, $v0
        load_frame
        lw      $k1, F_EPC($k0)
        nop
        jr      $k1
        rfe

        .text
save:
        lui     $k0, %hi(current)
        lw      $k0, %lo(current)($k0)
        nop
        save_frame
        move    $a0, $k0
        la      $sp, stack_top - 16
        jal     kernel_trap
        nop
        j       resume
        nop

/* Another CPU; a0 = its number. It has 256 bytes of stack to find its frame with. */
        .globl  secondary_start
secondary_start:
        sll     $t0, $a0, 8
        la      $sp, secondary_stacks + 256 - 16
        jal     secondary_main
        addu    $sp, $sp, $t0
        j       resume
        nop

/* void mmu_use(u32 process, u32 asid): the page table and address space from now on */
        .globl  mmu_use
mmu_use:
        sll     $a0, $a0, 21
        lui     $t0, 0x8020
        addu    $a0, $a0, $t0
        mtc0    $a0, CONTEXT
        sll     $a1, $a1, 6
        jr      $ra
        mtc0    $a1, ENTRYHI

/* void mmu_flush(void): all 64 entries to pages of kseg0, which no address reaches */
        .globl  mmu_flush
mmu_flush:
        mfc0    $t0, ENTRYHI
        lui     $t1, 0x8000
        mtc0    $0, ENTRYLO
        move    $t2, $0
1:      mtc0    $t1, ENTRYHI
        mtc0    $t2, INDEX
        addiu   $t2, $t2, 0x100 /* the index is in bits 8 to 13 */
        tlbwi
        andi    $t3, $t2, 0x4000
        beq     $t3, $0, 1b
        addiu   $t1, $t1, 0x1000
        jr      $ra
        mtc0    $t0, ENTRYHI

/* void set_compare(u32 cycles) */
        .globl  set_compare
set_compare:
        jr      $ra
        mtc0    $a0, $11

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
secondary_stacks:
        .space  32 * 256
