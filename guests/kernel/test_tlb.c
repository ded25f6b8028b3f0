/*
 * The TLB. Interrupts are off in every check, slots are wired ones and nothing but the
 * tests uses user addresses meanwhile (a kernel thread has none), so entries stay put.
 */
#include "test.h"

#define PAGE_A 0x10000000
#define PAGE_B 0x10002000
#define KERNEL_PAGE (KSEG2 + 0x1000)
#define ASID(n) ((u32)(n) << TLB_ASID_SHIFT)

static u32 *memory_a, *memory_b;

static u32 frame_of(const void *page) {
    return (u32)page - KSEG0;
}

static void check_entries(void) {
    u32 irqs = irq_save();
    u32 slot, entryhi, entrylo;

    check_begin("TLB: 64 entries read back and are found");
    for (slot = 0; slot < TLB_ENTRIES; slot++) {
        tlb_write(slot, (PAGE_A + slot * 0x3000) | ASID(slot), slot << 12 | (slot & 7) << 9);
    }
    for (slot = 0; slot < TLB_ENTRIES; slot++) {
        tlb_read(slot, &entryhi, &entrylo);
        expect("EntryHi", entryhi, (PAGE_A + slot * 0x3000) | ASID(slot));
        expect("EntryLo", entrylo, slot << 12 | (slot & 7) << 9);
        expect("slot found", (u32)tlb_probe((PAGE_A + slot * 0x3000) | ASID(slot)), slot);
        expect("other ASID", (u32)tlb_probe((PAGE_A + slot * 0x3000) | ASID(slot ^ 1)),
               (u32)-1);
    }
    expect("other page", (u32)tlb_probe(PAGE_A + 0x1000), (u32)-1);
    tlb_reset();
    irq_restore(irqs);
    check_end();
}

static void check_translation(void) {
    u32 irqs = irq_save();

    check_begin("TLB: translation, write protection (D)");
    memory_a[1] = 0xaaaa;
    tlb_write(0, PAGE_A, frame_of(memory_a) | TLB_V);
    expect("load", attempt(op_lw, PAGE_A + 4, 0), 0xaaaa);
    expect("exception", seen.hit, 0);
    attempt(op_sw, PAGE_A + 4, 1);
    expect_exception("store to a clean page", EX_MOD, op_sw, false);
    expect("BadVAddr", seen.badvaddr, PAGE_A + 4);
    expect("memory", memory_a[1], 0xaaaa);
    tlb_write(0, PAGE_A, frame_of(memory_a) | TLB_V | TLB_D);
    attempt(op_sw, PAGE_A + 8, 0xbbbb);
    expect("exception", seen.hit, 0);
    expect("memory", memory_a[2], 0xbbbb);
    attempt(op_sb, PAGE_A + 8, 0x55);
    expect("memory", memory_a[2], 0x5500bbbb);
    tlb_reset();
    irq_restore(irqs);
    check_end();
}

static void check_invalid(void) {
    u32 irqs = irq_save();

    check_begin("TLB: invalid entries (V): BadVAddr, Context, EntryHi");
    mtc0(C0_ENTRYHI, ASID(9));
    tlb_write(1, PAGE_B | ASID(9), frame_of(memory_a) | TLB_D);
    attempt(op_lw, PAGE_B + 0x124, 0);
    expect_exception("load", EX_TLBL, op_lw, false);
    expect("BadVAddr", seen.badvaddr, PAGE_B + 0x124);
    expect("Context", seen.context, cpu_number() << CONTEXT_CPU_SHIFT | (PAGE_B >> 12) << 2);
    expect("EntryHi", seen.entryhi, PAGE_B | ASID(9));
    attempt(op_sw, PAGE_B + 0x128, 0);
    expect_exception("store", EX_TLBS, op_sw, false);
    expect("BadVAddr", seen.badvaddr, PAGE_B + 0x128);
    expect("entries for the page", (u32)tlb_probe(PAGE_B | ASID(9)), 1);
    space_activate(NULL);
    tlb_reset();
    irq_restore(irqs);
    check_end();
}

