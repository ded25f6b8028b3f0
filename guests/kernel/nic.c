/*
 * The network card: one frame out, one frame in. Every frame starts with the link's own
 * 8 bytes: magic, sender, total length, receiver, 16 bits each.
 */
#include "kernel.h"

#define HEADER_BYTES 8

static u32 base;
static struct spinlock lock;
static bool sending;
static u8 arrived[NIC_FRAME_BYTES] __attribute__((aligned(4)));
static u8 frame[NIC_FRAME_BYTES]; /* the last one received, until somebody takes it */
static u32 frame_bytes;           /* 0: none */

static void nic_interrupt(u32 slot) {
    u32 irqs = spin_lock(&lock);

    if (read_register(slot, NIC_TRANSMIT_IRQ)) {
        write_register(slot, NIC_TRANSMIT_IRQ, 0);
        sending = false;
        wake_up(&sending);
    }
    if (read_register(slot, NIC_RECEIVE_IRQ)) {
        u32 bytes = read_register(slot, NIC_RECEIVE_BUFFER + 4) >> 16;

        if (bytes >= HEADER_BYTES && bytes <= sizeof arrived) {
            buffer_read(arrived, slot, NIC_RECEIVE_BUFFER, bytes);
            if (!net_take((u32)arrived[2] << 8 | arrived[3], arrived + HEADER_BYTES,
                          bytes - HEADER_BYTES) && frame_bytes == 0) {
                memcpy(frame, arrived, bytes);
                frame_bytes = bytes;
                wake_up(&frame_bytes);
            }
        }
        write_register(slot, NIC_RECEIVE_IRQ, 0); /* the card may take the next frame */
    }
    spin_unlock(&lock, irqs);
}

void nic_init(void) {
    base = bus_find(DEV_NIC, 0);
    if (base != 0) {
        bus_on_interrupt(base, nic_interrupt);
    }
}

bool nic_present(void) {
    return base != 0;
}

u32 nic_address(void) {
    return read_register(base, NIC_STATUS) & 0xffff;
}

bool nic_send(u32 to, const void *data, u32 length) {
    u32 irqs;

    if (length > NIC_FRAME_BYTES - HEADER_BYTES) {
        return false;
    }
    irqs = spin_lock(&lock);
    while (sending) {
        sleep_on(&sending, &lock, 0);
    }
    sending = true;
    write_register(base, NIC_TRANSMIT_BUFFER, NIC_MAGIC << 16 | nic_address());
    write_register(base, NIC_TRANSMIT_BUFFER + 4, (HEADER_BYTES + length) << 16 | to);
    buffer_write(base, NIC_TRANSMIT_BUFFER + HEADER_BYTES, data, length);
    write_register(base, NIC_CONTROL, NIC_START);
    while (sending) {
        sleep_on(&sending, &lock, 0);
    }
    spin_unlock(&lock, irqs);
    return true;
}

s32 nic_receive(void *data, u32 size, u32 *from, u32 milliseconds) {
    u32 irqs = spin_lock(&lock);
    u32 length;

    while (frame_bytes == 0) {
        if (!sleep_on(&frame_bytes, &lock, milliseconds)) {
            spin_unlock(&lock, irqs);
            return -1;
        }
    }
    length = frame_bytes - HEADER_BYTES;
    if (length > size) {
        length = size;
    }
    *from = frame[2] << 8 | frame[3];
    memcpy(data, frame + HEADER_BYTES, length);
    frame_bytes = 0;
    spin_unlock(&lock, irqs);
    return (s32)length;
}
