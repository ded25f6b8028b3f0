/*
 * The smallest guest worth the name: find the serial port on the LAMEbus, print a
 * line, switch the machine off. No stack, no memory but its own text, no interrupts.
 */
        .set    noreorder               /* we fill the delay slots ourselves */
        .text
        .globl  _start
        .ent    _start
_start:
        lui     $s0, 0xbfff             /* slot 31, first half: a 1 KB configuration region per slot */
        lui     $s1, 0xbfe0             /* slot 0's own 64 KB; both uncached (kseg1) */
        li      $s2, 31                 /* slots that can hold a device */
        lui     $s3, 1                  /* bytes from one slot to the next */
        li      $t1, 4                  /* device id of a serial port */
find:
        lw      $t0, 4($s0)             /* device id, 0 for an empty slot */
        addiu   $s2, $s2, -1
        beq     $t0, $t1, found
        addiu   $s0, $s0, 0x400         /* (delay slot: also done when found, harmless) */
        bnez    $s2, find
        addu    $s1, $s1, $s3
        b       off                     /* no serial port: nothing to say it with */
        nop
found:
        lui     $a0, %hi(message)
        addiu   $a0, $a0, %lo(message)
next:
        lbu     $t0, 0($a0)
        addiu   $a0, $a0, 1             /* fills the load delay slot */
        beqz    $t0, off
        nop
        sw      $zero, 4($s1)           /* write-interrupt register: forget the last "ready" */
        sw      $t0, 0($s1)             /* transmit */
wait:
        lw      $t0, 4($s1)
        nop
        andi    $t0, $t0, 2             /* ready: the character has left */
        bnez    $t0, next
        nop
        b       wait
        nop
off:
        lui     $s0, 0xbfff
        ori     $s0, $s0, 0x7e08        /* power register in slot 31's configuration region */
        sw      $zero, 0($s0)           /* takes effect some milliseconds later */
1:      b       1b
        nop
        .end    _start

        .section .rodata
message:
        .asciz  "Hello from kseg0.\n"
