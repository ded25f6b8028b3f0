/* Physical memory: a list of free 4 KB pages, each holding the address of the next. */
#include "kernel.h"

static struct spinlock pages_lock;
static u32 *first_page;
static u32 free_count;

void pages_init(u32 first_free, u32 end) {
    u32 page;

    /* From the top down, so that the first page handed out is the lowest. */
    for (page = end & ~(PAGE_SIZE - 1); page > first_free; ) {
        page -= PAGE_SIZE;
        page_free((void *)page);
    }
}

void *page_alloc(void) {
    u32 irqs = spin_lock(&pages_lock);
    u32 *page = first_page;

    if (page != NULL) {
        first_page = (u32 *)*page;
        free_count--;
    }
    spin_unlock(&pages_lock, irqs);
    if (page != NULL) {
        memset(page, 0, PAGE_SIZE);
    }
    return page;
}

void page_free(void *page) {
    u32 irqs = spin_lock(&pages_lock);

    *(u32 *)page = (u32)first_page;
    first_page = page;
    free_count++;
    spin_unlock(&pages_lock, irqs);
}

u32 pages_free(void) {
    return free_count;
}
