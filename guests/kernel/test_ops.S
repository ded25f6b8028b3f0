/*
 * Single instructions as functions, for the self-test. A compiler would choose others,
 * or compute the answers itself.
 */
#include "mips.h"

        .set    noreorder
        .set    noat
        .text

        .macro  begin name
        .globl  \name
        .ent    \name
\name:
        .endm

        .macro  done name
        jr      $ra
        nop
        .end    \name
        .endm

/* v0 = a0 OP a1 */
        .macro  three name
        begin   op_\name
        \name   $v0, $a0, $a1
        done    op_\name
        .endm

        .macro  shift_by name
        begin   op_\name
        \name   $v0, $a0, $a1
        done    op_\name
        .endm

        .macro  immediate function, name, constant
        begin   op_\function
        \name   $v0, $a0, \constant
        done    op_\function
        .endm

/* These may trap, and then must leave their target alone: it is a0, which the probe notes. */
        begin   op_add
        add     $a0, $a0, $a1
        move    $v0, $a0
        done    op_add

        begin   op_addi_1
        addi    $a0, $a0, 1
        move    $v0, $a0
        done    op_addi_1

        begin   op_sub
        sub     $a0, $a0, $a1
        move    $v0, $a0
        done    op_sub

        three   addu
        three   subu
        three   and
        three   or
        three   xor
        three   nor
        three   slt
        three   sltu
        shift_by sllv
        shift_by srlv
        shift_by srav
        immediate sll_31, sll, 31
        immediate srl_31, srl, 31
        immediate sra_31, sra, 31
        immediate addiu_min, addiu, -32768
        immediate slti_min, slti, -32768
        immediate sltiu_max, sltiu, -1
        immediate andi_max, andi, 0xffff
        immediate ori_max, ori, 0xffff
        immediate xori_max, xori, 0xffff

        begin   op_lui
        lui     $v0, 0x8123
        done    op_lui

        .macro  muldiv name
        begin   op_\name\()_hi
        .ifc    \name,mult
        mult    $a0, $a1
        .endif
        .ifc    \name,multu
        multu   $a0, $a1
        .endif
        .ifc    \name,div
        div     $zero, $a0, $a1
        .endif
        .ifc    \name,divu
        divu    $zero, $a0, $a1
        .endif
        mfhi    $v0
        done    op_\name\()_hi

        begin   op_\name\()_lo
        .ifc    \name,mult
        mult    $a0, $a1
        .endif
        .ifc    \name,multu
        multu   $a0, $a1
        .endif
        .ifc    \name,div
        div     $zero, $a0, $a1
        .endif
        .ifc    \name,divu
        divu    $zero, $a0, $a1
        .endif
        mflo    $v0
        done    op_\name\()_lo
        .endm

        muldiv  mult
        muldiv  multu
        muldiv  div
        muldiv  divu

/* v0 = memory at a0; for lwl and lwr, merged into a1 */
        .macro  load name
        begin   op_\name
        \name   $v0, 0($a0)
        nop
        done    op_\name
        .endm

        load    lw
        load    lh
        load    lhu
        load    lb
        load    lbu

        begin   op_lwl
        move    $v0, $a1
        lwl     $v0, 0($a0)
        nop
        done    op_lwl

        begin   op_lwr
        move    $v0, $a1
        lwr     $v0, 0($a0)
        nop
        done    op_lwr

/* memory at a0 = a1 */
        .macro  store name
        begin   op_\name
        \name   $a1, 0($a0)
        done    op_\name
        .endm

        store   sw
        store   sh
        store   sb
        store   swl
        store   swr

        .macro  one name word
        begin   op_\name
        .word   \word
        done    op_\name
        .endm

        one     syscall 0x0000000c
        one     reserved_special 0x0000003f
        one     reserved_opcode 0x78000000
        one     cop1 0x44020000         /* mfc1 */
        one     cop2 0x48020000
        one     cop3 0x4c020000

        begin   op_jump
        jr      $a0
        nop
        done    op_jump

/* ---- delay slots that work */

        begin   slot_taken              /* the slot runs, what is jumped over does not */
        li      $v0, 0
        b       1f
        addiu   $v0, $v0, 1
        addiu   $v0, $v0, 16
