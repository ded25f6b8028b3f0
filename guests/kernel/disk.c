/* Disks: one sector at a time through the device's buffer; the caller sleeps meanwhile. */
#include "kernel.h"

#define MAX_DISKS 4

struct disk {
    u32 base;
    bool busy;
    bool done;
    u32 status;
};

static struct disk disks[MAX_DISKS];
static u32 count;
static struct spinlock lock;

static void disk_interrupt(u32 base) {
    u32 irqs = spin_lock(&lock);
    u32 i;

    for (i = 0; i < count; i++) {
        if (disks[i].base == base) {
            disks[i].status = read_register(base, DISK_STATUS);
            disks[i].done = true;
            write_register(base, DISK_STATUS, 0); /* lowers the line */
            wake_up(&disks[i]);
        }
    }
    spin_unlock(&lock, irqs);
}

void disk_init(void) {
    u32 base;

    while (count < MAX_DISKS && (base = bus_find(DEV_DISK, count)) != 0) {
        disks[count++].base = base;
        bus_on_interrupt(base, disk_interrupt);
    }
}

u32 disk_count(void) {
    return count;
}

u32 disk_sectors(u32 unit) {
    return read_register(disks[unit].base, DISK_SECTORS);
}

u32 disk_rpm(u32 unit) {
    return read_register(disks[unit].base, DISK_RPM);
}

u32 disk_transfer(u32 unit, u32 sector, void *data, bool write) {
    struct disk *disk = &disks[unit];
    u32 irqs = spin_lock(&lock);
    u32 status;

    while (disk->busy) {
        sleep_on(disk, &lock, 0);
    }
    disk->busy = true;
    disk->done = false;
    if (write) {
        buffer_write(disk->base, DISK_BUFFER, data, SECTOR_BYTES);
    }
    write_register(disk->base, DISK_SECTOR, sector);
    write_register(disk->base, DISK_STATUS, write ? DISK_WRITE : DISK_READ);
    while (!disk->done) {
        sleep_on(disk, &lock, 0);
    }
    status = disk->status & (DISK_BAD_SECTOR | DISK_MEDIA_ERROR);
    if (!write && status == 0) {
        buffer_read(data, disk->base, DISK_BUFFER, SECTOR_BYTES);
    }
    disk->busy = false;
    wake_up(disk);
    spin_unlock(&lock, irqs);
    return status;
}

u32 disk_verify(u32 unit, u32 sector) {
    static u8 saved[SECTOR_BYTES], written[SECTOR_BYTES], back[SECTOR_BYTES];
    u32 error, i;

    for (i = 0; i < SECTOR_BYTES; i++) {
        written[i] = (u8)(i * 7 + sector);
        back[i] = 0;
    }
    if ((error = disk_transfer(unit, sector, saved, false)) != 0 ||
        (error = disk_transfer(unit, sector, written, true)) != 0 ||
        (error = disk_transfer(unit, sector, back, false)) != 0 ||
        (error = disk_transfer(unit, sector, saved, true)) != 0) {
        return error;
    }
    return memcmp(written, back, SECTOR_BYTES) != 0;
}
