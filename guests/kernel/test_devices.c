/* Each device that is present does what its data sheet says, at least once. */
#include "test.h"

static void check_bus(void) {
    u32 cpu_region = bus_cpu_region(cpu_number());
    u32 mask = bus_cpu_mask();
    u32 i;

    check_begin("bus: controller registers, empty slots, CRAM");
    expect("memory in whole pages", bus_ram_size() % PAGE_SIZE, 0);
    expect("CPUs counted from 0", mask & (mask + 1), 0);
    if (board_is_new()) {
        expect("power register", read_register(bus_controller(), BUS_POWER), 0xffffffff);
        expect("self", read_register(bus_controller(), BUS_SELF), 1u << cpu_number());
        /* The first half of CRAM; the documents disagree about the rest. */
        for (i = 0; i < 128; i += 4) {
            write_register(cpu_region, CPU_CRAM_PC + i, 0x5a5a0000 + i);
        }
        for (i = 0; i < 128; i += 4) {
            expect("CRAM", read_register(cpu_region, CPU_CRAM_PC + i), 0x5a5a0000 + i);
        }
    }
    for (i = 0; i < CONTROLLER_SLOT; i++) {
        u32 base = BUS_BASE + i * SLOT_BYTES;
        u32 config = BUS_BASE + CONTROLLER_SLOT * SLOT_BYTES + i * CONFIG_BYTES;

        if (read_register(config, CONFIG_VENDOR) == 0) {
            attempt(op_lw, base, 0);
            expect_exception("load from an empty slot", EX_DBE, op_lw, false);
            attempt(op_sw, base + 0x8000, 0);
            expect_exception("store to an empty slot", EX_DBE, op_sw, false);
            break;
        }
    }
    check_end();
}

static void check_console(void) {
    u32 before;

    console_flush();
    before = console_sent_interrupts();
    kprintf("  ...\n");
    console_flush();
    check_begin("console: one interrupt for each character sent");
    expect("interrupts", console_sent_interrupts() - before, 6);
    check_end();
}

static void check_disks(void) {
    static u8 sector[SECTOR_BYTES];
    u32 unit;

    if (disk_count() == 0) {
        check_skip("disk", "none");
    }
    for (unit = 0; unit < disk_count(); unit++) {
        u32 sectors = disk_sectors(unit);

        check_begin("disk: write, read back, restore; a sector too far is refused");
        expect("first sector", disk_verify(unit, 0), 0);
        expect("last sector", disk_verify(unit, sectors - 1), 0);
        expect("too far", disk_transfer(unit, sectors, sector, false), DISK_BAD_SECTOR);
        check_end();
    }
}

static void check_emufs(void) {
    static char name[64];
    u32 handle = 0;
    u32 offset = 0;
    u32 length = sizeof name;
    bool directory;

    if (!emufs_present()) {
        check_skip("emufs", "none");
        return;
    }
    check_begin("emufs: lists its root, refuses what is wrong"); /* and changes no host file */
    expect("list", emufs_transfer(EMUFS_READDIR, 0, &offset, name, &length), EMUFS_OK);
    expect("open a missing file", emufs_open("no-such-file", EMUFS_OPEN, &handle, &directory),
           EMUFS_NO_FILE);
    expect("close a bad handle", emufs_close(63), EMUFS_BAD_HANDLE);
    length = 0;
    expect("a bad operation", emufs_transfer(77, 0, &offset, name, &length),
           EMUFS_BAD_OPERATION);
    check_end();
}

static void check_nic(void) {
    if (!nic_present()) {
        check_skip("nic", "none");
        return;
    }
    check_begin("nic: has an address, sends a frame");
    expect("address", nic_address() != 0, 1);
    expect("sent", nic_send(nic_address(), "selftest", 8), 1);
    check_end();
}

static void check_random(void) {
    u32 first;
    u32 different = 0;
    u32 i;

    if (!random_present()) {
        check_skip("random", "none");
        return;
    }
    check_begin("random: numbers differ");
    first = random_value();
    for (i = 0; i < 8; i++) {
        different += random_value() != first;
    }
    expect("different numbers", different > 0, 1);
    attempt(op_lw, bus_find(DEV_RANDOM, 0) + 4, 0);
    expect_exception("register that does not exist", EX_DBE, op_lw, false);
    check_end();
}

static void check_trace(void) {
    if (!trace_present()) {
        check_skip("trace", "none");
        return;
    }
    check_begin("trace: its registers are for writing only");
    attempt(op_lw, bus_find(DEV_TRACE, 0) + TRACE_STOP, 0);
    expect_exception("load", EX_DBE, op_lw, false);
    check_end();
}

void test_devices(void) {
    check_bus();
    check_console();
    check_disks();
    check_emufs();
    check_nic();
    check_random();
    check_trace();
}
