/*
 * The R3000 as a kernel sees it: coprocessor 0, its bits, exception codes, the
 * address map. Shared by C and assembly.
 */
#ifndef MIPS_H
#define MIPS_H

/* Coprocessor 0 registers, as the numbers an instruction holds. */
#define C0_INDEX 0
#define C0_RANDOM 1
#define C0_ENTRYLO 2
#define C0_CONTEXT 4
#define C0_BADVADDR 8
#define C0_COUNT 9
#define C0_ENTRYHI 10
#define C0_COMPARE 11
#define C0_STATUS 12
#define C0_CAUSE 13
#define C0_EPC 14
#define C0_PRID 15

/* Status. Kernel/user and interrupt enable are a stack of three pairs: exceptions push, RFE pops. */
#define ST_IEC 0x00000001
#define ST_KUC 0x00000002
#define ST_IEP 0x00000004
#define ST_KUP 0x00000008
#define ST_IM 0x0000ff00

/* Interrupt lines; the same bit is the mask in Status and the pending flag in Cause. */
#define IRQ_SOFT0 0x0100
#define IRQ_SOFT1 0x0200
#define IRQ_LAMEBUS 0x0400
#define IRQ_IPI 0x0800
#define IRQ_TIMER 0x8000
/* What this kernel leaves enabled: everything but the FPU line. */
#define IRQ_USED (IRQ_SOFT0 | IRQ_LAMEBUS | IRQ_IPI | IRQ_TIMER)

/* Cause. */
#define CAUSE_BD 0x80000000
#define CAUSE_CE_SHIFT 28
#define CAUSE_CODE_SHIFT 2

/* Exception codes. */
#define EX_INT 0
#define EX_MOD 1
#define EX_TLBL 2
#define EX_TLBS 3
#define EX_ADEL 4
#define EX_ADES 5
#define EX_IBE 6
#define EX_DBE 7
#define EX_SYS 8
#define EX_BP 9
#define EX_RI 10
#define EX_CPU 11
#define EX_OVF 12

/* TLB: EntryHi, EntryLo, Index. A software page table entry has the form of EntryLo. */
#define TLB_ENTRIES 64
#define TLB_WIRED 8 /* TLBWR never chooses slots below this one */
#define TLB_SLOT_SHIFT 8
#define TLB_ASID_SHIFT 6
#define TLB_ASIDS 64
#define TLB_VPN 0xfffff000
#define TLB_PFN 0xfffff000
#define TLB_D 0x400 /* may be written */
#define TLB_V 0x200
#define TLB_G 0x100 /* matches under any ASID */
#define TLB_PROBE_MISS 0x80000000

/* Address map. */
#define PAGE_SIZE 4096
#define KSEG0 0x80000000 /* physical memory, cached */
#define KSEG1 0xa0000000 /* the same, uncached: devices */
#define KSEG2 0xc0000000 /* mapped, kernel only */
#define USER_END 0x80000000

/* Context keeps our CPU number where the architecture leaves room for a page table base. */
#define CONTEXT_CPU_SHIFT 21

#ifdef __ASSEMBLER__

/* WAIT stops the CPU until an interrupt line rises. MIPS I assemblers do not know it. */
#define WAIT .word 0x42000020

#else

#include "../lib/types.h"

/*
 * Coprocessor 0 access. The R3000 lets one instruction pass before a move from
 * coprocessor 0 delivers, and two before a changed Status or EntryHi counts.
 */
#define mfc0(number)                                                                     \
    ({                                                                                   \
        u32 value_;                                                                      \
        __asm__ volatile("mfc0 %0, $%1\n\tnop" : "=r"(value_) : "i"(number) : "memory"); \
        value_;                                                                          \
    })
#define mtc0(number, value)                                                      \
    __asm__ volatile("mtc0 %z0, $%1\n\tnop\n\tnop" ::"Jr"((u32)(value)), "i"(number) \
                     : "memory")

static inline void cpu_wait(void) {
    __asm__ volatile(".word 0x42000020" ::: "memory");
}

/* Interrupts off; returns the Status to give back to irq_restore. */
static inline u32 irq_save(void) {
    u32 status = mfc0(C0_STATUS);
    mtc0(C0_STATUS, status & ~ST_IEC);
    return status;
}

static inline void irq_restore(u32 status) {
    mtc0(C0_STATUS, status);
}

static inline void irq_enable(void) {
    mtc0(C0_STATUS, mfc0(C0_STATUS) | ST_IEC);
}

#endif
#endif
