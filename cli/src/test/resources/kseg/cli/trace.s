# What a trace is to show, instruction by instruction; each result of HI and LO is used late enough for
# System/161 not to stall. The expected trace, trace.approved.txt, was recorded with trace161 2.0.8.

        mtc0 $zero, $12                 # vectors in RAM
        lui $k1, 0x8000                 # both handlers: skip the instruction
        lui $t0, 0x4080; ori $t0, $t0, 0x6800; sw $t0, 0($k1); sw $t0, 0x80($k1)    # mtc0 $zero, $13
        lui $t0, 0x401a; ori $t0, $t0, 0x7000; sw $t0, 4($k1); sw $t0, 0x84($k1)    # mfc0 $k0, $14
        lui $t0, 0x275a; ori $t0, $t0, 4; sw $t0, 8($k1); sw $t0, 0x88($k1)         # addiu $k0, $k0, 4
        lui $t0, 0x0340; ori $t0, $t0, 8; sw $t0, 12($k1); sw $t0, 0x8c($k1)        # jr $k0
        lui $t0, 0x4200; ori $t0, $t0, 16; sw $t0, 16($k1); sw $t0, 0x90($k1)       # rfe

        lui $s0, 0x1234
        ori $s0, $s0, 0xabcd
        addiu $s1, $zero, -5
        add $t0, $s0, $s1
        addi $t0, $t0, -7
        addu $t1, $s0, $s1
        sub $t2, $s1, $s0
        subu $t3, $s1, $s0
        and $t4, $s0, $s1
        andi $t4, $s0, 0xff0f
        or $t5, $s0, $s1
        xor $t6, $s0, $s1
        xori $t6, $s0, 0xffff
        nor $t7, $s0, $s1
        slt $t8, $s1, $s0
        slti $t8, $s0, -1
        sltiu $t9, $s0, -1
        sltu $t9, $s1, $s0
        sll $a0, $s0, 4
        sllv $a0, $s0, $s1
        sra $a1, $s1, 1
        srav $a1, $s1, $s0
        srl $a2, $s1, 31
        srlv $a2, $s1, $s0
        mult $s0, $s1; nop; mfhi $v0; nop; mflo $v1
        nop; multu $s0, $s1; nop; mfhi $v0
        nop; div $s0, $s1; nop; mflo $v0
        nop; divu $s1, $s0; nop; mfhi $v0
        nop; div $s0, $zero; nop; nop; mthi $s0; nop; mtlo $s1; nop; nop

        lui $gp, 0x8000
        sw $s0, 0x2000($gp)
        lw $t0, 0x2000($gp)
        sb $s1, 0x2001($gp)
        lb $t0, 0x2001($gp)
        lbu $t0, 0x2001($gp)
        sh $s1, 0x2002($gp)
        lh $t0, 0x2002($gp)
        lhu $t0, 0x2002($gp)
        lwl $t0, 0x2001($gp)
        lwr $t0, 0x2001($gp)
        swl $s0, 0x2001($gp)
        swr $s0, 0x2001($gp)
        ll $t0, 0x2000($gp)
        sc $t1, 0x2000($gp)
        sync

        beq $s0, $s0, b1; nop
        nop
b1:     bne $s0, $s0, b2; nop
b2:     blez $s1, b3; nop
b3:     bgtz $s1, b4; nop
b4:     bltz $s1, b5; nop
        nop
b5:     bgez $s1, b6; nop
b6:     bltzal $s1, b7; nop
        nop
b7:     bgezal $s1, b8; nop
b8:     j b9; nop
        nop
b9:     jal s1; addiu $a0, $zero, 1
        la $t0, s1; jalr $t0; addiu $a0, $zero, 2
        b b10; nop

s1:     jr $ra; addiu $v0, $a0, 3

b10:    mfc0 $t0, $15, 1
        mfc0 $t0, $15
        mtc0 $s0, $4
        lui $t0, 0x0040; mtc0 $t0, $10
        addiu $t1, $zero, 0x3600; mtc0 $t1, $2
        addiu $t2, $zero, 0x0900; mtc0 $t2, $0
        tlbp
        tlbwi
        tlbp
        tlbr
        sw $s0, 0x10($t0)
        lw $t1, 0x10($t0)
        sh $s0, 0x12($t0)
        lw $t1, 0($zero)                # no entry: the refill vector
        addiu $t1, $zero, 0x3200; mtc0 $t1, $2; tlbwi
        sb $s0, 0x10($t0)               # read-only
        mtc0 $zero, $2; tlbwi
        lb $s0, 0x10($t0)               # invalid

        syscall
        lui $t2, 0x7fff; add $t2, $t2, $t2
        lw $t2, 2($gp)
        sh $t2, 1($gp)
        .word 0x4c000000
        .word 0xffffffff
        cfc0 $t0, $1
        mfc0 $t0, $3
        lwc1 $f0, 0($gp)
        lui $t3, 0x9fff; lw $t3, 0($t3) # nothing there
        cache 0, 0($gp)

        addiu $t0, $zero, 0x102; mtc0 $t0, $13      # a software interrupt
        addiu $t0, $zero, 0x101; mtc0 $t0, $12
        nop

        lui $t0, 0xbffe                 # the trace card switches the rest off
        addiu $t1, $zero, 0x6b; sw $t1, 4($t0)
        addiu $t1, $zero, 0x6a; sw $t1, 4($t0)
        lui $t0, 0xbfff; ori $t0, $t0, 0x7e08; sw $zero, 0($t0)
        b .; nop
