/*
 * The malta board: 16550 UART at I/O port 0x3f8 (PCI I/O space is at 0x18000000 physical), and the
 * soft reset register of the board's FPGA (0x1f000500), which ends QEMU run with -no-reboot.
 */
#include "board.h"

#define PORT(n) (*(volatile u8 *)(0xb8000000u + (n)))
#define UART_DATA PORT(0x3f8)
#define UART_LINE_STATUS PORT(0x3fd)
#define UART_SCRATCH PORT(0x3ff)
#define TRANSMITTER_EMPTY 0x20
#define SOFT_RESET REGISTER(0xbf000500u)
#define RESET_CODE 0x42u

void put_char(int c)
{
    while ((UART_LINE_STATUS & TRANSMITTER_EMPTY) == 0)
        ;
    UART_DATA = (u8)c;
}

void power_off(void)
{
    for (;;)
        SOFT_RESET = RESET_CODE;
}

u32 poll_device(u32 times)
{
    u32 sum = 0;
    for (u32 i = 0; i < times; i++) {
        UART_SCRATCH = (u8)(i & 2); /* the values of boards/sys161.c */
        sum += UART_SCRATCH;
    }
    return sum;
}

u32 start_processors(u32 pc)
{
    (void)pc;
    return 1;
}
