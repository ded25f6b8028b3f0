/*
 * The part of the kernel's selftest about files; works in a directory of its own and leaves
 * nothing behind. The exit status is the number of the expectation that was not met.
 */
#include "user.h"

#define EXPECT(number, condition) \
    do {                          \
        if (!(condition)) {       \
            return number;        \
        }                         \
    } while (0)

#define CREATE (OPEN_READ | OPEN_WRITE | OPEN_CREATE)

static u8 data[4096];

static void fill(u32 seed) {
    u32 i;

    for (i = 0; i < sizeof data; i++) {
        data[i] = (u8)(seed * 31 + i + (i >> 8) * seed);
    }
}

static bool matches(u32 seed, const u8 *bytes, u32 length) {
    u32 i;

    for (i = 0; i < length; i++) {
        if (bytes[i] != (u8)(seed * 31 + i + (i >> 8) * seed)) {
            return false;
        }
    }
    return true;
}

/* Direct and indirect sectors, a hole, sizes that are no multiple of anything. */
static u32 test_contents(void) {
    static u8 back[4096];
    struct stat info;
    u32 i, fd;

    EXPECT(1, (s32)(fd = (u32)open("big", CREATE)) >= 0);
    for (i = 0; i < 12; i++) { /* 48 KB: the twelve direct sectors and beyond the indirect one */
        fill(i);
        EXPECT(2, write(fd, data, sizeof data) == sizeof data);
    }
    EXPECT(3, write(fd, "end", 3) == 3);
    for (i = 0; i < 12; i++) {
        EXPECT(4, seek(fd, i * 4096) == 0 && read(fd, back, sizeof back) == sizeof back);
        EXPECT(5, matches(i, back, sizeof back));
    }
    EXPECT(6, read(fd, back, sizeof back) == 3 && read(fd, back, sizeof back) == 0);
    EXPECT(7, stat("big", &info) == 0 && info.size == 12 * 4096 + 3 && info.type == STAT_FILE);
    EXPECT(8, seek(fd, 100000) == 0 && write(fd, "far", 3) == 3);
    EXPECT(9, seek(fd, 99000) == 0 && read(fd, back, 2000) == 1003 && back[0] == 0 &&
                  back[1000] == 'f');
    EXPECT(10, remove("big") == -E_BUSY && close(fd) == 0 && remove("big") == 0);
    EXPECT(11, stat("big", &info) == -E_NOENT);
    return 0;
}

static u32 test_names(void) {
    char name[NAME_BYTES];
    s32 fd;
    u32 i, count;

    EXPECT(20, mkdir("d") == 0 && mkdir("d") == -E_EXIST && mkdir("d/sub") == 0);
    EXPECT(21, remove("d") == -E_NOTEMPTY && rename("d", "d/sub/f") == -E_INVAL);
    EXPECT(22, open("d", OPEN_READ) == -E_ISDIR && mkdir("none/x") == -E_NOENT);
    for (i = 0; i < 20; i++) { /* more than one sector of a directory holds */
        strcopy(name, "d/x", sizeof name);
        name[2] = (char)('a' + i);
        EXPECT(23, (fd = open(name, CREATE | OPEN_EXCLUSIVE)) >= 0 && close((u32)fd) == 0);
    }
    EXPECT(24, open("d/a", CREATE | OPEN_EXCLUSIVE) == -E_EXIST);
    for (count = 0; list("d", count, name) == 1; count++) {
    }
    EXPECT(25, count == 21 && list("d/a", 0, name) == -E_NOTDIR);
    fd = open("d/a", OPEN_WRITE);
    EXPECT(26, write((u32)fd, "A", 1) == 1 && close((u32)fd) == 0);
    EXPECT(27, rename("d/a", "d/b") == 0 && rename("d/a", "d/c") == -E_NOENT);
    fd = open("d/b", OPEN_READ);
    EXPECT(28, read((u32)fd, name, 5) == 1 && name[0] == 'A' && close((u32)fd) == 0);
    EXPECT(29, rename("d", "moved") == 0 && chdir("moved") == 0);
    for (i = 1; i < 20; i++) {
        name[0] = (char)('a' + i);
        name[1] = 0;
        EXPECT(30, remove(name) == 0);
    }
    EXPECT(31, remove("sub") == 0 && chdir("..") == 0 && remove("moved") == 0);
    EXPECT(32, chdir("moved") == -E_NOENT && remove("/") == -E_PERM);
    return 0;
}

