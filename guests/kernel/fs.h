/*
 * The file system on disk. Everything is in sectors of 512 bytes and in the machine's byte order.
 *
 *     sector 0      not ours        (boot blocks go there)
 *     sectors 1, 2  superblocks     (the one with the higher generation counts)
 *     sectors 3...  everything else
 *     last sector   not ours        (the disk's own test writes it)
 *
 * Nothing that a superblock can reach is ever overwritten. A change writes new sectors for the
 * data and for all that leads to it, up to the inode table's inode; this is in the superblock,
 * and writing that, alternately to sector 1 and 2, is what makes the change happen. Each pointer
 * holds the checksum of what it points to, and the superblock that of itself.
 *
 * So a crash at any moment leaves the file system as it was after the last call that changed it,
 * or after the one that was under way: each such call is all or nothing, and lasting as soon as it
 * has returned. There is nothing to repair, only to check (fscheck.c). The one assumption: the
 * disk writes a sector whole or not at all.
 *
 * Which sectors are free is not on disk: mounting walks the tree and finds out.
 */
#ifndef FS_H
#define FS_H

#include "kernel.h"

#define FS_MAGIC 0x6b736673
#define FS_VERSION 1
#define FS_FIRST 3         /* first sector that is handed out */
#define FS_MAX_SECTORS (PAGE_SIZE * 8) /* what a bitmap of one page can hold: 16 MB */
#define FS_MAX_INODES 512
#define FS_ROOT 1

#define DIRECT 12
#define POINTERS (SECTOR_BYTES / 8) /* in an indirect sector */
#define INODES_PER_SECTOR (SECTOR_BYTES / 128)
#define MAX_BLOCKS (DIRECT + POINTERS + POINTERS * POINTERS)

/* Where a sector is, and what its words add up to. Sector 0: a hole, all zeros. */
struct pointer {
    u32 sector;
    u32 sum;
};

struct inode {
    u32 type; /* 0: free; STAT_FILE, STAT_DIRECTORY */
    u32 size;
    u32 changed; /* seconds since 1970 */
    u32 unused;
    struct pointer direct[DIRECT];
    struct pointer indirect; /* to pointers */
    struct pointer twice;    /* to pointers to pointers */
};

struct entry {
    u32 inode; /* 0: free */
    char name[NAME_BYTES];
};

struct super {
    u32 magic;
    u32 version;
    u32 generation; /* counts changes */
    u32 sectors;
    struct inode table; /* the file all other inodes are in, by number */
    u8 unused[SECTOR_BYTES - 16 - 128 - 4];
    u32 sum;
};

/* ---- volume.c: the disk, or memory where there is none, and a cache */

u32 volume_sectors(void);
bool volume_is_memory(void);
s32 volume_read(u32 sector, void *data);
s32 volume_write(u32 sector, const void *data); /* may stay in the cache until ... */
s32 volume_flush(void);
s32 volume_write_now(u32 sector, const void *data);
void volume_forget(void); /* empties the cache, unwritten changes included */

/* ---- fs.c: transactions, blocks, inodes. All of it with the file system's lock held. */

extern struct super super; /* as it will be after the current transaction */

s32 fs_begin(void); /* takes the lock and mounts if need be; on an error, the lock is free again */
s32 fs_commit(s32 result); /* ends the transaction, undoes it if the result is an error; frees the lock */
s32 fs_end(s32 result); /* the same where nothing was changed */

u32 fs_sum(const void *sector);
s32 fs_get(const struct pointer *pointer, void *data);
s32 fs_read_block(const struct inode *inode, u32 index, void *data);
s32 fs_write_block(struct inode *inode, u32 index, const void *data);
s32 fs_free_blocks(struct inode *inode);
s32 fs_load_inode(u32 number, struct inode *inode);
s32 fs_store_inode(u32 number, struct inode *inode);
s32 fs_new_inode(u32 type, u32 *number, struct inode *inode);

/* ---- fscheck.c */

struct fs_report {
    u32 files;
    u32 directories;
    u32 sectors;
    char problem[80]; /* empty: none */
};

/* Walks everything, verifying every checksum; fills in which sectors are in use (one page). */
s32 fs_walk(u8 *used, struct fs_report *report);
s32 fs_check(struct fs_report *report); /* the same, of a mounted file system */

#endif