static void check_asid(void) {
    u32 irqs = irq_save();

    check_begin("TLB: ASIDs and global entries (G)");
    memory_a[0] = 0x1111;
    memory_b[0] = 0x2222;
    tlb_write(0, PAGE_A | ASID(1), frame_of(memory_a) | TLB_V);
    tlb_write(1, PAGE_A | ASID(2), frame_of(memory_b) | TLB_V);
    tlb_write(2, PAGE_B | ASID(3), frame_of(memory_b) | TLB_V | TLB_G);
    mtc0(C0_ENTRYHI, ASID(1));
    expect("ASID 1", attempt(op_lw, PAGE_A, 0), 0x1111);
    expect("global page under ASID 1", attempt(op_lw, PAGE_B, 0), 0x2222);
    mtc0(C0_ENTRYHI, ASID(2));
    expect("ASID 2", attempt(op_lw, PAGE_A, 0), 0x2222);
    mtc0(C0_ENTRYHI, ASID(4));
    attempt(op_lw, PAGE_A, 0);
    expect_exception("ASID 4", EX_TLBL, op_lw, false);
    space_activate(NULL);
    tlb_reset();
    irq_restore(irqs);
    check_end();
}

static void check_refill(void) {
    u32 irqs = irq_save();
    u32 entryhi, entrylo, slot, i;

    /* Our page table is empty, so the refill writes an invalid entry and the access then
       faults for good: two exceptions, through two vectors. */
    check_begin("TLB: misses are refilled, never into slots 0 to 7");
    for (i = 0; i < 200; i++) {
        attempt(op_lw, PAGE_A + i * PAGE_SIZE, 0);
        expect_exception("load", EX_TLBL, op_lw, false);
        expect("entry written", tlb_probe(PAGE_A + i * PAGE_SIZE) >= TLB_WIRED, 1);
    }
    for (slot = 0; slot < TLB_WIRED; slot++) {
        tlb_read(slot, &entryhi, &entrylo);
        expect("wired entry", entryhi, KSEG0 + slot * PAGE_SIZE);
    }
    tlb_reset();
    irq_restore(irqs);
    check_end();
}

static void check_random(void) {
    u32 irqs = irq_save();
    u32 lowest = 64;
    u32 highest = 0;
    u32 i;

    check_begin("TLB: Random runs from 8 to 63");
    for (i = 0; i < 1000; i++) {
        u32 slot = mfc0(C0_RANDOM) >> TLB_SLOT_SHIFT;

        lowest = slot < lowest ? slot : lowest;
        highest = slot > highest ? slot : highest;
    }
    expect("lowest", lowest, 8);
    expect("highest", highest, 63);
    irq_restore(irqs);
    check_end();
}

static void check_kseg2(void) {
    u32 irqs = irq_save();

    check_begin("TLB: kseg2 is mapped, its misses take the general vector");
    memory_a[3] = 0x3333;
    attempt(op_lw, KERNEL_PAGE + 12, 0);
    expect_exception("load", EX_TLBL, op_lw, false);
    /* The refill handler would have written an entry. */
    expect("entry", (u32)tlb_probe(KERNEL_PAGE), (u32)-1);
    tlb_write(3, KERNEL_PAGE, frame_of(memory_a) | TLB_V | TLB_D | TLB_G);
    expect("load", attempt(op_lw, KERNEL_PAGE + 12, 0), 0x3333);
    expect("exception", seen.hit, 0);
    tlb_reset();
    irq_restore(irqs);
    check_end();
}

void test_tlb(void) {
    memory_a = page_alloc();
    memory_b = page_alloc();
    if (memory_a == NULL || memory_b == NULL) {
        check_skip("TLB", "no memory");
        return;
    }
    check_entries();
    check_translation();
    check_invalid();
    check_asid();
    check_refill();
    check_random();
    check_kseg2();
    page_free(memory_a);
    page_free(memory_b);
}