/* Several processes add to one file: no record is lost or torn. */
static u32 test_appends(void) {
    u8 seen[4][8];
    s32 child, fd;
    u8 record[4];
    u32 i, count, status;

    for (child = 0; child < 4; child++) {
        if (fork() == 0) {
            fd = open("log", OPEN_WRITE | OPEN_CREATE | OPEN_APPEND);
            for (i = 0; i < 8; i++) {
                record[0] = record[3] = (u8)child;
                record[1] = record[2] = (u8)i;
                if (write((u32)fd, record, 4) != 4) {
                    exit(1);
                }
            }
            exit(0);
        }
    }
    while (wait(0, &status, 0) > 0) {
        EXPECT(40, status == 0);
    }
    memset(seen, 0, sizeof seen);
    fd = open("log", OPEN_READ);
    for (count = 0; read((u32)fd, record, 4) == 4; count++) {
        EXPECT(41, record[0] == record[3] && record[1] == record[2] && record[0] < 4 &&
                       record[1] < 8 && seen[record[0]][record[1]]++ == 0);
    }
    EXPECT(42, count == 32 && close((u32)fd) == 0 && remove("log") == 0);
    return 0;
}

/* Processes that share a descriptor share its offset: nobody writes over another's data. */
static u32 test_sharing(void) {
    u32 status, i, count;
    char record[4];
    s32 fd = open("shared", CREATE);

    EXPECT(60, fd >= 0);
    for (i = 0; i < 4; i++) {
        if (fork() == 0) {
            for (count = 0; count < 6; count++) {
                if (write((u32)fd, "abcd", 4) != 4) {
                    exit(1);
                }
            }
            exit(0);
        }
    }
    while (wait(0, &status, 0) > 0) {
        EXPECT(61, status == 0);
    }
    EXPECT(62, seek((u32)fd, 0) == 0);
    for (count = 0; read((u32)fd, record, 4) == 4; count++) {
        EXPECT(63, memcmp(record, "abcd", 4) == 0);
    }
    EXPECT(64, count == 24 && close((u32)fd) == 0 && remove("shared") == 0);
    return 0;
}

/* Only one of several may create a file exclusively. */
static u32 test_exclusive(void) {
    u32 round, i, status, winners;

    for (round = 0; round < 3; round++) {
        winners = 0;
        for (i = 0; i < 4; i++) {
            if (fork() == 0) {
                exit(open("only", CREATE | OPEN_EXCLUSIVE) >= 0);
            }
        }
        while (wait(0, &status, 0) > 0) {
            winners += status;
        }
        EXPECT(50, winners == 1 && remove("only") == 0);
    }
    return 0;
}

int main(int argc, char **argv) {
    char place[] = "/fs_test0";
    u32 result = 0;
    s32 error;

    (void)argc, (void)argv;
    do { /* a run that was cut off may have left one behind */
        error = mkdir(place);
    } while (error == -E_EXIST && place[8]++ < '9');
    if (error == -E_NODEV) {
        return 99; /* no file system: nothing to test */
    }
    if (error < 0 || chdir(place) < 0) {
        return 98;
    }
    if ((result = test_contents()) == 0 && (result = test_names()) == 0 &&
        (result = test_appends()) == 0 && (result = test_sharing()) == 0) {
        result = test_exclusive();
    }
    if (result == 0 && (chdir("/") < 0 || remove(place) < 0)) {
        return 97;
    }
    return (int)result;
}
