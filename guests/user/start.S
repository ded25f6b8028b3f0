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
        call    getppid SYS_GETPPID
        call    yield SYS_YIELD
        call    sleep SYS_SLEEP
        call    sbrk SYS_SBRK
        call    fork SYS_FORK
        call    exec SYS_EXEC
        call    wait SYS_WAIT
        call    time SYS_TIME
        call    cpu SYS_CPU
        call    preempted SYS_PREEMPTED
        call    open SYS_OPEN
        call    close SYS_CLOSE
        call    pipe SYS_PIPE
        call    dup SYS_DUP
        call    seek SYS_SEEK
        call    stat SYS_STAT
        call    list SYS_LIST
        call    mkdir SYS_MKDIR
        call    remove SYS_REMOVE
        call    rename SYS_RENAME
        call    chdir SYS_CHDIR
        call    kill SYS_KILL
        call    sigmask SYS_SIGMASK
        call    pause SYS_PAUSE
        call    alarm SYS_ALARM
        call    group SYS_GROUP
        call    foreground SYS_FOREGROUND
        call    nice SYS_NICE
        call    operator SYS_OPERATOR
        call    verdict SYS_VERDICT

/* signal(number, handler): the kernel also wants to know where handlers return to. */
        .globl  signal
        .ent    signal
signal:
        lui     $a2, %hi(restore)
        addiu   $a2, $a2, %lo(restore)
        li      $v0, SYS_SIGNAL
        syscall
        jr      $ra
        nop
        .end    signal

/* A handler has returned: sp is where it was when it began. */
        .ent    restore
restore:
        li      $v0, SYS_SIGRETURN
        syscall
        .end    restore
