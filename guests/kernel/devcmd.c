/* One command for each device. */
#include "kernel.h"

/* Joins the remaining words again. */
static u32 join(char *text, u32 size, int argc, char **argv) {
    u32 length = 0;
    int i;

    text[0] = 0;
    for (i = 0; i < argc; i++) {
        strcopy(text + length, argv[i], size - length);
        length += strlen(text + length);
        if (i + 1 < argc && length < size - 1) {
            text[length++] = ' ';
            text[length] = 0;
        }
    }
    return length;
}

static bool missing(const char *device) {
    kprintf("%s: this machine has none\n", device);
    return false;
}

bool rtc_command(int argc, char **argv) {
    u32 seconds, nanoseconds;
    u32 now;

    (void)argc, (void)argv;
    if (!clock_present()) {
        return missing("timer");
    }
    clock_wall(&seconds, &nanoseconds);
    now = clock_us();
    kprintf("%u.%09u s since 1970, %u us since boot\n", seconds, nanoseconds, now);
    return true;
}

bool beep_command(int argc, char **argv) {
    (void)argc, (void)argv;
    if (!clock_present()) {
        return missing("timer");
    }
    beep();
    return true;
}

bool rand_command(int argc, char **argv) {
    u32 count = 1;

    if (!random_present()) {
        return missing("random");
    }
    if (argc > 1 && !parse_number(argv[1], &count)) {
        kprintf("rand: how many?\n");
        return false;
    }
    for (; count > 0; count--) {
        kprintf("0x%08x\n", random_value());
    }
    return true;
}

static bool disk_report(const char *what, u32 sector, u32 status) {
    if (status != 0) {
        kprintf("disk: cannot %s sector %u: %s\n", what, sector,
                status & DISK_BAD_SECTOR ? "no such sector" : "media error");
    }
    return status == 0;
}

static void dump(const u8 *data, u32 length) {
    u32 i;

    for (i = 0; i < length; i++) {
        kprintf("%02x%s", data[i], i % 16 == 15 ? "\n" : " ");
    }
}

static bool disk_check(u32 unit, u32 sector) {
    u32 result = disk_verify(unit, sector);

    if (result > 1) {
        return disk_report("check", sector, result);
    }
    kprintf("disk %u: sector %u: %s, old contents put back\n", unit, sector,
            result == 0 ? "read back as written" : "DIFFERS from what was written");
    return result == 0;
}

bool disk_command(int argc, char **argv) {
    static u8 data[SECTOR_BYTES];
    u32 unit = 0;
    u32 sector;

    if (disk_count() == 0) {
        return missing("disk");
    }
    if (argc > 1 && (!parse_number(argv[1], &unit) || unit >= disk_count())) {
        kprintf("disk: units 0 to %u\n", disk_count() - 1);
        return false;
    }
    if (argc < 3) {
        kprintf("disk %u: %u sectors, %u rpm\n", unit, disk_sectors(unit), disk_rpm(unit));
        return argc < 2 || disk_check(unit, disk_sectors(unit) - 1);
    }
    if (argc < 4 || !parse_number(argv[3], &sector)) {
        kprintf("disk: UNIT read|write|check SECTOR [TEXT]\n");
        return false;
    }
    if (strcmp(argv[2], "check") == 0) {
        return disk_check(unit, sector);
    }
    if (strcmp(argv[2], "read") == 0) {
        if (!disk_report("read", sector, disk_transfer(unit, sector, data, false))) {
            return false;
        }
        dump(data, 64);
        return true;
    }
    if (strcmp(argv[2], "write") == 0) {
        memset(data, 0, sizeof data);
        join((char *)data, sizeof data, argc - 4, argv + 4);
        return disk_report("write", sector, disk_transfer(unit, sector, data, true));
    }
    kprintf("disk: read, write or check?\n");
    return false;
}

static bool emufs_report(const char *what, u32 code) {
    if (code != EMUFS_OK) {
        kprintf("emufs: %s: %s\n", what, emufs_error(code));
    }
    return code == EMUFS_OK;
}

