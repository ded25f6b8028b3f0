/* 500 interrupts of the on-chip timer a lap, one every 2,000 cycles: interrupt delivery. */
#include "user.h"

const char bench_name[] = "cnt-timer";

#define PERIOD 2000
#define TICKS 500
static volatile u32 ticks;

void bench_setup(void) {}

u32 bench_lap(void)
{
    u32 spins = 0;
    ticks = 0;
    sys_timer(PERIOD, &ticks);
    while (ticks < TICKS)
        spins++;
    sys_timer(0, &ticks);
    return mix(HASH_START, ticks == TICKS && spins > TICKS);
}
