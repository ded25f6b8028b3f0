/* Spin locks, with LL/SC. */
#include "kernel.h"

static void acquire(volatile u32 *word) {
    u32 scratch;

    __asm__ volatile(
        ".set push\n"
        ".set noreorder\n"
        ".set mips2\n"          /* LL and SC came after MIPS I; this board has them */
        "1: ll    %0, 0(%1)\n"
        "   nop\n"
        "   bnez  %0, 1b\n"
        "   li    %0, 1\n"
        "   sc    %0, 0(%1)\n"
        "   nop\n"
        "   beqz  %0, 1b\n"     /* somebody, or an interrupt, came between */
        "   nop\n"
        "   sync\n"
        ".set pop\n"
        : "=&r"(scratch)
        : "r"(word)
        : "memory");
}

u32 spin_lock(struct spinlock *lock) {
    u32 irqs = irq_save();

    acquire(&lock->held);
    return irqs;
}

void spin_unlock(struct spinlock *lock, u32 irqs) {
    __asm__ volatile(".set push\n.set mips2\nsync\n.set pop" ::: "memory");
    *(volatile u32 *)&lock->held = 0;
    irq_restore(irqs);
}
