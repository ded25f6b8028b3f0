# What takes long, or comes late, on System/161, on two CPUs. What it has to print and to report,
# strict.approved.txt, was recorded with sys161 2.0.8. $at, $k0, $k1 belong to the handlers.

        mtc0 $zero, $12
        lui $t0, 0x8000; la $t1, handler; li $t2, 32
copy:   lw $t3, 0($t1)                  # to both vectors
        sw $t3, 0($t0); sw $t3, 0x80($t0)
        addiu $t1, $t1, 4; addiu $t0, $t0, 4; addiu $t2, $t2, -1
        bnez $t2, copy; nop
        lui $gp, 0x8000                 # 0x3000($gp): interrupts; 0x3004($gp): counted under LL and SC
        lui $t0, 0x03e0; ori $t0, $t0, 8; sw $t0, 0x2100($gp)       # jr $ra, after nops
        lui $s0, 0xbfe0                 # serial
        lui $s1, 0xbfe1                 # timer
        lui $s2, 0xbfe2                 # disk
        lui $s3, 0xbfe3                 # random
        lui $s4, 0xbfff; ori $s4, $s4, 0x7e00

        la $t0, second; lui $t1, 0xbfff; ori $t1, $t1, 0x8700; sw $t0, 0($t1)
        li $t0, 3; sw $t0, 0x14($s4)    # start CPU 1
        li $a0, 0x3004; addu $a0, $a0, $gp; li $a1, 700
        jal count; nop

        li $t0, 1; sw $t0, 8($s1)       # the timer restarts, every 300 us
        li $t0, 300; sw $t0, 0x10($s1)
        li $t0, 1; sw $t0, 4($s0)       # the serial port interrupts
        li $t0, 0x0401; mtc0 $t0, $12; nop

        li $s5, 26; li $t1, 65          # letters, while waiting or multiplying by turns
print:  sw $t1, 0($s0); mult $t1, $s5; mflo $t2; divu $t2, $s5; mfhi $t3
        andi $t4, $t1, 1; beqz $t4, busy; nop
        wait; b printed; nop
busy:   li $t4, 9000
spin:   addiu $t4, $t4, -1; bnez $t4, spin; nop
printed: addiu $t1, $t1, 1; addiu $s5, $s5, -1; bnez $s5, print; nop

        li $a0, 5000; li $a1, 1; jal disk; nop      # read
        lw $t0, 0($s3); sw $t0, 0x80($s2)           # (not in the buffer: a bus error)
        lui $t1, 0xbfe2; ori $t1, $t1, 0x8000; sw $t0, 0($t1)
        li $a0, 77; li $a1, 3; jal disk; nop        # write
        li $a0, 77; li $a1, 1; jal disk; nop
        li $a0, 78; li $a1, 1; jal disk; nop

        lw $t0, 0($s3); andi $t0, $t0, 0x3ff        # random time
rest:   bnez $t0, rest; addiu $t0, $t0, -1

        li $t0, 0x5ff0; jalr $t0; nop   # through the end of a page
        la $s7, back; li $s6, 0x0401
        li $t0, 0x040c; mtc0 $t0, $12; li $t0, 0x7ff0; la $ra, back     # in user mode
        jr $t0; rfe                     # whose return to kseg0 faults

back:   lh $t1, 0x5001($zero)           # skipped by the handler
        mfc0 $t0, $10; mfc0 $t1, $8; mfc0 $t2, $4   # EntryHi, BadVAddr, Context: told in hexadecimal
        mtc0 $zero, $12; sw $zero, 4($s0)
        mfc0 $t3, $1; mfc0 $t4, $9; addu $t5, $t3, $zero
        move $a0, $t0; jal tell; nop
        move $a0, $t1; jal tell; nop
        move $a0, $t2; jal tell; nop
        move $a0, $t3; jal tell; nop
        move $a0, $t4; jal tell; nop
        lw $a0, 0x3000($gp); jal tell; nop
        lw $a0, 0x3004($gp); jal tell; nop
        sw $zero, 8($s4)                # power off
        b .; nop

# Counts the word at $a0 up $a1 times.
count:  ll $v0, 0($a0); addiu $v0, $v0, 1; sc $v0, 0($a0)
        beqz $v0, count; nop
        addiu $a1, $a1, -1; bnez $a1, count; sync
        jr $ra; nop

second: li $a0, 0x3004; lui $gp, 0x8000; addu $a0, $a0, $gp; li $a1, 900
        jal count; nop
asleep: wait; b asleep; nop

# Transfers sector $a0; $a1 is 1 to read, 3 to write. The handler acknowledges.
disk:   sw $a0, 8($s2); sw $a1, 4($s2)
moving: wait; lw $v0, 4($s2); bnez $v0, moving; nop
        jr $ra; nop

# Prints $a0 in hexadecimal, polling.
tell:   li $a1, 28
digit:  srlv $v0, $a0, $a1; andi $v0, $v0, 15; sltiu $v1, $v0, 10; bnez $v1, low; addiu $v0, $v0, 48
        addiu $v0, $v0, 39
low:    sw $zero, 4($s0); sw $v0, 0($s0)
sent:   lw $v0, 4($s0); andi $v0, $v0, 2; beqz $v0, sent; nop
        bnez $a1, digit; addiu $a1, $a1, -4
        li $v0, 10; sw $zero, 4($s0); sw $v0, 0($s0)
ended:  lw $v0, 4($s0); andi $v0, $v0, 2; beqz $v0, ended; nop
        jr $ra; nop

handler: mfc0 $k0, $13; andi $k0, $k0, 0x7c; beqz $k0, irq; mfc0 $k1, $14
        addiu $k0, $k0, -8; beqz $k0, miss; addiu $k0, $k0, -8
        beqz $k0, leave; addiu $k1, $k1, 4
        jr $k1; rfe                     # skips what failed
leave:  mtc0 $s6, $12; jr $s7; addiu $s7, $s7, 4    # a forbidden address: to where it was agreed
miss:   li $k0, 0x2600; mtc0 $k0, $2; tlbwr; jr $k1; rfe    # every page is physical page 2
irq:    lw $at, 0x0c($s1); lw $k0, 4($s2); andi $k0, $k0, 4; beqz $k0, still; li $at, 1
        sw $zero, 4($s2)                # the disk has finished
still:  sw $at, 4($s0)
        lw $at, 0x3000($gp); addiu $at, $at, 1; sw $at, 0x3000($gp)
        jr $k1; rfe
