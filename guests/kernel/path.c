/* Names of files, and which file system they belong to. */
#include "kernel.h"

/* Appends one component; ".." takes one away. */
static bool add(char *clean, const char *name, u32 length) {
    u32 at = strlen(clean);

    if (length == 0 || (length == 1 && name[0] == '.')) {
        return true;
    }
    if (length == 2 && name[0] == '.' && name[1] == '.') {
        while (at > 0 && clean[--at] != '/') {
        }
        clean[at] = 0;
        return true;
    }
    if (at + 1 + length >= PATH_BYTES) {
        return false;
    }
    clean[at++] = '/';
    memcpy(clean + at, name, length);
    clean[at + length] = 0;
    return true;
}

static bool add_all(char *clean, const char *path) {
    while (*path != 0) {
        u32 length = 0;

        while (path[length] != 0 && path[length] != '/') {
            length++;
        }
        if (!add(clean, path, length)) {
            return false;
        }
        path += length + (path[length] == '/');
    }
    return true;
}

bool path_clean(const char *directory, const char *path, char *clean) {
    clean[0] = 0;
    if ((*path != '/' && !add_all(clean, directory)) || !add_all(clean, path)) {
        return false;
    }
    if (clean[0] == 0) {
        strcopy(clean, "/", 2);
    }
    return true;
}

/* The name below /host, "" for the directory itself; NULL if it is not there at all. */
static const char *host_name(const char *path) {
    if (memcmp(path, "/host", 5) != 0 || (path[5] != 0 && path[5] != '/')) {
        return NULL;
    }
    return path[5] == 0 ? path + 5 : path + 6;
}

static bool is_root(const char *path) {
    return path[1] == 0;
}

static s32 host_result(u32 code) {
    switch (code) {
    case EMUFS_OK:
        return 0;
    case EMUFS_NO_FILE:
        return -E_NOENT;
    case EMUFS_EXISTS:
        return -E_EXIST;
    case EMUFS_IS_DIRECTORY:
        return -E_ISDIR;
    case EMUFS_NOT_DIRECTORY:
        return -E_NOTDIR;
    case EMUFS_NO_SPACE:
        return -E_NOSPC;
    case EMUFS_NO_HANDLES:
        return -E_MFILE;
    default:
        return -E_IO;
    }
}

/*
 * The host gives out one handle for one file, however often it is opened, and closing it closes it
 * for all: so we count. A lock over the whole of an operation keeps a handle from being closed
 * between open and counting.
 */
#define HOST_HANDLES 64

static struct mutex host_lock;
static u8 host_users[HOST_HANDLES];

s32 host_open(const char *name, u32 operation, u32 *handle, bool *directory) {
    s32 error;

    if (!emufs_present()) {
        return -E_NODEV;
    }
    if (name[0] == 0) {
        *handle = 0;
        *directory = true;
        return 0;
    }
    mutex_lock(&host_lock);
    error = host_result(emufs_open(name, operation, handle, directory));
    if (error == 0 && *handle < HOST_HANDLES) {
        host_users[*handle]++;
    }
    mutex_unlock(&host_lock);
    return error;
}

void host_close(u32 handle) {
    if (handle == 0 || handle >= HOST_HANDLES) {
        return; /* the root stays open */
    }
    mutex_lock(&host_lock);
    if (--host_users[handle] == 0) {
        emufs_close(handle);
    }
    mutex_unlock(&host_lock);
}

s32 host_transfer(u32 operation, u32 handle, u32 *offset, void *data, u32 length) {
    s32 error = host_result(emufs_transfer(operation, handle, offset, data, &length));

    return error == 0 ? (s32)length : error;
}

static s32 host_stat(const char *name, struct stat *stat) {
    bool directory;
    u32 handle;
    s32 error = host_open(name, EMUFS_OPEN, &handle, &directory);

    if (error != 0) {
        return error;
    }
    memset(stat, 0, sizeof *stat);
    stat->type = directory ? STAT_DIRECTORY : STAT_FILE;
    error = directory ? 0 : host_result(emufs_size(handle, &stat->size));
    host_close(handle);
    return error;
}

static s32 host_list(const char *directory_name, u32 index, char *name) {
    static char full[256];
    bool directory;
    u32 handle;
    s32 length = host_open(directory_name, EMUFS_OPEN, &handle, &directory);

    if (length != 0) {
        return length;
    }
    length = directory ? host_transfer(EMUFS_READDIR, handle, &index, full, sizeof full - 1)
                       : -E_NOTDIR;
    host_close(handle);
    if (length > 0) {
        full[length] = 0;
        strcopy(name, full, NAME_BYTES);
    }
    return length > 0 ? 1 : length;
}

s32 path_stat(const char *path, struct stat *stat) {
    const char *host = host_name(path);

    return host != NULL ? host_stat(host, stat) : fs_stat(path, stat);
}

/* The root has "host" as its first name, if there is one. */
s32 path_list(const char *path, u32 index, char *name) {
    const char *host = host_name(path);

    if (host != NULL) {
        return host_list(host, index, name);
    }
    if (is_root(path) && emufs_present()) {
        if (index == 0) {
            strcopy(name, "host", NAME_BYTES);
            return 1;
        }
        index--;
    }
    return fs_list(path, index, name);
}

s32 path_make_directory(const char *path) {
    return host_name(path) != NULL ? -E_PERM : fs_make_directory(path);
}

s32 path_remove(const char *path) {
    return host_name(path) != NULL ? -E_PERM : fs_remove(path);
}

s32 path_rename(const char *from, const char *to) {
    return host_name(from) != NULL || host_name(to) != NULL ? -E_PERM : fs_rename(from, to);
}

/* ---- opening */

static s32 open_host(const char *name, u32 flags, struct file *file) {
    u32 operation = !(flags & OPEN_CREATE) ? EMUFS_OPEN
                    : flags & OPEN_EXCLUSIVE ? EMUFS_EXCLUSIVE : EMUFS_CREATE;
    bool directory;
    s32 error = host_open(name, operation, &file->number, &directory);
    u32 size = 0;

    if (error != 0) {
        return error;
    }
    if (directory) {
        error = -E_ISDIR;
    } else if (flags & OPEN_TRUNCATE) {
        error = host_transfer(EMUFS_TRUNCATE, file->number, &size, NULL, 0);
    } else if (flags & OPEN_APPEND) {
        error = host_result(emufs_size(file->number, &file->offset));
    }
    if (error < 0) {
        host_close(file->number);
        return error;
    }
    return 0;
}

s32 file_open(const char *path, u32 flags, struct file **result) {
    const char *host = host_name(path);
    struct file *file = file_new(host != NULL ? FILE_HOST : FILE_DISK);
    s32 error;

    if (file == NULL) {
        return -E_MFILE;
    }
    file->readable = (flags & OPEN_READ) != 0;
    file->writable = (flags & OPEN_WRITE) != 0;
    file->append = (flags & OPEN_APPEND) != 0;
    error = host != NULL ? open_host(host, flags, file) : fs_open(path, flags, &file->number);
    if (error != 0) {
        file->kind = FILE_UNUSED;
        return error;
    }
    *result = file;
    return 0;
}
