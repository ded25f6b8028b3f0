/* The user programs, as ELF files inside the kernel, and a table of them. */
        .macro  program name
        .section .rodata.programs, "a"
        .balign 4
\name\()_start:
        .incbin "\name"
\name\()_end:
\name\()_name:
        .asciz  "\name"
        .section .rodata.program_table, "a"
        .word   \name\()_name, \name\()_start, \name\()_end
        .endm

        .section .rodata.program_table, "a"
        .balign 4
        .globl  programs
programs:
        program sh
        program hello
        program primes
        program spin
        program echo
        program cat
        program wc
        program ls
        program cp
        program mv
        program rm
        program mkdir
        program sleep
        program ubench
        program pingpong
        program heap
        program crash
        program user_test
        program proc_test
        program fs_test
        program crashtest
        .section .rodata.program_table, "a"
        .word   0, 0, 0
