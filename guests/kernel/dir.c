/* The file system's upper half: names and what is done with them. Each call is a transaction. */
#include "bugs.h"
#include "fs.h"

#define ENTRIES (SECTOR_BYTES / sizeof(struct entry))

static struct entry entries[ENTRIES]; /* the sector of a directory last looked at */

/* ---- one directory */

/* Finds a name; -E_NOENT if it is not there. *block and the sector in entries say where. */
static s32 find(const struct inode *directory, const char *name, u32 length, u32 *block,
                u32 *slot) {
    for (*block = 0; *block * SECTOR_BYTES < directory->size; ++*block) {
        s32 error = fs_read_block(directory, *block, entries);

        if (error != 0) {
            return error;
        }
        for (*slot = 0; *slot < ENTRIES; ++*slot) {
            const struct entry *entry = &entries[*slot];

            if (entry->inode != 0 && strlen(entry->name) == length &&
                memcmp(entry->name, name, length) == 0) {
                return (s32)entry->inode;
            }
        }
    }
    return -E_NOENT;
}

static s32 add(u32 number, struct inode *directory, const char *name, u32 inode) {
    u32 block, slot;
    s32 error = 0;

    for (block = 0; error == 0; block++) {
        if (block * SECTOR_BYTES >= directory->size) {
            memset(entries, 0, sizeof entries);
            directory->size = (block + 1) * SECTOR_BYTES;
        } else {
            error = fs_read_block(directory, block, entries);
        }
        for (slot = 0; error == 0 && slot < ENTRIES; slot++) {
            if (entries[slot].inode == 0) {
                entries[slot].inode = inode;
                strcopy(entries[slot].name, name, NAME_BYTES);
                error = fs_write_block(directory, block, entries);
                return error == 0 ? fs_store_inode(number, directory) : error;
            }
        }
    }
    return error;
}

static s32 take_out(u32 number, struct inode *directory, const char *name) {
    u32 block, slot;
    s32 error = find(directory, name, strlen(name), &block, &slot);

    if (error < 0) {
        return error;
    }
    memset(&entries[slot], 0, sizeof entries[slot]);
    error = fs_write_block(directory, block, entries);
    return error == 0 ? fs_store_inode(number, directory) : error;
}

static s32 is_empty(const struct inode *directory) {
    u32 block, slot;

    for (block = 0; block * SECTOR_BYTES < directory->size; block++) {
        s32 error = fs_read_block(directory, block, entries);

        if (error != 0) {
            return error;
        }
        for (slot = 0; slot < ENTRIES; slot++) {
            if (entries[slot].inode != 0) {
                return -E_NOTEMPTY;
            }
        }
    }
    return 0;
}

/* ---- paths: absolute and clean, see path.c */

/* Follows a path to its last name, which need not exist: the directory it is in, and its inode or
   -E_NOENT. The root itself has no name. */
struct place {
    u32 directory;
    struct inode directory_inode;
    const char *name;
    s32 found; /* number of the inode, or -E_NOENT */
    struct inode inode;
};

static s32 look_up(const char *path, struct place *place) {
    place->directory = 0;
    place->name = "";
    place->found = FS_ROOT;
    for (;;) {
        u32 length = 0;
        u32 block, slot;
        s32 error = fs_load_inode((u32)place->found, &place->inode);

        if (error != 0) {
            return error;
        }
        while (*path == '/') {
            path++;
        }
        if (*path == 0) {
            return 0;
        }
        if (place->inode.type != STAT_DIRECTORY) {
            return -E_NOTDIR;
        }
        while (path[length] != 0 && path[length] != '/') {
            length++;
        }
        if (length >= NAME_BYTES) {
            return -E_TOOBIG;
        }
        place->directory = (u32)place->found;
        place->directory_inode = place->inode;
        place->name = path;
        place->found = find(&place->inode, path, length, &block, &slot);
        path += length;
        if (place->found < 0) {
            return place->found == -E_NOENT && *path == 0 ? 0 : place->found;
        }
    }
}

static void fill_stat(const struct place *place, struct stat *stat) {
    stat->type = place->inode.type;
    stat->size = place->inode.size;
    stat->inode = (u32)place->found;
    stat->links = 1;
}

static s32 must_exist(const char *path, struct place *place) {
    s32 error = look_up(path, place);

    return error == 0 && place->found < 0 ? place->found : error;
}

