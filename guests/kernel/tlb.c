/*
 * The TLB: 64 entries that any slot may hold. Two entries matching one address is
 * undefined (some machines stop dead), so every write here first asks whether there is one.
 * The functions leave EntryHi as they found it: it holds the running ASID.
 */
#include "kernel.h"

/* An address for a slot nobody uses: kseg0 is never translated, and no two slots share one. */
static u32 unused_entryhi(u32 slot) {
    return KSEG0 + slot * PAGE_SIZE;
}

void tlb_write(u32 slot, u32 entryhi, u32 entrylo) {
    u32 saved = mfc0(C0_ENTRYHI);

    mtc0(C0_ENTRYHI, entryhi);
    mtc0(C0_ENTRYLO, entrylo);
    mtc0(C0_INDEX, slot << TLB_SLOT_SHIFT);
    __asm__ volatile("nop\n\ttlbwi\n\tnop" ::: "memory");
    mtc0(C0_ENTRYHI, saved);
}

void tlb_read(u32 slot, u32 *entryhi, u32 *entrylo) {
    u32 saved = mfc0(C0_ENTRYHI);

    mtc0(C0_INDEX, slot << TLB_SLOT_SHIFT);
    __asm__ volatile("nop\n\ttlbr\n\tnop\n\tnop" ::: "memory");
    *entryhi = mfc0(C0_ENTRYHI);
    *entrylo = mfc0(C0_ENTRYLO);
    mtc0(C0_ENTRYHI, saved);
}

s32 tlb_probe(u32 entryhi) {
    u32 saved = mfc0(C0_ENTRYHI);
    u32 index;

    mtc0(C0_ENTRYHI, entryhi);
    __asm__ volatile("nop\n\ttlbp\n\tnop\n\tnop" ::: "memory");
    index = mfc0(C0_INDEX);
    mtc0(C0_ENTRYHI, saved);
    return index & TLB_PROBE_MISS ? -1 : (s32)((index >> TLB_SLOT_SHIFT) & (TLB_ENTRIES - 1));
}

void tlb_reset(void) {
    u32 slot;

    for (slot = 0; slot < TLB_ENTRIES; slot++) {
        tlb_write(slot, unused_entryhi(slot), 0);
    }
}

void tlb_forget_asid(u32 asid) {
    u32 slot;

    for (slot = 0; slot < TLB_ENTRIES; slot++) {
        u32 entryhi, entrylo;

        tlb_read(slot, &entryhi, &entrylo);
        if (((entryhi >> TLB_ASID_SHIFT) & (TLB_ASIDS - 1)) == asid) {
            tlb_write(slot, unused_entryhi(slot), 0);
        }
    }
}

void tlb_update(u32 asid, u32 vaddr, u32 entrylo) {
    u32 irqs = irq_save();
    u32 entryhi = (vaddr & TLB_VPN) | asid << TLB_ASID_SHIFT;
    s32 slot = tlb_probe(entryhi);

    if (slot >= 0) {
        tlb_write((u32)slot, entryhi, entrylo);
    }
    irq_restore(irqs);
}
