/* 20,000 empty system calls a lap, each with a full register save: exception entry and exit. */
#include "user.h"

const char bench_name[] = "cnt-syscall";

void bench_setup(void) {}

u32 bench_lap(void)
{
    u32 value = 0;
    for (u32 i = 0; i < 20000; i++)
        value = sys_null(value);
    return mix(HASH_START, value);
}
