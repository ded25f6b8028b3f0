/*
 * Exceptions: the two vectors, saving and restoring, and switching between threads.
 * k0 and k1 are ours alone as long as interrupts are off, which the CPU sees to on entry.
 */
#include "mips.h"

/* struct trapframe, after the four argument words every C function may scribble on. */
#define ARGUMENTS 16
#define REG(n) (ARGUMENTS + 4 * (n))
#define FRAME_LO REG(32)
#define FRAME_HI REG(33)
#define FRAME_STATUS REG(34)
#define FRAME_CAUSE REG(35)
#define FRAME_EPC REG(36)
#define FRAME_BADVADDR REG(37)
#define FRAME_BYTES 168                 /* 16 + 38 * 4, kept a multiple of 8 */

        .set    noreorder
        .set    noat

        .section .vectors, "ax"

/*
 * 0x80000000: no TLB entry matches a user address. Walk the page table and write what it
 * says into a random slot; a page that is not there has an entry of 0, so the access
 * faults again, this time as "invalid", through the general vector. The tables are
 * reached through kseg0, so this cannot itself miss.
 */
        .globl  vector_refill
vector_refill:
        mfc0    $k0, $C0_CONTEXT
        lui     $k1, %hi(cpu_directory)
        srl     $k0, $k0, CONTEXT_CPU_SHIFT
        sll     $k0, $k0, 2
        addu    $k1, $k1, $k0
        lw      $k1, %lo(cpu_directory)($k1)
        mfc0    $k0, $C0_BADVADDR
        nop
        srl     $k0, $k0, 22
        sll     $k0, $k0, 2
        addu    $k1, $k1, $k0
        lw      $k1, 0($k1)             /* page table of these 4 MB */
        mfc0    $k0, $C0_CONTEXT        /* holds the page number, times four */
        nop
        andi    $k0, $k0, 0xffc
        addu    $k1, $k1, $k0
        lw      $k0, 0($k1)             /* the entry, in EntryLo's own form */
        mfc0    $k1, $C0_EPC
        mtc0    $k0, $C0_ENTRYLO        /* EntryHi is already set by the miss */
        nop
        tlbwr
        jr      $k1
        rfe

/* 0x80000080: everything else. */
        .org    0x80
        .globl  vector_general
vector_general:
        mfc0    $k0, $C0_STATUS
        move    $k1, $sp
        andi    $k0, $k0, ST_KUP
        beqz    $k0, 1f                 /* from the kernel: stay on this stack */
        nop
        mfc0    $k0, $C0_CONTEXT        /* from a user: this CPU's thread has a kernel stack */
        lui     $sp, %hi(cpu_kernel_stack)
        srl     $k0, $k0, CONTEXT_CPU_SHIFT
        sll     $k0, $k0, 2
        addu    $sp, $sp, $k0
        lw      $sp, %lo(cpu_kernel_stack)($sp)
1:      lui     $k0, %hi(save_and_trap)
        addiu   $k0, $k0, %lo(save_and_trap)
        jr      $k0
        nop

        .text

/* Here: k1 = the interrupted sp, sp = the stack to use. */
        .globl  save_and_trap
        .ent    save_and_trap
save_and_trap:
        addiu   $sp, $sp, -FRAME_BYTES
        sw      $1, REG(1)($sp)
        sw      $2, REG(2)($sp)
        sw      $3, REG(3)($sp)
        sw      $4, REG(4)($sp)
        sw      $5, REG(5)($sp)
        sw      $6, REG(6)($sp)
        sw      $7, REG(7)($sp)
        sw      $8, REG(8)($sp)
        sw      $9, REG(9)($sp)
        sw      $10, REG(10)($sp)
        sw      $11, REG(11)($sp)
        sw      $12, REG(12)($sp)
        sw      $13, REG(13)($sp)
        sw      $14, REG(14)($sp)
        sw      $15, REG(15)($sp)
        sw      $16, REG(16)($sp)
        sw      $17, REG(17)($sp)
        sw      $18, REG(18)($sp)
        sw      $19, REG(19)($sp)
        sw      $20, REG(20)($sp)
        sw      $21, REG(21)($sp)
        sw      $22, REG(22)($sp)
        sw      $23, REG(23)($sp)
        sw      $24, REG(24)($sp)
        sw      $25, REG(25)($sp)
        sw      $gp, REG(28)($sp)
        sw      $k1, REG(29)($sp)
        sw      $30, REG(30)($sp)
        sw      $31, REG(31)($sp)
        mflo    $t0
        mfhi    $t1
        sw      $t0, FRAME_LO($sp)
        sw      $t1, FRAME_HI($sp)
        mfc0    $t0, $C0_STATUS
        mfc0    $t1, $C0_CAUSE
        mfc0    $t2, $C0_EPC
        mfc0    $t3, $C0_BADVADDR
        sw      $t0, FRAME_STATUS($sp)
        sw      $t1, FRAME_CAUSE($sp)
        sw      $t2, FRAME_EPC($sp)
        sw      $t3, FRAME_BADVADDR($sp)
        lui     $t9, %hi(trap)
        addiu   $t9, $t9, %lo(trap)
        jalr    $t9
        addiu   $a0, $sp, ARGUMENTS     /* trap(frame); comes back with interrupts off */
        b       restore
        nop
        .end    save_and_trap

