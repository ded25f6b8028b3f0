/* Start of the user-mode program (a0 = laps, a1 = laps between marks), and its system calls. */
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
        call    sys_exit, SYS_EXIT
        call    sys_timer, SYS_TIMER
        call    sys_fork, SYS_FORK
        call    sys_yield, SYS_YIELD
        call    sys_poll, SYS_POLL
        call    start_cpus, SYS_START