s32 fs_stat(const char *path, struct stat *stat) {
    struct place place;
    s32 error = fs_begin();

    if (error != 0) {
        return error;
    }
    error = must_exist(path, &place);
    if (error == 0) {
        fill_stat(&place, stat);
    }
    return fs_end(error);
}

static s32 create(struct place *place, u32 type) {
    u32 number;
    s32 error;

    if (place->found >= 0) {
        return -E_EXIST;
    }
    error = fs_new_inode(type, &number, &place->inode);
    if (error == 0) {
        error = add(place->directory, &place->directory_inode, place->name, number);
    }
    place->found = (s32)number;
    return error;
}

/* Lets others have their turn between looking and creating, and believes what it saw. */
static s32 create_as_seen(const char *path, struct place *place) {
    s32 seen = place->found;
    s32 error;

    fs_end(0);
    error = fs_begin();
    if (error == 0) {
        error = look_up(path, place);
        place->found = seen;
    }
    return error == 0 ? create(place, STAT_FILE) : error;
}

s32 fs_open(const char *path, u32 flags, u32 *number) {
    struct place place;
    bool changes = false;
    s32 error = fs_begin();

    if (error != 0) {
        return error;
    }
    error = look_up(path, &place);
    if (error == 0 && place.found == -E_NOENT && (flags & OPEN_CREATE)) {
        changes = true;
        error = bug(BUG_CREATE) ? create_as_seen(path, &place) : create(&place, STAT_FILE);
    } else if (error == 0 && place.found < 0) {
        error = place.found;
    } else if (error == 0 && (flags & OPEN_EXCLUSIVE)) {
        error = -E_EXIST;
    } else if (error == 0 && place.inode.type == STAT_DIRECTORY) {
        error = -E_ISDIR;
    } else if (error == 0 && (flags & OPEN_TRUNCATE) && place.inode.size > 0) {
        changes = true;
        error = fs_free_blocks(&place.inode);
        if (error == 0) {
            error = fs_store_inode((u32)place.found, &place.inode);
        }
    }
    if (error == 0) {
        *number = (u32)place.found; /* with the lock held: from now on it counts as open */
    }
    return changes ? fs_commit(error) : fs_end(error);
}

s32 fs_make_directory(const char *path) {
    struct place place;
    s32 error = fs_begin();

    if (error != 0) {
        return error;
    }
    error = look_up(path, &place);
    return fs_commit(error == 0 ? create(&place, STAT_DIRECTORY) : error);
}

/* Takes the object at a place away, its name left to the caller. */
static s32 destroy(struct place *place) {
    s32 error = place->directory == 0 ? -E_PERM : 0; /* the root has no name to lose */

    if (error == 0 && place->inode.type == STAT_DIRECTORY) {
        error = is_empty(&place->inode);
    }
    if (error == 0 && file_is_open((u32)place->found)) {
        error = -E_BUSY;
    }
    if (error == 0) {
        error = fs_free_blocks(&place->inode);
    }
    if (error == 0) {
        place->inode.type = 0;
        error = fs_store_inode((u32)place->found, &place->inode);
    }
    return error;
}

s32 fs_remove(const char *path) {
    struct place place;
    s32 error = fs_begin();

    if (error != 0) {
        return error;
    }
    error = must_exist(path, &place);
    if (error == 0) {
        error = destroy(&place);
    }
    if (error == 0) {
        error = take_out(place.directory, &place.directory_inode, place.name);
    }
    return fs_commit(error);
}

/* A directory must not become its own descendant. */
static bool is_below(const char *path, const char *above) {
    u32 length = strlen(above);

    return memcmp(path, above, length) == 0 && (path[length] == '/' || path[length] == 0);
}

static s32 move(const char *from, const char *to) {
    struct place source, target;
    s32 error = must_exist(from, &source);

    if (error == 0) {
        error = look_up(to, &target);
    }
    if (error != 0 || source.found == target.found) {
        return error;
    }
    if (source.directory == 0 || is_below(to, from)) {
        return -E_INVAL;
    }
    if (target.found >= 0) {
        if (target.inode.type != source.inode.type) {
            return target.inode.type == STAT_DIRECTORY ? -E_ISDIR : -E_NOTDIR;
        }
        error = destroy(&target);
        if (error == 0) {
            error = take_out(target.directory, &target.directory_inode, target.name);
        }
    }
    if (error == 0) {
        error = add(target.directory, &target.directory_inode, target.name, (u32)source.found);
    }
    if (error == 0) { /* the directory may have been the same and have changed: look again */
        error = fs_load_inode(source.directory, &source.directory_inode);
    }
    return error == 0 ? take_out(source.directory, &source.directory_inode, source.name) : error;
}

