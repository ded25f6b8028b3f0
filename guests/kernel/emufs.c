/* emufs: files of the host, through a device that does one operation at a time. */
#include "kernel.h"

static u32 base;
static struct spinlock lock;
static bool busy;
static bool done;
static u32 result;

static void emufs_interrupt(u32 slot) {
    u32 irqs = spin_lock(&lock);

    result = read_register(slot, EMUFS_RESULT);
    write_register(slot, EMUFS_RESULT, 0); /* lowers the line */
    done = true;
    wake_up(&base);
    spin_unlock(&lock, irqs);
}

void emufs_init(void) {
    base = bus_find(DEV_EMUFS, 0);
    if (base != 0) {
        bus_on_interrupt(base, emufs_interrupt);
    }
}

bool emufs_present(void) {
    return base != 0;
}

const char *emufs_error(u32 code) {
    static const char *const names[] = {
        "no result", "ok", "bad handle", "bad operation", "no such file", "bad size",
        "file exists", "is a directory", "media error", "out of handles", "no space",
        "not a directory", "unknown error", "unsupported",
    };

    return code < COUNT_OF(names) ? names[code] : "unknown result";
}

/* Lock held on entry and exit: waits for its turn, runs the operation, sleeps till it is over. */
static void take_turn(void) {
    while (busy) {
        sleep_on(&base, &lock, 0);
    }
    busy = true;
}

static u32 operate(u32 operation) {
    done = false;
    write_register(base, EMUFS_OPERATION, operation);
    while (!done) {
        sleep_on(&base, &lock, 0);
    }
    return result;
}

static void end_turn(void) {
    busy = false;
    wake_up(&base);
}

u32 emufs_open(const char *path, u32 operation, u32 *handle, bool *directory) {
    u32 irqs = spin_lock(&lock);
    u32 code;

    take_turn();
    buffer_write(base, EMUFS_BUFFER, path, strlen(path));
    write_register(base, EMUFS_HANDLE, 0); /* relative to the root directory */
    write_register(base, EMUFS_LENGTH, strlen(path));
    code = operate(operation);
    *handle = read_register(base, EMUFS_HANDLE);
    *directory = read_register(base, EMUFS_LENGTH) != 0;
    end_turn();
    spin_unlock(&lock, irqs);
    return code;
}

u32 emufs_close(u32 handle) {
    u32 irqs = spin_lock(&lock);
    u32 code;

    take_turn();
    write_register(base, EMUFS_HANDLE, handle);
    code = operate(EMUFS_CLOSE);
    end_turn();
    spin_unlock(&lock, irqs);
    return code;
}

u32 emufs_transfer(u32 operation, u32 handle, u32 *offset, void *data, u32 *length) {
    u32 irqs = spin_lock(&lock);
    u32 code;

    take_turn();
    if (operation == EMUFS_WRITE) {
        buffer_write(base, EMUFS_BUFFER, data, *length);
    }
    write_register(base, EMUFS_HANDLE, handle);
    write_register(base, EMUFS_OFFSET, *offset);
    write_register(base, EMUFS_LENGTH, *length);
    code = operate(operation);
    if (code == EMUFS_OK) {
        *offset = read_register(base, EMUFS_OFFSET);
        *length = read_register(base, EMUFS_LENGTH);
        if (operation != EMUFS_WRITE) {
            buffer_read(data, base, EMUFS_BUFFER, *length);
        }
    }
    end_turn();
    spin_unlock(&lock, irqs);
    return code;
}

u32 emufs_size(u32 handle, u32 *size) {
    u32 irqs = spin_lock(&lock);
    u32 code;

    take_turn();
    write_register(base, EMUFS_HANDLE, handle);
    code = operate(EMUFS_SIZE);
    *size = read_register(base, EMUFS_LENGTH);
    end_turn();
    spin_unlock(&lock, irqs);
    return code;
}
