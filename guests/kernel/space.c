/*
 * Address spaces: two-level page tables whose entries have EntryLo's form, so the refill
 * handler copies them straight into the TLB. A missing page table is the shared empty
 * one, a missing page an entry of 0; neither needs a test in the handler.
 *
 * The kernel never touches user memory through the TLB: copy_in and copy_out look pages
 * up and go through kseg0, so the kernel itself takes no page faults.
 */
#include "kernel.h"

#define DIRECTORY_ENTRIES (USER_END / (PAGE_SIZE / 4) / PAGE_SIZE)
#define TABLE_ENTRIES (PAGE_SIZE / 4)

extern u32 **cpu_directory[MAX_CPUS];

static u32 empty_table[TABLE_ENTRIES];
u32 *empty_directory[PAGE_SIZE / 4];

static struct spinlock asid_lock;
static bool asid_used[TLB_ASIDS]; /* ASID 0 stays with the kernel and its tests */
static u32 asid_seen_by[TLB_ASIDS]; /* CPUs whose TLBs may remember it, as masks */
static u32 asid_last;

void space_init(void) {
    u32 i;

    for (i = 0; i < DIRECTORY_ENTRIES; i++) {
        empty_directory[i] = empty_table;
    }
    for (i = 0; i < MAX_CPUS; i++) {
        cpu_directory[i] = empty_directory;
    }
    asid_used[0] = true;
}

/* Takes the one that has rested longest, so that TLBs seldom have to be told. 0: none is free. */
static u32 asid_take(void) {
    u32 irqs = spin_lock(&asid_lock);
    u32 asid = 0;
    u32 tries;

    for (tries = 0; tries < TLB_ASIDS && asid_used[asid]; tries++) {
        asid_last = (asid_last + 1) % TLB_ASIDS;
        asid = asid_last;
    }
    if (asid_used[asid]) {
        asid = 0;
    }
    asid_used[asid] = true;
    spin_unlock(&asid_lock, irqs);
    return asid;
}

struct space *space_new(void) {
    /* The directory needs half its page; the description lives in the other half. */
    u32 **directory = page_alloc();
    struct space *space;
    u32 i;

    if (directory == NULL) {
        return NULL;
    }
    space = (struct space *)(directory + DIRECTORY_ENTRIES);
    space->asid = asid_take();
    if (space->asid == 0) {
        page_free(directory);
        return NULL;
    }
    for (i = 0; i < DIRECTORY_ENTRIES; i++) {
        directory[i] = empty_table;
    }
    space->directory = directory;
    space->stale_on = asid_seen_by[space->asid];
    asid_seen_by[space->asid] = 0;
    return space;
}

void space_free(struct space *space) {
    u32 i, j;

    for (i = 0; i < DIRECTORY_ENTRIES; i++) {
        u32 *table = space->directory[i];

        if (table == empty_table) {
            continue;
        }
        for (j = 0; j < TABLE_ENTRIES; j++) {
            if (table[j] & TLB_V) {
                page_free((void *)(KSEG0 + (table[j] & TLB_PFN)));
            }
        }
        page_free(table);
    }
    asid_used[space->asid] = false; /* asid_seen_by tells the next owner what to forget */
    page_free(space->directory);
}

void space_activate(struct space *space) {
    u32 cpu = cpu_number();

    if (space == NULL) {
        cpu_directory[cpu] = empty_directory;
        mtc0(C0_ENTRYHI, 0);
        return;
    }
    if (space->stale_on & (1u << cpu)) {
        tlb_forget_asid(space->asid);
        space->stale_on &= ~(1u << cpu);
    }
    asid_seen_by[space->asid] |= 1u << cpu;
    cpu_directory[cpu] = space->directory;
    mtc0(C0_ENTRYHI, space->asid << TLB_ASID_SHIFT);
}

/* The page table entry of an address; NULL if there is no table and none may be made. */
static u32 *entry_of(struct space *space, u32 vaddr, bool make) {
    u32 **table = &space->directory[vaddr >> 22];

    if (*table == empty_table) {
        u32 *fresh = make ? page_alloc() : NULL;

        if (fresh == NULL) {
            return NULL;
        }
        *table = fresh;
    }
    return &(*table)[(vaddr / PAGE_SIZE) % TABLE_ENTRIES];
}

void *space_map(struct space *space, u32 vaddr, bool writable) {
    u32 *entry = entry_of(space, vaddr, true);
    void *page;

    if (entry == NULL) {
        return NULL;
    }
    if (*entry & TLB_V) { /* two segments share this page: the more generous one wins */
        *entry |= writable ? TLB_D : 0;
        return (void *)(KSEG0 + (*entry & TLB_PFN));
    }
    page = page_alloc();
    if (page != NULL) {
        *entry = ((u32)page - KSEG0) | TLB_V | (writable ? TLB_D : 0);
    }
    return page;
}

bool space_fault(struct space *space, u32 vaddr, bool write) {
    u32 *entry;

    if (vaddr >= USER_END) {
        return false;
    }
    entry = entry_of(space, vaddr, false);
    if (entry == NULL || !(*entry & TLB_V)) {
        bool heap = vaddr >= space->heap_start && vaddr < space->heap_end;
        bool stack = vaddr >= STACK_LIMIT && vaddr < STACK_TOP;

        /* Heap and stack get their pages when first touched. */
        if ((!heap && !stack) || space_map(space, vaddr, true) == NULL) {
            return false;
        }
        entry = entry_of(space, vaddr, false);
    }
    if (write && !(*entry & TLB_D)) {
        return false;
    }
    tlb_update(space->asid, vaddr, *entry); /* the refill may have loaded the entry while it was empty */
    return true;
}

/* Copies between kernel and user memory, page by page. */
static bool copy(struct space *space, u32 user, u8 *kernel, u32 length, bool write) {
    if (user >= USER_END || length > USER_END - user) {
        return false;
    }
    while (length > 0) {
        u32 chunk = PAGE_SIZE - user % PAGE_SIZE;
        u8 *page;

        if (!space_fault(space, user, write)) {
            return false;
        }
        page = (u8 *)(KSEG0 + (*entry_of(space, user, false) & TLB_PFN)) + user % PAGE_SIZE;
        if (chunk > length) {
            chunk = length;
        }
        if (write) {
            memcpy(page, kernel, chunk);
        } else {
            memcpy(kernel, page, chunk);
        }
        user += chunk;
        kernel += chunk;
        length -= chunk;
    }
    return true;
}

bool copy_in(struct space *space, void *to, u32 from, u32 length) {
    return copy(space, from, to, length, false);
}

bool copy_out(struct space *space, u32 to, const void *from, u32 length) {
    return copy(space, to, (u8 *)from, length, true);
}

bool copy_in_string(struct space *space, char *to, u32 from, u32 size) {
    for (; size > 0; size--, to++, from++) {
        if (!copy_in(space, to, from, 1)) {
            return false;
        }
        if (*to == 0) {
            return true;
        }
    }
    return false;
}