s32 fs_rename(const char *from, const char *to) {
    s32 error = fs_begin();

    return error == 0 ? fs_commit(move(from, to)) : error;
}

s32 fs_list(const char *path, u32 index, char *name) {
    struct place place;
    u32 block, slot;
    s32 error = fs_begin();

    if (error != 0) {
        return error;
    }
    error = must_exist(path, &place);
    if (error == 0 && place.inode.type != STAT_DIRECTORY) {
        error = -E_NOTDIR;
    }
    for (block = 0; error == 0 && block * SECTOR_BYTES < place.inode.size; block++) {
        error = fs_read_block(&place.inode, block, entries);
        for (slot = 0; error == 0 && slot < ENTRIES; slot++) {
            if (entries[slot].inode != 0 && index-- == 0) {
                strcopy(name, entries[slot].name, NAME_BYTES);
                return fs_end(1);
            }
        }
    }
    return fs_end(error);
}

/* ---- what is in a file */

s32 fs_read(u32 number, u32 offset, void *data, u32 length) {
    static u8 sector[SECTOR_BYTES] __attribute__((aligned(4)));
    struct inode inode;
    u32 done = 0;
    s32 error = fs_begin();

    if (error != 0) {
        return error;
    }
    error = fs_load_inode(number, &inode);
    if (error == 0 && offset < inode.size && length > inode.size - offset) {
        length = inode.size - offset;
    } else if (offset >= inode.size) {
        length = 0;
    }
    while (error == 0 && done < length) {
        u32 at = (offset + done) % SECTOR_BYTES;
        u32 bytes = SECTOR_BYTES - at < length - done ? SECTOR_BYTES - at : length - done;

        error = fs_read_block(&inode, (offset + done) / SECTOR_BYTES, sector);
        memcpy((u8 *)data + done, sector + at, bytes);
        done += bytes;
    }
    return fs_end(error == 0 ? (s32)done : error);
}

static s32 write_range(struct inode *inode, u32 offset, const u8 *data, u32 length) {
    static u8 sector[SECTOR_BYTES] __attribute__((aligned(4)));
    s32 error = offset + length <= MAX_BLOCKS * SECTOR_BYTES ? 0 : -E_NOSPC;

    while (error == 0 && length > 0) {
        u32 at = offset % SECTOR_BYTES;
        u32 bytes = SECTOR_BYTES - at < length ? SECTOR_BYTES - at : length;

        if (bytes < SECTOR_BYTES) {
            error = fs_read_block(inode, offset / SECTOR_BYTES, sector);
        }
        memcpy(sector + at, data, bytes);
        if (error == 0) {
            error = fs_write_block(inode, offset / SECTOR_BYTES, sector);
        }
        offset += bytes;
        data += bytes;
        length -= bytes;
        if (offset > inode->size) {
            inode->size = offset;
        }
    }
    return error;
}

/* The offset, which processes may share, moves while the lock is held. */
s32 fs_write(u32 number, u32 *offset, bool append, const void *data, u32 length) {
    struct inode inode;
    u32 start = 0;
    s32 error = fs_begin();

    if (error != 0) {
        return error;
    }
    error = fs_load_inode(number, &inode);
    if (error == 0) {
        start = append ? inode.size : *offset;
        error = write_range(&inode, start, data, length);
    }
    if (error == 0) {
        error = fs_store_inode(number, &inode);
    }
    if (error == 0) {
        *offset = start + length; /* should the commit fail, the disk does, and nothing matters */
    }
    error = fs_commit(error);
    return error == 0 ? (s32)length : error;
}

/* ---- for the operator */

s32 fs_check(struct fs_report *report) {
    u8 *seen = page_alloc();
    s32 error;

    if (seen == NULL) {
        return -E_NOMEM;
    }
    report->problem[0] = 0;
    error = fs_begin();
    if (error == 0) {
        error = fs_end(fs_walk(seen, report));
    }
    page_free(seen);
    return error;
}
