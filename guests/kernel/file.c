/* Open files: what descriptors stand for. Several may stand for one, after dup or fork. */
#include "kernel.h"

#define OPEN_FILES 128

static struct file files[OPEN_FILES];
static struct file console = {.kind = FILE_CONSOLE, .owners = 1, .readable = true, .writable = true};
static struct file nothing = {.kind = FILE_NOTHING, .owners = 1, .readable = true, .writable = true};
static struct spinlock files_lock; /* guards kinds and owners */

struct file *file_new(enum file_kind kind) {
    u32 irqs = spin_lock(&files_lock);
    struct file *file = NULL;
    u32 i;

    for (i = 0; i < OPEN_FILES && file == NULL; i++) {
        if (files[i].kind == FILE_UNUSED) {
            file = &files[i];
            memset(file, 0, sizeof *file);
            file->kind = kind;
            file->owners = 1;
        }
    }
    spin_unlock(&files_lock, irqs);
    return file;
}

struct file *file_share(struct file *file) {
    u32 irqs = spin_lock(&files_lock);

    file->owners++;
    spin_unlock(&files_lock, irqs);
    return file;
}

struct file *file_console(void) {
    return file_share(&console);
}

struct file *file_nothing(void) {
    return file_share(&nothing);
}

void file_close(struct file *file) {
    u32 irqs = spin_lock(&files_lock);
    bool last = --file->owners == 0;

    spin_unlock(&files_lock, irqs);
    if (!last) {
        return;
    }
    if (file->kind == FILE_PIPE) {
        pipe_close(file->pipe, file->readable);
    } else if (file->kind == FILE_HOST) {
        host_close(file->number);
    }
    file->kind = FILE_UNUSED;
}

s32 file_pipe(struct file **reader, struct file **writer) {
    struct pipe *pipe = pipe_new();

    if (pipe == NULL) {
        return -E_NOMEM;
    }
    *reader = file_new(FILE_PIPE);
    *writer = file_new(FILE_PIPE);
    if (*reader == NULL || *writer == NULL) {
        if (*reader != NULL) {
            (*reader)->kind = FILE_UNUSED;
        }
        page_free(pipe);
        return -E_MFILE;
    }
    (*reader)->pipe = (*writer)->pipe = pipe;
    (*reader)->readable = true;
    (*writer)->writable = true;
    return 0;
}

/* Only the foreground may read what is typed; who tries all the same is stopped till it is fg. */
static s32 console_read(char *data, u32 length) {
    struct process *process = current()->process;
    s32 got;

    if (process != NULL && process->group != console_group()) {
        return signal_send(-(s32)process->group, SIG_TTIN) == 1 ? -E_INTR : -E_IO;
    }
    if (length < 2) {
        return -E_INVAL;
    }
    got = console_read_line(data, length - 1);
    if (got == -E_NODEV) {
        return 0;
    }
    if (got >= 0) {
        data[got++] = '\n';
    }
    return got;
}

static s32 disk_file_read(struct file *file, void *data, u32 length) {
    s32 got = fs_read(file->number, file->offset, data, length);

    if (got > 0) {
        file->offset += (u32)got;
    }
    return got;
}

s32 file_seek(struct file *file, u32 offset) {
    if (file->kind < FILE_DISK) {
        return -E_INVAL;
    }
    file->offset = offset;
    return 0;
}

bool file_is_open(u32 inode) {
    u32 i;

    for (i = 0; i < OPEN_FILES; i++) {
        if (files[i].kind == FILE_DISK && (inode == 0 || files[i].number == inode)) {
            return true;
        }
    }
    return false;
}

s32 file_read(struct file *file, void *data, u32 length) {
    if (!file->readable) {
        return -E_BADF;
    }
    switch (file->kind) {
    case FILE_NOTHING:
        return 0;
    case FILE_CONSOLE:
        return console_read(data, length);
    case FILE_PIPE:
        return pipe_read(file->pipe, data, length);
    case FILE_DISK:
        return disk_file_read(file, data, length);
    case FILE_HOST:
        return host_transfer(EMUFS_READ, file->number, &file->offset, data, length);
    default:
        return -E_BADF;
    }
}

s32 file_write(struct file *file, const void *data, u32 length) {
    if (!file->writable) {
        return -E_BADF;
    }
    switch (file->kind) {
    case FILE_NOTHING:
        return (s32)length;
    case FILE_CONSOLE:
        console_write(data, length);
        return (s32)length;
    case FILE_PIPE:
        return pipe_write(file->pipe, data, length);
    case FILE_DISK:
        return fs_write(file->number, &file->offset, file->append, data, length);
    case FILE_HOST:
        return host_transfer(EMUFS_WRITE, file->number, &file->offset, (void *)data, length);
    default:
        return -E_BADF;
    }
}
