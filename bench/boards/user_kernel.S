/*
 * The tiny kernel under the user-mode image: vectors, UTLB refill, exception entry and exit.
 * R3000 conventions: the page table is linear in kseg0, CONTEXT points at the entry (MIPS R2000/R3000
 * Architecture, "UTLB Miss"); the status register holds three levels of mode bits, popped by rfe.
 */
        .set    noreorder
        .set    noat

#define CONTEXT $4
#define STATUS  $12
#define CAUSE   $13
#define EPC     $14
#define ENTRYLO $2

/* Trap frame: mirrored by struct frame in user_kernel.c. */
#define F_REGS   16             /* after the argument save area; r0 is never stored */
#define F_HI     (F_REGS + 128)
#define F_LO     (F_REGS + 132)
#define F_STATUS (F_REGS + 136)
#define F_CAUSE  (F_REGS + 140)
#define F_EPC    (F_REGS + 144)
#define F_SIZE   (F_REGS + 152)

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
        move    $k0, $sp
        j       kernel_fault
        nop

        .org    0x200
_start:
        la      $sp, stack_top
        jal     kernel_main
        addiu   $sp, $sp, -16

        .text
save:
        la      $sp, stack_top - F_SIZE
        sw      $k0, F_REGS + 4 * 29($sp)
        .irp    r, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        sw      $\r, F_REGS + 4 * \r($sp)
        .endr
        .irp    r, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 28, 30, 31
        sw      $\r, F_REGS + 4 * \r($sp)
        .endr
        mfhi    $t0
        mflo    $t1
        mfc0    $t2, STATUS
        mfc0    $t3, CAUSE
        mfc0    $t4, EPC
        sw      $t0, F_HI($sp)
        sw      $t1, F_LO($sp)
        sw      $t2, F_STATUS($sp)
        sw      $t3, F_CAUSE($sp)
        sw      $t4, F_EPC($sp)
        jal     kernel_trap
        addiu   $a0, $sp, F_REGS

        lw      $t0, F_HI($sp)
        lw      $t1, F_LO($sp)
        lw      $t2, F_STATUS($sp)
        mthi    $t0
        mtlo    $t1
        mtc0    $t2, STATUS
        .irp    r, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        lw      $\r, F_REGS + 4 * \r($sp)
        .endr
        .irp    r, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 28, 30, 31
        lw      $\r, F_REGS + 4 * \r($sp)
        .endr
        lw      $k1, F_EPC($sp)
        lw      $sp, F_REGS + 4 * 29($sp)
        jr      $k1
        rfe

/* void enter_user(u32 pc, u32 sp, u32 a0, u32 status) */
        .globl  enter_user
enter_user:
        mtc0    $a3, STATUS
        move    $k1, $a0
        move    $sp, $a1
        move    $a0, $a2
        jr      $k1
        rfe

/* void set_asid_and_table(u32 entryhi, u32 context) */
        .globl  set_asid_and_table
set_asid_and_table:
        mtc0    $a0, $10
        mtc0    $a1, CONTEXT
        jr      $ra
        nop

        .globl  set_compare
set_compare:
        mtc0    $a0, $11
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
