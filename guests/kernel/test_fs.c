/* The file system, if there is one: files and names, then a check of everything on it. */
#include "fs.h"
#include "test.h"

#define NO_FILE_SYSTEM 99 /* fs_test's exit status for that */

static void check_file_system(const char *name) {
    struct fs_report report;

    check_begin(name);
    expect(report.problem, (u32)fs_check(&report), 0);
    check_end();
}

static void check_undoing(void) {
    static u8 data[8 * SECTOR_BYTES];
    struct stat before, after;
    struct fs_report full, empty;
    u32 inode, offset;
    s32 result = 0;

    check_begin("file system: a call that fails for lack of space changes nothing");
    fs_check(&empty);
    expect("open", (u32)fs_open("/fills.it", OPEN_CREATE | OPEN_EXCLUSIVE, &inode), 0);
    for (offset = 0; result >= 0; ) {
        result = fs_write(inode, &offset, false, data, sizeof data);
    }
    expect("error", (u32)-result, E_NOSPC);
    expect("stat", (u32)fs_stat("/fills.it", &before), 0);
    expect("size", before.size, offset);
    expect("too much again", (u32)-fs_write(inode, &offset, true, data, sizeof data), E_NOSPC);
    fs_stat("/fills.it", &after);
    expect("size", after.size, before.size);
    expect("check", (u32)fs_check(&full), 0);
    /* Taking it away needs a few sectors too, which nobody has kept free: cut it first. */
    expect("truncate", (u32)fs_open("/fills.it", OPEN_TRUNCATE, &inode), 0);
    expect("remove", (u32)fs_remove("/fills.it"), 0);
    expect("check", (u32)fs_check(&full), 0);
    expect("files", full.files, empty.files);
    check_end();
}

void test_fs(void) {
    u32 status = process_run("fs_test");

    if (status == NO_FILE_SYSTEM) {
        check_skip("file system", "there is none on disk 0: see mkfs");
        return;
    }
    check_begin("file system: contents, names, appending, exclusive creation");
    expect("exit status", status, 0);
    check_end();
    if (disk_count() == 0) {
        check_undoing();
    }
    check_file_system("file system: every sector and every name is where it should be");
}