static bool emufs_list(u32 handle) {
    static char name[256];
    u32 offset = 0;

    for (;;) {
        u32 length = sizeof name - 1;

        if (!emufs_report("list", emufs_transfer(EMUFS_READDIR, handle, &offset, name, &length))) {
            return false;
        }
        if (length == 0) {
            return true;
        }
        name[length] = 0;
        kprintf("%s\n", name);
    }
}

static bool emufs_print(u32 handle) {
    static char text[512];
    u32 offset = 0;

    for (;;) {
        u32 length = sizeof text;

        if (!emufs_report("read", emufs_transfer(EMUFS_READ, handle, &offset, text, &length))) {
            return false;
        }
        if (length == 0) {
            return true;
        }
        console_write(text, length);
    }
}

static bool emufs_store(u32 handle, int argc, char **argv) {
    static char text[256];
    u32 length = join(text, sizeof text - 1, argc, argv);
    u32 offset = 0;
    u32 nothing = 0;

    text[length++] = '\n';
    return emufs_report("truncate",
                        emufs_transfer(EMUFS_TRUNCATE, handle, &offset, text, &nothing)) &&
           emufs_report("write", emufs_transfer(EMUFS_WRITE, handle, &offset, text, &length));
}

bool emufs_command(int argc, char **argv) {
    bool ls = argc > 1 && strcmp(argv[1], "ls") == 0;
    bool cat = argc > 2 && strcmp(argv[1], "cat") == 0;
    bool write = argc > 3 && strcmp(argv[1], "write") == 0;
    u32 handle = 0;
    bool directory;
    bool ok;

    if (!emufs_present()) {
        return missing("emufs");
    }
    if (!ls && !cat && !write) {
        kprintf("emufs: ls [DIRECTORY] | cat FILE | write FILE TEXT...\n");
        return false;
    }
    if (argc > 2) { /* otherwise handle 0, the root */
        u32 operation = write ? EMUFS_CREATE : EMUFS_OPEN;

        if (!emufs_report(argv[2], emufs_open(argv[2], operation, &handle, &directory))) {
            return false;
        }
    }
    ok = ls ? emufs_list(handle) : cat ? emufs_print(handle)
                                       : emufs_store(handle, argc - 3, argv + 3);
    return argc > 2 ? emufs_report("close", emufs_close(handle)) && ok : ok;
}

static char packet[NIC_FRAME_BYTES];

static bool nic_print(u32 milliseconds) {
    u32 from;
    s32 length = nic_receive(packet, sizeof packet, &from, milliseconds);

    if (length < 0) {
        kprintf("nic: nothing came\n");
        return false;
    }
    kprintf("nic: %d bytes from %u: ", length, from);
    console_write(packet, (u32)length);
    kprintf("\n");
    return true;
}

/* Sends back one frame to whoever sent it. */
static bool nic_echo(void) {
    u32 from;
    s32 length = nic_receive(packet, sizeof packet, &from, 0);

    kprintf("nic: %d bytes from %u, sent back\n", length, from);
    return nic_send(from, packet, (u32)length);
}

bool nic_command(int argc, char **argv) {
    u32 value = 1000;

    if (!nic_present()) {
        return missing("nic");
    }
    if (argc < 2) {
        kprintf("nic: address %u\n", nic_address());
        return true;
    }
    if (strcmp(argv[1], "send") == 0 && argc > 3 && parse_number(argv[2], &value)) {
        return nic_send(value, packet, join(packet, sizeof packet - 8, argc - 3, argv + 3));
    }
    if (strcmp(argv[1], "recv") == 0 && (argc < 3 || parse_number(argv[2], &value))) {
        return nic_print(value);
    }
    if (strcmp(argv[1], "echo") == 0) {
        return nic_echo();
    }
    kprintf("nic: send ADDRESS TEXT... | recv [MILLISECONDS] | echo\n");
    return false;
}

bool trace_command(int argc, char **argv) {
    u32 code;

    if (!trace_present()) {
        return missing("trace");
    }
    if (argc > 1 && strcmp(argv[1], "dump") == 0) {
        trace_dump();
    } else if (argc > 1 && strcmp(argv[1], "stop") == 0) {
        trace_stop();
    } else if (argc > 1 && parse_number(argv[1], &code)) {
        trace_code(code);
    } else {
        kprintf("trace: CODE | dump | stop\n");
        return false;
    }
    return true;
}
