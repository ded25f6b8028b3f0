/* GXemul's test machine: console at 0x10000000 (write a character; offset 0x10 halts). */
#include "bench.h"

#define CONSOLE (*(volatile u8 *)0xb0000000u)
#define HALT (*(volatile u8 *)0xb0000010u)

void put_char(int c)
{
    CONSOLE = (u8)c;
}

void testmips_main(void)
{
    bench_run(0);
    for (;;)
        HALT = 0;
}
