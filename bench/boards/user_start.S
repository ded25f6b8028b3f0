/* Start of the user-mode program (a0 = laps), and its system calls. */
#include "user.h"
        .set    noreorder
        .section .start, "ax"
        .globl  _start
_start:
        jal     bench_run
        nop
        li      $v0, SYS_EXIT
        syscall

        .text
        .macro  call name, number
        .globl  \name
\name:
        li      $v0, \number
        syscall
        jr      $ra
        nop
        .endm

        call    sys_null, SYS_NULL
        call    put_char, SYS_PUTC
        call    sys_timer, SYS_TIMER
