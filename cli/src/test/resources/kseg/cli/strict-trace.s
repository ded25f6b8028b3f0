# What only a strict machine's trace shows: waits for HI and LO, a timer that matches while its line is up,
# fetches looked up ahead, those behind RFE too, emufs at the start of its operations, and switching off.
# The expected trace, strict-trace.approved.txt, was recorded with trace161 2.0.8.

        mtc0 $zero, $12                 # vectors in RAM
        lui $k1, 0x8000                 # both handlers: skip the instruction
        lui $t0, 0x401a; ori $t0, $t0, 0x7000; sw $t0, 0($k1); sw $t0, 0x80($k1)    # mfc0 $k0, $14
        lui $t0, 0x275a; ori $t0, $t0, 4; sw $t0, 4($k1); sw $t0, 0x84($k1)         # addiu $k0, $k0, 4
        lui $t0, 0x0340; ori $t0, $t0, 8; sw $t0, 8($k1); sw $t0, 0x88($k1)         # jr $k0
        lui $t0, 0x4200; ori $t0, $t0, 16; sw $t0, 12($k1); sw $t0, 0x8c($k1)       # rfe

        addiu $s0, $zero, 1234; addiu $s1, $zero, -5
        mult $s0, $s1; mflo $v0; mfhi $v1
        divu $s0, $s1; divu $s1, $s0; mthi $s0; mthi $s1; mtlo $s0; mflo $v0
        jal use; mult $s1, $s1
        nop; div $s1, $zero; mfhi $v0; mult $v0, $v0

        addiu $t0, $zero, 11; mtc0 $t0, $11     # matches every 11 cycles
        addiu $t1, $zero, 9
count:  addiu $t1, $t1, -1; bnez $t1, count; nop
        addiu $t0, $zero, -1; mtc0 $t0, $11

        addiu $ra, $zero, 1; bltzal $ra, linked; nop
        nop
linked: b over; b there; nop
over:   nop
there:  addiu $t0, $zero, 2; jr $t0; nop
        sc $t1, 0x2000($k1); ll $t0, 0x2000($k1); sc $t1, 0x2000($k1)

        lui $s4, 0x0040; mtc0 $s4, $10          # 0x00400000: 0x2000, 0x00401000: 0x3000
        addiu $t1, $zero, 0x2600; mtc0 $t1, $2; mtc0 $zero, $0; tlbwi
        addiu $t0, $s4, 0x1000; mtc0 $t0, $10
        addiu $t1, $zero, 0x3600; mtc0 $t1, $2
        addiu $t2, $zero, 0x0100; mtc0 $t2, $0; tlbwi
        lui $t0, 0x03e0; ori $t0, $t0, 8; lui $t1, 0x8000; ori $t1, $t1, 0x3000; sw $t0, 0($t1)
        addiu $t0, $s4, 0xff0; jalr $t0; nop    # through the end of a page
        cache 20, 0x10($s4); cache 0, 0x10($s4); lw $t0, 0x10($s4); sb $t0, 0x11($s4)
        tlbr; tlbp

        lui $t0, 0x4080; ori $t0, $t0, 0x6000; sw $t0, 0($k1); sw $t0, 0x80($k1)    # mtc0 $zero, $12
        lui $t0, 0x02e0; ori $t0, $t0, 0xd021; sw $t0, 4($k1); sw $t0, 0x84($k1)    # addu $k0, $s7, $zero
        addiu $t0, $s4, 0x1000; mtc0 $t0, $10
        addiu $t1, $zero, 0x3400; mtc0 $t1, $2; tlbwi   # now read-only
        la $s7, one; sh $t0, 0x1010($s4)
one:    mtc0 $zero, $2; tlbwi                   # now invalid
        la $s7, two; addiu $t0, $s4, 0xff0; jr $t0; nop
two:    la $s7, three; addiu $t0, $s4, 0x1000; jr $t0; nop
three:  la $s7, four; addiu $t0, $s4, 0x2000; jr $t0; nop
four:   la $s7, five; addiu $t0, $zero, 12; mtc0 $t0, $12; addiu $t0, $s4, 0x2000; jr $t0; rfe
five:   la $s7, six; addiu $t0, $zero, 12; mtc0 $t0, $12; addiu $t0, $s4, 0xffc; jr $t0; rfe
six:    lui $t0, 0x4008; ori $t0, $t0, 0x6000; sw $t0, 0x10($s4)   # mfc0 $t0, $12
        la $s7, seven; addiu $t0, $zero, 12; mtc0 $t0, $12; addiu $t0, $s4, 0x10; jr $t0; rfe
seven:  lui $t0, 0x02e0; ori $t0, $t0, 8; sw $t0, 0x10($s4)        # jr $s7
        la $s7, eight; addiu $t0, $zero, 12; mtc0 $t0, $12; addiu $t0, $s4, 0x10; jr $t0; rfe
eight:  la $s7, done; addiu $t0, $zero, 0x100; mtc0 $t0, $13       # a software interrupt
        addiu $t0, $zero, 0x101; mtc0 $t0, $12; nop

use:    jr $ra; mflo $v0

done:   mtc0 $zero, $12; mtc0 $zero, $13
        lui $t0, 0xbffe; addiu $t1, $zero, 0x6b; sw $t1, 4($t0)    # no instructions
        lui $t2, 0xbfe1; lui $t3, 0x6b65; ori $t3, $t3, 0x726e     # "kern", "el"
        ori $t2, $t2, 0x8000; sw $t3, 0($t2); lui $t3, 0x656c; sw $t3, 4($t2)
        sw $t1, 0($t0)                  # instructions again
        lui $s2, 0xbfe1; addiu $t0, $zero, 6; sw $t0, 8($s2)
        addiu $t0, $zero, 1; sw $t0, 12($s2); lw $t0, 0($s2); wait; sw $zero, 16($s2)      # open
        addiu $t0, $zero, 4; sw $t0, 8($s2)
        addiu $t0, $zero, 5; sw $t0, 12($s2); lw $t0, 4($s2); wait; sw $zero, 16($s2)      # read
        addiu $t0, $zero, 4; sw $t0, 12($s2); wait; sw $zero, 16($s2)                      # close
        sw $t0, 12($s2); wait; sw $zero, 16($s2)                                           # bad handle
        lui $t0, 0xbfff; ori $t0, $t0, 0x7e00                      # a wait for the third event, which wakes
        lui $t1, 0x8000; sw $t1, 12($t0); addiu $t1, $zero, 5; sw $t1, 12($s2)
        lui $t2, 0xbfe0; sw $t1, 0($t2); sw $zero, 8($t0); wait
        b .; nop
