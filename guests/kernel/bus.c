/* LAMEbus: what is in which slot, and whose interrupt it is. */
#include "kernel.h"

struct slot {
    u32 device;
    u32 revision;
    void (*handler)(u32 base);
};

static struct slot slots[SLOTS];
static u32 handled; /* slots that have a handler, as a mask */
static u32 last_handled;

static u32 slot_base(u32 slot) {
    return BUS_BASE + slot * SLOT_BYTES;
}

/* A slot's configuration region, in the lower half of slot 31. */
static u32 config_base(u32 slot) {
    return slot_base(CONTROLLER_SLOT) + slot * CONFIG_BYTES;
}

u32 bus_controller(void) {
    return config_base(CONTROLLER_SLOT);
}

void bus_init(void) {
    u32 i;

    for (i = 0; i < SLOTS; i++) {
        u32 config = config_base(i);

        if (read_register(config, CONFIG_VENDOR) != 0) {
            slots[i].device = read_register(config, CONFIG_DEVICE);
            slots[i].revision = read_register(config, CONFIG_REVISION);
        }
    }
}

u32 bus_find(enum device_id id, u32 nth) {
    u32 i;

    for (i = 0; i < SLOTS; i++) {
        if (slots[i].device == id && nth-- == 0) {
            return slot_base(i);
        }
    }
    return 0;
}

void bus_on_interrupt(u32 base, void (*handler)(u32 base)) {
    u32 slot = (base - BUS_BASE) / SLOT_BYTES;

    slots[slot].handler = handler;
    handled |= 1u << slot;
    if (slot > last_handled) {
        last_handled = slot;
    }
}

void bus_interrupt(void) {
    u32 raised = read_register(bus_controller(), BUS_IRQS);
    u32 i;

    for (i = 0; i <= last_handled; i++) {
        if (raised & handled & (1u << i)) {
            slots[i].handler(slot_base(i));
        }
    }
    if (raised & ~handled) {
        /* Nobody knows how to lower such a line: mask it, or it would ring for ever. */
        u32 enabled = read_register(bus_controller(), BUS_IRQ_ENABLE);
        write_register(bus_controller(), BUS_IRQ_ENABLE, enabled & (handled | ~raised));
    }
}

static const char *device_name(u32 device) {
    static const char *const names[] = {
        "empty", "bus controller (uniprocessor)", "timer", "disk", "serial console",
        "text screen", "network card", "emufs", "trace control", "random generator",
        "bus controller",
    };

    return device < COUNT_OF(names) ? names[device] : "unknown device";
}

void bus_list(void) {
    u32 i;

    for (i = 0; i < SLOTS; i++) {
        if (slots[i].device != DEV_NONE) {
            kprintf("slot %2u: %s, revision %u\n", i, device_name(slots[i].device),
                    slots[i].revision);
        }
    }
}

bool board_is_new(void) {
    return slots[CONTROLLER_SLOT].device == DEV_BOARD;
}

u32 bus_ram_size(void) {
    return read_register(bus_controller(), BUS_RAM_SIZE);
}

u32 bus_cpu_mask(void) {
    return board_is_new() ? read_register(bus_controller(), BUS_CPUS) : 1;
}

void bus_cpu_enable(u32 mask) {
    if (board_is_new()) {
        write_register(bus_controller(), BUS_CPU_ENABLE, mask);
    }
}

u32 bus_cpu_region(u32 cpu) {
    return slot_base(CONTROLLER_SLOT) + CPU_REGION + cpu * CPU_REGION_BYTES;
}

void bus_accept_interrupts(u32 accepted) {
    if (board_is_new()) {
        write_register(bus_cpu_region(cpu_number()), CPU_IRQ_ENABLE, accepted);
    }
}

void buffer_read(void *to, u32 base, u32 offset, u32 length) {
    u8 *out = to;
    u32 word = 0;
    u32 i;

    for (i = 0; i < length; i++) {
        if (i % 4 == 0) {
            word = read_register(base, offset + i);
        }
        *out++ = (u8)(word >> 24); /* big-endian: the first byte is on top */
        word <<= 8;
    }
}

void buffer_write(u32 base, u32 offset, const void *from, u32 length) {
    const u8 *in = from;
    u32 i;

    for (i = 0; i < length; i += 4) {
        u32 word = 0;
        u32 j;

        for (j = 0; j < 4; j++) {
            word = word << 8 | (i + j < length ? in[i + j] : 0);
        }
        write_register(base, offset + i, word);
    }
}
