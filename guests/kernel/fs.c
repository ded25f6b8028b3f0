/*
 * The file system's lower half: transactions, blocks of files, inodes. fs.h has the layout, and
 * why a crash does no harm.
 */
#include "fs.h"

struct super super;

static struct super committed; /* as it is on disk */
static bool mounted;
static struct mutex fs_lock;

/* Bitmaps of sectors, a page each. */
static u8 *used;
static u8 *taken;    /* by this transaction: these may be written in place, and go back if it fails */
static u8 *released; /* by this transaction: free once it is committed, not before */
static u32 cursor = FS_FIRST;

/* ---- sectors */

static bool is_set(const u8 *map, u32 sector) {
    return (map[sector / 8] & 1u << sector % 8) != 0;
}

static void set(u8 *map, u32 sector) {
    map[sector / 8] |= (u8)(1u << sector % 8);
}

/* Takes from one map all that is in another, and empties that. */
static void clear_all(u8 *from, u8 *which) {
    u32 i;

    for (i = 0; i * 32 < super.sectors; i++) {
        ((u32 *)from)[i] &= ~((const u32 *)which)[i];
        ((u32 *)which)[i] = 0;
    }
}

u32 fs_sum(const void *sector) {
    const u32 *words = sector;
    u32 sum = 0x811c9dc5;
    u32 i;

    for (i = 0; i < SECTOR_BYTES / 4; i++) {
        sum = (sum ^ words[i]) * 0x01000193; /* each step can be undone: no single word hides */
    }
    return sum;
}

static u32 take_sector(void) {
    u32 tries;

    for (tries = FS_FIRST; tries < super.sectors; tries++) {
        u32 sector = cursor;

        cursor = cursor + 1 < super.sectors ? cursor + 1 : FS_FIRST;
        if (!is_set(used, sector)) {
            set(used, sector);
            set(taken, sector);
            return sector;
        }
    }
    return 0;
}

s32 fs_get(const struct pointer *pointer, void *data) {
    s32 error;

    if (pointer->sector == 0) {
        memset(data, 0, SECTOR_BYTES);
        return 0;
    }
    if (pointer->sector < FS_FIRST || pointer->sector >= super.sectors) {
        return -E_IO;
    }
    error = volume_read(pointer->sector, data);
    return error == 0 && fs_sum(data) != pointer->sum ? -E_IO : error;
}

/* Writes a sector of this transaction, a fresh one unless it has been written already. */
static s32 put(struct pointer *pointer, const void *data) {
    u32 sector = pointer->sector;

    if (sector == 0 || !is_set(taken, sector)) {
        if (sector != 0) {
            set(released, sector);
        }
        sector = take_sector();
        if (sector == 0) {
            return -E_NOSPC;
        }
    }
    pointer->sector = sector;
    pointer->sum = fs_sum(data);
    return volume_write(sector, data);
}

static void release(struct pointer *pointer) {
    if (pointer->sector != 0) {
        set(released, pointer->sector);
        pointer->sector = 0;
    }
}

/* ---- blocks of a file */

/* Changes one block below an indirect sector, which may be below another. */
static s32 put_below(struct pointer *above, u32 index, const void *data, u32 levels) {
    static struct pointer tables[2][POINTERS];
    struct pointer *table = tables[levels - 1];
    u32 below = levels == 1 ? 1 : POINTERS;
    s32 error = fs_get(above, table);

    if (error == 0) {
        error = levels == 1 ? put(&table[index], data)
                            : put_below(&table[index / below], index % below, data, 1);
    }
    return error == 0 ? put(above, table) : error;
}

s32 fs_write_block(struct inode *inode, u32 index, const void *data) {
    if (index < DIRECT) {
        return put(&inode->direct[index], data);
    }
    index -= DIRECT;
    if (index < POINTERS) {
        return put_below(&inode->indirect, index, data, 1);
    }
    index -= POINTERS;
    return index < POINTERS * POINTERS ? put_below(&inode->twice, index, data, 2) : -E_NOSPC;
}

static s32 get_below(const struct pointer *above, u32 index, void *data) {
    static struct pointer table[POINTERS];
    s32 error = fs_get(above, table);

    return error == 0 ? fs_get(&table[index], data) : error;
}

s32 fs_read_block(const struct inode *inode, u32 index, void *data) {
    static struct pointer table[POINTERS];
    s32 error;

    if (index < DIRECT) {
        return fs_get(&inode->direct[index], data);
    }
    index -= DIRECT;
    if (index < POINTERS) {
        return get_below(&inode->indirect, index, data);
    }
    index -= POINTERS;
    if (index >= POINTERS * POINTERS) {
        return -E_IO;
    }
    error = fs_get(&inode->twice, table);
    return error == 0 ? get_below(&table[index / POINTERS], index % POINTERS, data) : error;
}

static s32 free_below(struct pointer *above, u32 levels) {
    static struct pointer tables[2][POINTERS];
    struct pointer *table = tables[levels - 1];
    s32 error = above->sector != 0 ? fs_get(above, table) : 0;
    u32 i;

    for (i = 0; above->sector != 0 && error == 0 && i < POINTERS; i++) {
        if (levels == 1) {
            release(&table[i]);
        } else {
            error = free_below(&table[i], 1);
        }
    }
    release(above);
    return error;
}

