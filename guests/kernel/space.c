/*
 * Address spaces: two-level page tables whose entries have EntryLo's form, so the refill
 * handler copies them straight into the TLB. A missing page table is the shared empty
 * one, a missing page an entry of 0; neither needs a test in the handler.
 *
 * Nothing is loaded before it is touched: a space knows its regions, and a page fault makes
 * the page. A fork shares every page; what was writable becomes "copy on write", a bit of the
 * entry that the hardware does not look at, and the first store makes the copy.
 *
 * The kernel never touches user memory through the TLB: copy_in and copy_out look pages
 * up and go through kseg0, so the kernel itself takes no page faults.
 */
#include "bugs.h"
#include "kernel.h"

#define DIRECTORY_ENTRIES (USER_END / (PAGE_SIZE / 4) / PAGE_SIZE)
#define TABLE_ENTRIES (PAGE_SIZE / 4)
#define COPY_ON_WRITE 1 /* the low eight bits of EntryLo are nobody's */

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

    if (directory == NULL) {
        return NULL;
    }
    space = (struct space *)(directory + DIRECTORY_ENTRIES);
    space->asid = asid_take();
    if (space->asid == 0) {
        page_free(directory);
        return NULL;
    }
    memcpy(directory, empty_directory, DIRECTORY_ENTRIES * sizeof *directory);
    space->directory = directory;
    space->stale_on = asid_seen_by[space->asid];
    asid_seen_by[space->asid] = 0;
    return space;
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

/*
 * A page table entry became less generous, or points elsewhere: no TLB may go on using what it
 * remembers. A space runs on one CPU at a time, so the others need not be interrupted: they
 * forget before they run this space again (space_activate). This CPU's TLB is the caller's care.
 */
static void others_forget(struct space *space) {
    if (!bug(BUG_SHOOTDOWN)) {
        space->stale_on |= asid_seen_by[space->asid] & ~(1u << cpu_number());
    }
}

/* The same for many entries, and for this CPU too. */
static void all_forget(struct space *space) {
    u32 irqs = irq_save();

    others_forget(space);
    tlb_forget_asid(space->asid);
    irq_restore(irqs);
}

