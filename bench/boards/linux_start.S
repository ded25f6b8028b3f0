/* Static Linux program (o32): entry with argc and argv on the stack, and two system calls. */
        .set    noreorder
        .text
        .globl  __start, linux_write, linux_exit
__start:
        move    $a0, $sp
        addiu   $sp, $sp, -16
        jal     linux_main
        nop

linux_write:
        li      $v0, 4004
        syscall
        jr      $ra
        nop

linux_exit:
        li      $v0, 4001
        syscall
