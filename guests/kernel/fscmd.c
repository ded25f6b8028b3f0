/* The operator's commands for the file system. */
#include "fs.h"

bool mkfs_command(int argc, char **argv) {
    s32 error = fs_format();

    (void)argc, (void)argv;
    if (error != 0) {
        kprintf("mkfs: %s\n", error_name(error));
        return false;
    }
    kprintf("mkfs: an empty file system of %u sectors, %s\n", super.sectors,
            volume_is_memory() ? "in memory" : "on disk 0");
    return true;
}

bool fsck_command(int argc, char **argv) {
    struct fs_report report;
    s32 error = fs_check(&report);

    (void)argc, (void)argv;
    if (error != 0) {
        kprintf("fsck: %s\n", report.problem[0] != 0 ? report.problem
                              : error == -E_NODEV ? "no file system there: see mkfs"
                                                  : error_name(error));
        return false;
    }
    kprintf("fsck: generation %u: %u files, %u directories, %u of %u sectors in use, all as written\n",
            super.generation, report.files, report.directories, report.sectors, super.sectors);
    return true;
}
