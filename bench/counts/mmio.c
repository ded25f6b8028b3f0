/* 20,000 times a lap the kernel writes a device register and reads it back. */
#include "user.h"

const char bench_name[] = "cnt-mmio";

void bench_setup(void) {}

u32 bench_lap(void)
{
    return mix(HASH_START, sys_poll(20000));
}
