/* GXemul's test machine: console at 0x10000000 (write a character; offset 0x10 halts). */
#include "board.h"

#define CONSOLE (*(volatile u8 *)0xb0000000u)
#define HALT (*(volatile u8 *)0xb0000010u)

void put_char(int c)
{
    CONSOLE = (u8)c;
}

void power_off(void)
{
    for (;;)
        HALT = 0;
}

/* There is no register here that can be written without consequences. */
u32 poll_device(u32 times)
{
    (void)times;
    return 0;
}

u32 start_processors(u32 pc)
{
    (void)pc;
    return 1;
}
