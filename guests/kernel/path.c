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

s32 path_stat(const char *path, struct stat *stat) { (void)path; (void)stat; return -E_NODEV; }
s32 path_list(const char *path, u32 index, char *name) { (void)path; (void)index; (void)name; return -E_NODEV; }
s32 path_make_directory(const char *path) { (void)path; return -E_NODEV; }
s32 path_remove(const char *path) { (void)path; return -E_NODEV; }
s32 path_rename(const char *from, const char *to) { (void)from; (void)to; return -E_NODEV; }
s32 file_open(const char *path, u32 flags, struct file **file) { (void)path; (void)flags; (void)file; return -E_NODEV; }
s32 file_seek(struct file *file, u32 offset) { file->offset = offset; return 0; }
