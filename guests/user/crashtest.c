/*
 * crashtest write [CALLS] changes files, one system call after the other, in an order that chance
 * chose once and for all, and says after each call that it is done. The machine may be cut off at
 * any moment. Afterwards, crashtest check [DONE] finds out whether what is on the disk is exactly
 * what the first so many calls have made: not less than were said to be done, and no half of one.
 */
#include "user.h"

#define FILES 5
#define FILE_BYTES 9000 /* more than the direct sectors hold */

struct model {
    bool exists;
    u32 size;
    u8 data[FILE_BYTES];
};

static struct model model[FILES];
static u8 buffer[FILE_BYTES];
static u32 chance;

static u32 random(u32 below) {
    chance = chance * 1664525 + 1013904223;
    return (chance >> 16) % below;
}

static char *name_of(u32 file) {
    static char names[2][4] = {"f0", "g0"};
    static u32 turn;
    char *name = names[turn ^= 1];

    name[1] = (char)('0' + file);
    name[0] = 'f';
    return name;
}

static void fill(u32 call, u32 length) {
    u32 i;

    for (i = 0; i < length; i++) {
        buffer[i] = (u8)(call * 17 + i * 3 + (i >> 7));
    }
}

/* Each of these does one call's work on the model and, if asked to, on the disk. */

static s32 do_create(u32 file, bool really) {
    s32 fd;

    model[file].exists = true;
    model[file].size = 0;
    if (!really) {
        return 0;
    }
    fd = open(name_of(file), OPEN_WRITE | OPEN_CREATE);
    return fd < 0 ? fd : close((u32)fd);
}

static s32 do_write(u32 file, u32 call, bool really) {
    struct model *it = &model[file];
    u32 length = 1 + random(4000);
    u32 offset = random(it->size + 1 < FILE_BYTES - length ? it->size + 1 : FILE_BYTES - length);
    s32 fd, wrote;

    fill(call, length);
    memcpy(it->data + offset, buffer, length);
    if (offset + length > it->size) {
        it->size = offset + length;
    }
    if (!really) {
        return 0;
    }
    fd = open(name_of(file), OPEN_WRITE);
    if (fd < 0) {
        return fd;
    }
    seek((u32)fd, offset);
    wrote = write((u32)fd, buffer, length);
    close((u32)fd);
    return wrote < 0 ? wrote : 0;
}

static s32 do_truncate(u32 file, bool really) {
    s32 fd;

    model[file].size = 0;
    if (!really) {
        return 0;
    }
    fd = open(name_of(file), OPEN_WRITE | OPEN_TRUNCATE);
    return fd < 0 ? fd : close((u32)fd);
}

static s32 do_rename(u32 from, u32 to, bool really) {
    model[to] = model[from];
    model[from].exists = false;
    model[from].size = 0;
    return really ? rename(name_of(from), name_of(to)) : 0;
}

static s32 do_remove(u32 file, bool really) {
    model[file].exists = false;
    model[file].size = 0;
    return really ? remove(name_of(file)) : 0;
}

static s32 do_call(u32 call, bool really) {
    u32 file = random(FILES);
    u32 other = random(FILES);
    u32 choice = random(10);

    if (!model[file].exists) {
        return do_create(file, really);
    }
    if (choice == 0 && model[file].size > 0) {
        return do_truncate(file, really);
    }
    if (choice == 1) {
        return do_remove(file, really);
    }
    if (choice <= 3 && other != file) {
        return do_rename(file, other, really);
    }
    return do_write(file, call, really);
}

static int write_calls(u32 calls) {
    s32 error = mkdir("/crash");
    u32 i;

    if (error == 0) {
        error = chdir("/crash");
    }
    for (i = 1; i <= calls && error == 0; i++) {
        error = do_call(i, true);
        if (error == 0) {
            printf("crashtest: %u done\n", i);
        }
    }
    return error < 0 ? complain("crashtest", "write", error) : 0;
}

/* Is the file on the disk what the model says? What was read of it is kept for the next question. */
static struct model found[FILES];

static s32 read_files(void) {
    u32 i;

    for (i = 0; i < FILES; i++) {
        s32 fd = open(name_of(i), OPEN_READ);
        s32 length = 0;

        found[i].exists = fd >= 0;
        if (fd < 0 && fd != -E_NOENT) {
            return fd;
        }
        while (fd >= 0 && found[i].size < FILE_BYTES &&
               (length = read((u32)fd, found[i].data + found[i].size,
                              FILE_BYTES - found[i].size)) > 0) {
            found[i].size += (u32)length;
        }
        if (length < 0) {
            return length;
        }
        close((u32)fd);
    }
    return 0;
}

static bool is_as_modelled(void) {
    u32 i;

    for (i = 0; i < FILES; i++) {
        if (found[i].exists != model[i].exists || found[i].size != model[i].size) {
            return false;
        }
    }
    for (i = 0; i < FILES; i++) {
        if (memcmp(found[i].data, model[i].data, model[i].size) != 0) {
            return false;
        }
    }
    return true;
}

static int check_calls(u32 done) {
    struct stat info;
    s32 error = stat("/crash", &info);
    u32 call;

    if (error == -E_NOENT) {
        printf("crashtest: as after call 0, %u were done\n", done);
        return done != 0;
    }
    if (error == 0) {
        error = chdir("/crash");
    }
    if (error == 0) {
        error = read_files();
    }
    if (error < 0) {
        return complain("crashtest", "check", error);
    }
    for (call = 0; call <= done + 40; call++) {
        if (call > 0) {
            do_call(call, false);
        }
        if (call >= done && is_as_modelled()) {
            printf("crashtest: as after call %u, %u were done\n", call, done);
            return 0;
        }
    }
    printf("crashtest: NOT as after any call from %u on\n", done);
    return 1;
}

int main(int argc, char **argv) {
    u32 number = argc > 2 || (argc > 1 && argv[1][0] == 'w') ? 100 : 0;

    if (argc < 2 || (argc > 2 && !parse_number(argv[2], &number))) {
        printf("crashtest: write [CALLS] | check [DONE]\n");
        return 1;
    }
    return strcmp(argv[1], "check") == 0 ? check_calls(number) : write_calls(number);
}
