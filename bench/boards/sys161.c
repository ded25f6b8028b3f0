/* Console, power-off and CPUs of the System/161 board. */
#include "sys161.h"

/* The console may be in any slot: look for it. Returns 0 if there is none. */
static u32 find_serial(void)
{
    for (u32 slot = 0; slot < 31; slot++) {
        if (REGISTER(SLOT_CONFIG(slot) + CONFIG_VENDOR) == VENDOR_SYS161
                && REGISTER(SLOT_CONFIG(slot) + CONFIG_DEVICE) == DEVICE_SERIAL)
            return SLOT(slot);
    }
    return 0;
}

static u32 serial;
static int writing;

static void wait_for_serial(void)
{
    while (writing && (REGISTER(serial + SERIAL_WRITE_IRQ) & SERIAL_READY) == 0)
        ;
    writing = 0;
}

/* Waits before a character, not after it: a single mark costs no waiting. */
void put_char(int c)
{
    if (serial == 0)
        serial = find_serial();
    if (serial == 0)
        return;
    wait_for_serial();
    REGISTER(serial + SERIAL_WRITE_IRQ) = 0;
    REGISTER(serial + SERIAL_DATA) = (u32)c;
    writing = 1;
}

void power_off(void)
{
    wait_for_serial();
    REGISTER(POWER) = 0; /* takes 5 ms */
    for (;;)
        __asm__ volatile(".word 0x42000020"); /* wait */
}

/* The serial card's receive register: interrupts off in both its values. */
u32 poll_device(u32 times)
{
    u32 device = find_serial() + SERIAL_READ_IRQ;
    u32 sum = 0;
    for (u32 i = 0; i < times; i++) {
        REGISTER(device) = i & SERIAL_READY;
        sum += REGISTER(device);
    }
    return sum;
}

u32 start_processors(u32 pc)
{
    u32 present = REGISTER(CPUS_PRESENT);
    u32 count = 0;
    for (; count < 32 && (present >> count & 1) != 0; count++) {
        if (count != 0) {
            volatile u32 *start = (volatile u32 *)CPU_START(count);
            start[0] = pc;
            start[1] = count;
        }
    }
    REGISTER(CPUS_ENABLED) = present;
    return count;
}
