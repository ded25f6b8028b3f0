/*
 * The malta board: 16550 UART at I/O port 0x3f8 (PCI I/O space is at 0x18000000 physical), and the
 * soft reset register of the board's FPGA (0x1f000500), which ends QEMU run with -no-reboot.
 */
#include "bench.h"

#define PORT(n) (*(volatile u8 *)(0xb8000000u + (n)))
#define UART_DATA PORT(0x3f8)
#define UART_LINE_STATUS PORT(0x3fd)
#define TRANSMITTER_EMPTY 0x20
#define SOFT_RESET (*(volatile u32 *)0xbf000500u)
#define RESET_CODE 0x42u

void put_char(int c)
{
    while ((UART_LINE_STATUS & TRANSMITTER_EMPTY) == 0)
        ;
    UART_DATA = (u8)c;
}

void malta_main(int argc, const char **argv)
{
    bench_run(argc > 1 ? bench_parse(argv[1]) : 0);
    for (;;)
        SOFT_RESET = RESET_CODE;
}
