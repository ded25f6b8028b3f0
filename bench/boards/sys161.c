/* Console and power-off of the System/161 board. */
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

void put_char(int c)
{
    static u32 serial;
    if (serial == 0)
        serial = find_serial();
    if (serial == 0)
        return;
    REGISTER(serial + SERIAL_WRITE_IRQ) = 0;
    REGISTER(serial + SERIAL_DATA) = (u32)c;
    while ((REGISTER(serial + SERIAL_WRITE_IRQ) & SERIAL_READY) == 0)
        ;
}

void power_off(void)
{
    REGISTER(POWER) = 0; /* takes 5 ms */
    for (;;)
        __asm__ volatile(".word 0x42000020"); /* wait */
}
