/* Where a program starts, and the system calls. The kernel has set a0 = argc, a1 = argv. */
#include "../lib/syscall.h"

        .set    noreorder
        .text
        .globl  _start
        .ent    _start
_start:
        lui     $t9, %hi(main)
        addiu   $t9, $t9, %lo(main)
        jalr    $t9
        nop
        move    $a0, $v0                /* main's result is the exit status */
        .end    _start
        /* falls into exit */

        .macro  call name number
        .globl  \name
        .ent    \name
\name:
        li      $v0, \number
        syscall
        jr      $ra
        nop
        .end    \name
        .endm

        call    exit SYS_EXIT
        call    write SYS_WRITE
        call    read SYS_READ
        call    getpid SYS_GETPID
        call    yield SYS_YIELD
        call    sleep SYS_SLEEP
        call    sbrk SYS_SBRK
        call    spawn SYS_SPAWN
        call    wait SYS_WAIT
        call    time SYS_TIME
        call    cpu SYS_CPU
        call    preempted SYS_PREEMPTED