s32 fs_free_blocks(struct inode *inode) {
    s32 error;
    u32 i;

    for (i = 0; i < DIRECT; i++) {
        release(&inode->direct[i]);
    }
    error = free_below(&inode->indirect, 1);
    inode->size = 0;
    return error == 0 ? free_below(&inode->twice, 2) : error;
}

/* ---- inodes */

static struct inode inodes[INODES_PER_SECTOR]; /* the sector of the table last looked at */

s32 fs_load_inode(u32 number, struct inode *inode) {
    s32 error;

    if (number == 0 || number >= super.table.size / sizeof *inode) {
        return -E_IO;
    }
    error = fs_read_block(&super.table, number / INODES_PER_SECTOR, inodes);
    *inode = inodes[number % INODES_PER_SECTOR];
    return error;
}

s32 fs_store_inode(u32 number, struct inode *inode) {
    u32 block = number / INODES_PER_SECTOR;
    u32 nanoseconds;
    s32 error = fs_read_block(&super.table, block, inodes);

    if (error != 0) {
        return error;
    }
    clock_wall(&inode->changed, &nanoseconds);
    inodes[number % INODES_PER_SECTOR] = *inode;
    if (super.table.size < (block + 1) * SECTOR_BYTES) {
        super.table.size = (block + 1) * SECTOR_BYTES;
    }
    return fs_write_block(&super.table, block, inodes);
}

s32 fs_new_inode(u32 type, u32 *number, struct inode *inode) {
    u32 count = super.table.size / sizeof *inode;
    s32 error;

    for (*number = FS_ROOT; *number < count; ++*number) {
        error = fs_load_inode(*number, inode);
        if (error != 0) {
            return error;
        }
        if (inode->type == 0) {
            break;
        }
    }
    if (*number >= FS_MAX_INODES) {
        return -E_NOSPC;
    }
    memset(inode, 0, sizeof *inode);
    inode->type = type;
    return fs_store_inode(*number, inode);
}

/* ---- mounting and transactions */

static bool is_sound(const struct super *candidate) {
    static struct super copy;

    copy = *candidate;
    copy.sum = 0;
    return candidate->magic == FS_MAGIC && candidate->version == FS_VERSION &&
           candidate->sectors < volume_sectors() && candidate->sum == fs_sum(&copy);
}

static s32 write_super(void) {
    s32 error = volume_flush();

    super.generation++;
    super.sum = 0;
    super.sum = fs_sum(&super);
    return error == 0 ? volume_write_now(1 + super.generation % 2, &super) : error;
}

static s32 find_super(void) {
    static struct super other;
    s32 error = volume_read(1, &committed);

    if (error == 0) {
        error = volume_read(2, &other);
    }
    if (error != 0) {
        return error;
    }
    if (is_sound(&other) &&
        (!is_sound(&committed) || (s32)(other.generation - committed.generation) > 0)) {
        committed = other;
    }
    return is_sound(&committed) ? 0 : -E_NODEV;
}

static bool have_maps(void) {
    if (used == NULL) {
        used = page_alloc();
        taken = page_alloc();
        released = page_alloc();
    }
    return used != NULL && taken != NULL && released != NULL;
}

static s32 make_empty(void) {
    struct inode root;
    u32 number;
    s32 error;

    memset(&super, 0, sizeof super);
    super.magic = FS_MAGIC;
    super.version = FS_VERSION;
    super.generation = committed.generation; /* goes on, so that the old superblocks lose */
    super.sectors = volume_sectors() - 1;
    memset(used, 0, PAGE_SIZE);
    memset(taken, 0, PAGE_SIZE);
    memset(released, 0, PAGE_SIZE);
    cursor = FS_FIRST;
    error = fs_new_inode(STAT_DIRECTORY, &number, &root);
    return error == 0 ? write_super() : error;
}

static s32 mount(void) {
    static struct fs_report report;
    s32 error;

    if (!have_maps()) {
        return -E_NOMEM;
    }
    volume_forget();
    error = find_super();
    if (error == -E_NODEV && volume_is_memory()) {
        committed.generation = 0;
        error = make_empty();
        committed = super;
    }
    if (error != 0) {
        return error;
    }
    super = committed;
    memset(taken, 0, PAGE_SIZE);
    memset(released, 0, PAGE_SIZE);
    error = fs_walk(used, &report);
    mounted = error == 0;
    if (error != 0) {
        kprintf("fs: %s\n", report.problem);
    }
    return error;
}

s32 fs_begin(void) {
    s32 error = 0;

    mutex_lock(&fs_lock);
    if (!mounted) {
        error = mount();
    }
    if (error != 0) {
        mutex_unlock(&fs_lock);
    }
    return error;
}

s32 fs_end(s32 result) {
    mutex_unlock(&fs_lock);
    return result;
}

s32 fs_commit(s32 result) {
    s32 error = result >= 0 ? write_super() : result;

    if (error == 0) {
        committed = super;
        clear_all(used, released);
        clear_all(taken, taken);
    } else {
        super = committed;
        clear_all(used, taken);
        clear_all(released, released);
        volume_forget();
    }
    mutex_unlock(&fs_lock);
    return error == 0 ? result : error;
}

s32 fs_format(void) {
    s32 error;

    mutex_lock(&fs_lock);
    error = file_is_open(0) ? -E_BUSY : have_maps() ? 0 : -E_NOMEM;
    if (error == 0) {
        mounted = false;
        volume_forget();
        if (find_super() != 0) {
            committed.generation = 0;
        }
        error = make_empty();
    }
    if (error == 0) {
        error = mount();
    }
    return fs_end(error);
}
