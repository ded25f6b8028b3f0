/*
 * What the file system is on: the first disk, or, in a machine that has none, memory, whose files
 * are gone when the power is. Changed sectors wait in a cache until they are flushed, or until
 * their place is needed; the file system does not care in which order they are written.
 */
#include "fs.h"

#define CACHE_SECTORS 32
#define MEMORY_PAGES 48
#define SECTORS_PER_PAGE (PAGE_SIZE / SECTOR_BYTES)

struct cached {
    u32 sector; /* 0: empty; sector 0 itself is not ours */
    u32 used_at;
    bool changed;
    u32 data[SECTOR_BYTES / 4]; /* words, so that copying it is quick */
};

static struct cached cache[CACHE_SECTORS];
static u32 now; /* counts accesses, to find what was not used for the longest time */
static u8 *memory[MEMORY_PAGES];

bool volume_is_memory(void) {
    return disk_count() == 0;
}

u32 volume_sectors(void) {
    u32 sectors = volume_is_memory() ? MEMORY_PAGES * SECTORS_PER_PAGE : disk_sectors(0);

    return sectors < FS_MAX_SECTORS ? sectors : FS_MAX_SECTORS;
}

static s32 memory_transfer(u32 sector, void *data, bool write) {
    u8 **page = &memory[sector / SECTORS_PER_PAGE];
    u8 *at;

    if (*page == NULL && !write) {
        memset(data, 0, SECTOR_BYTES);
        return 0;
    }
    if (*page == NULL && (*page = page_alloc()) == NULL) {
        return -E_NOSPC;
    }
    at = *page + sector % SECTORS_PER_PAGE * SECTOR_BYTES;
    memcpy(write ? at : data, write ? data : at, SECTOR_BYTES);
    return 0;
}

static s32 transfer(u32 sector, void *data, bool write) {
    struct process *process = current()->process;

    if (process != NULL) {
        ++*(write ? &process->sectors_written : &process->sectors_read);
    }
    if (volume_is_memory()) {
        return memory_transfer(sector, data, write);
    }
    return disk_transfer(0, sector, data, write) == 0 ? 0 : -E_IO;
}

static s32 clean(struct cached *entry) {
    s32 error = 0;

    if (entry->sector != 0 && entry->changed) {
        error = transfer(entry->sector, entry->data, true);
        entry->changed = false;
    }
    return error;
}

/* The place of a sector in the cache; the longest unused one, made free, if it has none. */
static s32 find(u32 sector, struct cached **found) {
    struct cached *oldest = &cache[0];
    s32 error;
    u32 i;

    now++;
    for (i = 0; i < CACHE_SECTORS; i++) {
        if (cache[i].sector == sector) {
            cache[i].used_at = now;
            *found = &cache[i];
            return 1;
        }
        if (cache[i].used_at < oldest->used_at) {
            oldest = &cache[i];
        }
    }
    error = clean(oldest);
    oldest->sector = 0;
    oldest->used_at = now;
    *found = oldest;
    return error;
}

s32 volume_read(u32 sector, void *data) {
    struct cached *entry;
    s32 result = find(sector, &entry);

    if (result == 0) {
        result = transfer(sector, entry->data, false);
        entry->sector = result == 0 ? sector : 0;
    }
    if (result < 0) {
        return result;
    }
    memcpy(data, entry->data, SECTOR_BYTES);
    return 0;
}

s32 volume_write(u32 sector, const void *data) {
    struct cached *entry;
    s32 result = find(sector, &entry);

    if (result < 0) {
        return result;
    }
    memcpy(entry->data, data, SECTOR_BYTES);
    entry->sector = sector;
    entry->changed = true;
    return 0;
}

s32 volume_flush(void) {
    s32 error = 0;
    u32 i;

    for (i = 0; i < CACHE_SECTORS && error == 0; i++) {
        error = clean(&cache[i]);
    }
    return error;
}

s32 volume_write_now(u32 sector, const void *data) {
    return transfer(sector, (void *)data, true);
}

void volume_forget(void) {
    u32 i;

    for (i = 0; i < CACHE_SECTORS; i++) {
        cache[i].sector = 0;
        cache[i].changed = false;
        cache[i].used_at = 0;
    }
}