/* trap_return(frame): what a new process does instead of returning from a trap. */
        .globl  trap_return
        .ent    trap_return
trap_return:
        mfc0    $t0, $C0_STATUS
        li      $t1, ~ST_IEC
        and     $t0, $t0, $t1
        mtc0    $t0, $C0_STATUS
        addiu   $sp, $a0, -ARGUMENTS
        nop
restore:
        lw      $t0, FRAME_LO($sp)
        lw      $t1, FRAME_HI($sp)
        mtlo    $t0
        mthi    $t1
        lw      $t0, FRAME_STATUS($sp)
        lw      $1, REG(1)($sp)
        mtc0    $t0, $C0_STATUS         /* previous and old pairs; RFE makes them current */
        lw      $2, REG(2)($sp)
        lw      $3, REG(3)($sp)
        lw      $4, REG(4)($sp)
        lw      $5, REG(5)($sp)
        lw      $6, REG(6)($sp)
        lw      $7, REG(7)($sp)
        lw      $8, REG(8)($sp)
        lw      $9, REG(9)($sp)
        lw      $10, REG(10)($sp)
        lw      $11, REG(11)($sp)
        lw      $12, REG(12)($sp)
        lw      $13, REG(13)($sp)
        lw      $14, REG(14)($sp)
        lw      $15, REG(15)($sp)
        lw      $16, REG(16)($sp)
        lw      $17, REG(17)($sp)
        lw      $18, REG(18)($sp)
        lw      $19, REG(19)($sp)
        lw      $20, REG(20)($sp)
        lw      $21, REG(21)($sp)
        lw      $22, REG(22)($sp)
        lw      $23, REG(23)($sp)
        lw      $24, REG(24)($sp)
        lw      $25, REG(25)($sp)
        lw      $gp, REG(28)($sp)
        lw      $30, REG(30)($sp)
        lw      $31, REG(31)($sp)
        lw      $k0, FRAME_EPC($sp)
        lw      $sp, REG(29)($sp)
        jr      $k0
        rfe
        .end    trap_return

/*
 * switch_context(save, load): a call that returns in another thread. Only what a called
 * function must preserve needs saving. Interrupts are off.
 */
        .globl  switch_context
        .ent    switch_context
switch_context:
        sw      $s0, 0($a0)
        sw      $s1, 4($a0)
        sw      $s2, 8($a0)
        sw      $s3, 12($a0)
        sw      $s4, 16($a0)
        sw      $s5, 20($a0)
        sw      $s6, 24($a0)
        sw      $s7, 28($a0)
        sw      $s8, 32($a0)
        sw      $sp, 36($a0)
        sw      $ra, 40($a0)
load_context:
        lw      $s0, 0($a1)
        lw      $s1, 4($a1)
        lw      $s2, 8($a1)
        lw      $s3, 12($a1)
        lw      $s4, 16($a1)
        lw      $s5, 20($a1)
        lw      $s6, 24($a1)
        lw      $s7, 28($a1)
        lw      $s8, 32($a1)
        lw      $ra, 40($a1)
        lw      $sp, 36($a1)
        jr      $ra
        nop
        .end    switch_context

/* probe_call(probe, function, a, b): like switch_context, it keeps a way back. */
        .globl  probe_call
        .ent    probe_call
probe_call:
        sw      $s0, 0($a0)
        sw      $s1, 4($a0)
        sw      $s2, 8($a0)
        sw      $s3, 12($a0)
        sw      $s4, 16($a0)
        sw      $s5, 20($a0)
        sw      $s6, 24($a0)
        sw      $s7, 28($a0)
        sw      $s8, 32($a0)
        sw      $sp, 36($a0)
        sw      $ra, 40($a0)
        move    $s0, $a0
        addiu   $sp, $sp, -24
        move    $t9, $a1
        move    $a0, $a2
        jalr    $t9
        move    $a1, $a3
        move    $a1, $s0
        b       load_context            /* keeps v0, the function's result */
        nop
        .end    probe_call

/* trap() resumes here, with a0 = the probe, when the exception was expected. */
        .globl  probe_resume
        .ent    probe_resume
probe_resume:
        move    $a1, $a0
        b       load_context
        move    $v0, $zero
        .end    probe_resume