1:      done    slot_taken

        begin   slot_not_taken          /* everything runs */
        li      $v0, 0
        bne     $zero, $zero, 1f
        addiu   $v0, $v0, 1
        addiu   $v0, $v0, 16
1:      done    slot_not_taken

        begin   slot_reads_old          /* the branch has decided before its slot changes a0 */
        li      $v0, 0
        li      $a0, 0
        beqz    $a0, 1f
        li      $a0, 7
        addiu   $v0, $v0, 16
1:      addu    $v0, $v0, $a0
        done    slot_reads_old

        begin   slot_link               /* a link register holds the address after the slot */
        move    $t0, $ra
        bgezal  $zero, 1f
        nop
        .globl  slot_link_after
slot_link_after:
        nop
1:      move    $v0, $ra
        move    $ra, $t0
        done    slot_link

        begin   slot_link_not_taken     /* also when the branch is not taken */
        move    $t0, $ra
        bltzal  $zero, 1f
        nop
        .globl  slot_link_not_taken_after
slot_link_not_taken_after:
        nop
1:      move    $v0, $ra
        move    $ra, $t0
        done    slot_link_not_taken

        begin   slot_jr_register        /* JR has read its register before the slot changes it */
        move    $t0, $ra
        li      $v0, 5
        jr      $t0
        move    $t0, $zero
        done    slot_jr_register

/* ---- delay slots that fault: a load from a0 + 1 */

        begin   fault_taken
        b       1f
        lw      $v0, 1($a0)
        nop
1:      done    fault_taken

        begin   fault_not_taken
        bne     $zero, $zero, 1f
        .globl  fault_not_taken_slot
fault_not_taken_slot:
        lw      $v0, 1($a0)
        nop
1:      done    fault_not_taken

        begin   fault_jr
        move    $t0, $ra
        .globl  fault_jr_at
fault_jr_at:
        jr      $t0
        lw      $v0, 1($a0)
        done    fault_jr

        begin   fault_jal
        nop
        .globl  fault_jal_at
fault_jal_at:
        jal     1f
        lw      $v0, 1($a0)
1:      nop
        done    fault_jal

        begin   fault_loop              /* a backward branch, third time round */
        li      $t0, 3
1:      addiu   $t0, $t0, -1
        sltiu   $t1, $t0, 1
        addu    $t2, $a0, $t1           /* misaligned when the count is 0 */
        .globl  fault_loop_at
fault_loop_at:
        bgez    $t0, 1b
        lw      $v0, 0($t2)
        done    fault_loop

/* ---- LL and SC: v0 = what SC said; on success a1 was stored at a0 */
        .set    mips2

        begin   llsc_plain
        ll      $t0, 0($a0)
        move    $v0, $a1
        sc      $v0, 0($a0)
        nop
        done    llsc_plain

/* An interrupt between them: software raises one itself, the handler lowers it. */
        begin   llsc_interrupted
        li      $t1, IRQ_SOFT0
        ll      $t0, 0($a0)
        move    $v0, $a1
        mtc0    $t1, $C0_CAUSE
        nop
        nop
        nop
        nop
        sc      $v0, 0($a0)
        nop
        done    llsc_interrupted

        begin   sc_alone                /* the interrupt makes sure that no LL is remembered */
        li      $t1, IRQ_SOFT0
        mtc0    $t1, $C0_CAUSE
        nop
        nop
        nop
        nop
        move    $v0, $a1
        sc      $v0, 0($a0)
        nop
        done    sc_alone
        .set    mips1

        begin   soft_interrupt          /* v0 = is the line still up after the handler ran? */
        li      $t1, IRQ_SOFT0
        mtc0    $t1, $C0_CAUSE
        nop
        nop
        nop
        nop
        mfc0    $v0, $C0_CAUSE
        nop
        andi    $v0, $v0, IRQ_SOFT0
        done    soft_interrupt

        begin   count_nine              /* COUNT moves by one each instruction: v0 = 9 */
        mfc0    $t0, $C0_COUNT
        nop
        nop
        nop
        nop
        nop
        nop
        nop
        nop
        mfc0    $v0, $C0_COUNT
        nop
        subu    $v0, $v0, $t0
        done    count_nine
