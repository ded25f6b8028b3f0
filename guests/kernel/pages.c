/*
 * Physical memory, in pages of 4 KB. A free page holds the address of the next one; a page in
 * use has a count of its owners, more than one where processes share it copy-on-write. Pages
 * that were never used yet are not in the list: memory is only touched when it is wanted.
 */
#include "bugs.h"
#include "kernel.h"

static struct spinlock pages_lock;
static u32 *first_page;     /* of the list of pages that came back */
static u32 never_used, end; /* the rest of memory */
static u8 *owners;          /* one count for each page of memory */
static u32 free_count;

static u8 *owners_of(const void *page) {
    return &owners[((u32)page - KSEG0) / PAGE_SIZE];
}

void pages_init(u32 first_free, u32 memory_end) {
    u32 pages = (memory_end - KSEG0) / PAGE_SIZE;

    owners = (u8 *)first_free;
    memset(owners, 0, pages);
    never_used = (first_free + pages + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
    end = memory_end & ~(PAGE_SIZE - 1);
    free_count = (end - never_used) / PAGE_SIZE;
}

void *page_take(void) {
    u32 irqs = spin_lock(&pages_lock);
    u32 *page = first_page;

    if (page != NULL) {
        first_page = (u32 *)*page;
    } else if (never_used < end) {
        page = (u32 *)never_used;
        never_used += PAGE_SIZE;
    }
    if (page != NULL) {
        free_count--;
        *owners_of(page) = 1;
    }
    spin_unlock(&pages_lock, irqs);
    return page;
}

void *page_alloc(void) {
    void *page = page_take();

    if (page != NULL) {
        memset(page, 0, PAGE_SIZE);
    }
    return page;
}

void page_share(void *page) {
    volatile u8 *count = owners_of(page);
    u32 irqs;

    if (bug(BUG_REFERENCES)) {
        ++*count;
        return;
    }
    irqs = spin_lock(&pages_lock);
    ++*count;
    spin_unlock(&pages_lock, irqs);
}

u32 page_owners(const void *page) {
    return *owners_of(page);
}

void page_free(void *page) {
    volatile u8 *count = owners_of(page);
    u32 irqs;

    if (bug(BUG_REFERENCES) && *count > 1) {
        --*count;
        return;
    }
    irqs = spin_lock(&pages_lock);
    if (--*count == 0) {
        *(u32 *)page = (u32)first_page;
        first_page = page;
        free_count++;
    }
    spin_unlock(&pages_lock, irqs);
}

u32 pages_free(void) {
    return free_count;
}
