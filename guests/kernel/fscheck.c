/*
 * Checking the file system: walks everything that can be reached, verifies every checksum, and
 * expects each sector and each inode to be used exactly once. Mounting is the same walk: it is
 * how the kernel learns which sectors are free.
 */
#include "fs.h"

static u8 links[FS_MAX_INODES];  /* how many directories name this inode */
static u16 queue[FS_MAX_INODES]; /* directories found but not yet looked into */
static struct pointer tables[3][POINTERS];
static struct fs_report *findings;
static u8 *seen;

static s32 problem(const char *text, ...) {
    va_list args;

    if (findings->problem[0] == 0) {
        va_start(args, text);
        format(findings->problem, sizeof findings->problem, text, args);
        va_end(args);
    }
    return -E_IO;
}

/* One sector: is it in range, used only here, and as its checksum says? */
static s32 visit(const struct pointer *pointer, u32 inode, void *data) {
    u32 sector = pointer->sector;

    if (sector < FS_FIRST || sector >= super.sectors) {
        return problem("inode %u: sector %u is not ours", inode, sector);
    }
    if (seen[sector / 8] & 1u << sector % 8) {
        return problem("inode %u: sector %u is used twice", inode, sector);
    }
    seen[sector / 8] |= (u8)(1u << sector % 8);
    findings->sectors++;
    if (fs_get(pointer, data) != 0) {
        return problem("inode %u: sector %u is not what was written", inode, sector);
    }
    return 0;
}

/* A block, or the sectors below an indirect one. */
static s32 visit_tree(const struct pointer *pointer, u32 inode, u32 levels, u32 *blocks) {
    struct pointer *table = tables[levels];
    s32 error = visit(pointer, inode, table);
    u32 i;

    if (levels == 0) {
        ++*blocks;
        return error;
    }
    for (i = 0; error == 0 && i < POINTERS; i++) {
        if (table[i].sector != 0) {
            error = visit_tree(&table[i], inode, levels - 1, blocks);
        }
    }
    return error;
}

static s32 visit_file(const struct inode *inode, u32 number) {
    u32 blocks = 0;
    s32 error = 0;
    u32 i;

    for (i = 0; error == 0 && i < DIRECT; i++) {
        if (inode->direct[i].sector != 0) {
            error = visit_tree(&inode->direct[i], number, 0, &blocks);
        }
    }
    if (error == 0 && inode->indirect.sector != 0) {
        error = visit_tree(&inode->indirect, number, 1, &blocks);
    }
    if (error == 0 && inode->twice.sector != 0) {
        error = visit_tree(&inode->twice, number, 2, &blocks);
    }
    if (error == 0 && blocks > (inode->size + SECTOR_BYTES - 1) / SECTOR_BYTES) {
        error = problem("inode %u: %u sectors for %u bytes", number, blocks, inode->size);
    }
    return error;
}

/* The names in one sector of a directory. Twice the same name in one directory is looked for in
   the whole directory, which is slow, and directories are short. */
static s32 visit_entries(const struct entry *entries, u32 directory, u32 *queued) {
    u32 i, j;

    for (i = 0; i < SECTOR_BYTES / sizeof *entries; i++) {
        u32 number = entries[i].inode;
        struct inode inode;

        if (number == 0) {
            continue;
        }
        if (number >= FS_MAX_INODES || fs_load_inode(number, &inode) != 0 || inode.type == 0) {
            return problem("directory %u: %s has no inode", directory, entries[i].name);
        }
        if (links[number]++ != 0 || number == FS_ROOT) {
            return problem("directory %u: %s is elsewhere too", directory, entries[i].name);
        }
        for (j = 0; j < i; j++) {
            if (entries[j].inode != 0 && strcmp(entries[i].name, entries[j].name) == 0) {
                return problem("directory %u: two of the name %s", directory, entries[i].name);
            }
        }
        if (inode.type == STAT_DIRECTORY) {
            queue[(*queued)++] = (u16)number;
            findings->directories++;
        } else {
            findings->files++;
        }
    }
    return 0;
}

/* Follows all names from the root. */
static s32 visit_names(void) {
    static struct entry entries[SECTOR_BYTES / sizeof(struct entry)];
    u32 queued = 0;
    u32 next = 0;

    queue[queued++] = FS_ROOT;
    findings->directories++;
    for (; next < queued; next++) {
        struct inode directory;
        s32 error = fs_load_inode(queue[next], &directory);
        u32 block;

        for (block = 0; error == 0 && block * SECTOR_BYTES < directory.size; block++) {
            error = fs_read_block(&directory, block, entries);
            if (error == 0) {
                error = visit_entries(entries, queue[next], &queued);
            }
        }
        if (error != 0) {
            return problem("directory %u cannot be read", queue[next]);
        }
    }
    return 0;
}

s32 fs_walk(u8 *used, struct fs_report *report) {
    u32 count = super.table.size / sizeof(struct inode);
    u32 number;
    s32 error;

    findings = report;
    seen = used;
    memset(report, 0, sizeof *report);
    memset(used, 0, PAGE_SIZE);
    memset(links, 0, sizeof links);
    error = count <= FS_MAX_INODES ? visit_file(&super.table, 0) : problem("too many inodes");
    for (number = FS_ROOT; error == 0 && number < count; number++) {
        struct inode inode;

        error = fs_load_inode(number, &inode);
        if (error == 0 && inode.type != 0) {
            error = visit_file(&inode, number);
        }
    }
    if (error == 0) {
        error = visit_names();
    }
    for (number = FS_ROOT + 1; error == 0 && number < count; number++) {
        struct inode inode;

        error = fs_load_inode(number, &inode);
        if (error == 0 && inode.type != 0 && links[number] == 0) {
            error = problem("inode %u has no name", number);
        }
    }
    return error;
}