/* The same for one entry. */
static void page_changed(struct space *space, u32 vaddr, u32 entry) {
    u32 irqs = irq_save();

    others_forget(space);
    tlb_update(space->asid, vaddr, entry);
    irq_restore(irqs);
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

bool space_add_region(struct space *space, const struct region *region) {
    if (space->region_count == MAX_REGIONS || (region->start & (PAGE_SIZE - 1)) != 0 ||
        region->end < region->start || region->end > STACK_LIMIT) {
        return false;
    }
    space->regions[space->region_count++] = *region;
    if (region->end > space->heap_start) {
        space->heap_start = (region->end + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
        space->heap_end = space->heap_start;
    }
    return true;
}

void space_seal(struct space *space, u32 number) {
    struct region *region = &space->regions[number];
    u32 vaddr;

    for (vaddr = region->start; vaddr < region->end; vaddr += PAGE_SIZE) {
        u32 *entry = entry_of(space, vaddr, false);

        if (entry != NULL) {
            *entry &= ~TLB_D;
        }
    }
    region->writable = false;
    all_forget(space);
}

/* What this address belongs to; the heap and the stack are regions that start as zeros. */
static const struct region *region_of(const struct space *space, u32 vaddr) {
    static const struct region zeros = {0, 0, true, NULL, 0};
    u32 i;

    if ((vaddr >= space->heap_start && vaddr < space->heap_end) ||
        (vaddr >= STACK_LIMIT && vaddr < STACK_TOP)) {
        return &zeros;
    }
    for (i = 0; i < space->region_count; i++) {
        const struct region *region = &space->regions[i];

        if (vaddr >= region->start && vaddr - region->start < region->end - region->start) {
            return region;
        }
    }
    return NULL;
}

/* The first touch of a page: makes it as the region's file says. */
static bool page_in(struct space *space, const struct region *region, u32 vaddr, u32 *entry) {
    u8 *page = page_alloc();
    u32 offset = (vaddr & TLB_VPN) - region->start;

    if (page == NULL) {
        return false;
    }
    if (region->file != NULL && offset < region->file_bytes) {
        u32 bytes = region->file_bytes - offset;

        memcpy(page, region->file + offset, bytes < PAGE_SIZE ? bytes : PAGE_SIZE);
    }
    *entry = ((u32)page - KSEG0) | TLB_V | (region->writable ? TLB_D : 0);
    space->faults++;
    return true;
}

/* A store to a page that is shared until somebody stores: from now on this one is ours alone. */
static bool copy_on_write(struct space *space, u32 vaddr, u32 *entry) {
    void *shared = (void *)(KSEG0 + (*entry & TLB_PFN));
    void *own;

    if (page_owners(shared) == 1) { /* the others are gone or have copied already */
        *entry = (*entry & ~COPY_ON_WRITE) | TLB_D;
        return true;
    }
    own = page_take();
    if (own == NULL) {
        return false;
    }
    memcpy(own, shared, PAGE_SIZE);
    *entry = ((u32)own - KSEG0) | TLB_V | TLB_D;
    page_changed(space, vaddr, *entry);
    page_free(shared);
    space->copies++;
    return true;
}

bool space_fault(struct space *space, u32 vaddr, bool write) {
    const struct region *region;
    u32 *entry;

    if (vaddr >= USER_END || (region = region_of(space, vaddr)) == NULL ||
        (write && !region->writable) || (entry = entry_of(space, vaddr, true)) == NULL) {
        return false;
    }
    if (!(*entry & TLB_V) && !page_in(space, region, vaddr, entry)) {
        return false;
    }
    if (write && (*entry & COPY_ON_WRITE) && !copy_on_write(space, vaddr, entry)) {
        return false;
    }
    tlb_update(space->asid, vaddr, *entry); /* the TLB may know an older entry */
    return true;
}

/* ---- all pages of a space: those of its regions, its heap and its stack */

struct walk {
    u32 range;
    u32 vaddr, end;
};

/* The entry of the next page that is there, NULL at the end. */
static u32 *next_page(struct space *space, struct walk *walk) {
    for (;;) {
        while (walk->vaddr < walk->end) {
            u32 *entry = entry_of(space, walk->vaddr, false);

            walk->vaddr += PAGE_SIZE;
            if (entry != NULL && (*entry & TLB_V)) {
                return entry;
            }
        }
        if (walk->range < space->region_count) {
            walk->vaddr = space->regions[walk->range].start;
            walk->end = space->regions[walk->range].end;
        } else if (walk->range == space->region_count) {
            walk->vaddr = space->heap_start;
            walk->end = space->heap_end;
        } else if (walk->range == space->region_count + 1) {
            walk->vaddr = STACK_LIMIT;
            walk->end = STACK_TOP;
        } else {
            return NULL;
        }
        walk->range++;
    }
}

void space_free(struct space *space) {
    struct walk walk = {0, 0, 0};
    u32 *entry;
    u32 i;

    while ((entry = next_page(space, &walk)) != NULL) {
        page_free((void *)(KSEG0 + (*entry & TLB_PFN)));
        *entry = 0;
    }
    for (i = 0; i < DIRECTORY_ENTRIES; i++) {
        if (space->directory[i] != empty_table) {
            page_free(space->directory[i]);
        }
    }
    /* What the next owner has to have forgotten: our entries, and on CPUs we never came to, those
       of who had the ASID before us. */
    asid_seen_by[space->asid] |= space->stale_on;
    asid_used[space->asid] = false;
    page_free(space->directory);
}

struct space *space_fork(struct space *parent) {
    struct space *child = space_new();
    struct walk walk = {0, 0, 0};
    u32 *from, *to;

    if (child == NULL) {
        return NULL;
    }
    memcpy(child->regions, parent->regions, sizeof child->regions);
    child->region_count = parent->region_count;
    child->heap_start = parent->heap_start;
    child->heap_end = parent->heap_end;
    while ((from = next_page(parent, &walk)) != NULL) {
        to = entry_of(child, walk.vaddr - PAGE_SIZE, true);
        if (to == NULL) {
            space_free(child);
            child = NULL;
            break;
        }
        if (*to & TLB_V) {
            continue; /* two regions share this page */
        }
        if (*from & TLB_D) {
            *from = (*from & ~TLB_D) | COPY_ON_WRITE;
        }
        page_share((void *)(KSEG0 + (*from & TLB_PFN)));
        *to = *from;
    }
    all_forget(parent);
    return child;
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
