/* Two processes take turns: 10,000 switches of address space a lap, each a system call in the other. */
#include "user.h"

const char bench_name[] = "cnt-switch";

#define ROUNDS 5000
static volatile u32 count; /* at the same address in both */

void bench_setup(void) {}

u32 bench_lap(void)
{
    count = 0;
    if (sys_fork(PROGRAM_PAGES) == 0) {
        for (u32 i = 0; i < ROUNDS; i++) {
            count += 3;
            sys_yield();
        }
        sys_exit(count);
    }
    for (u32 i = 0; i < ROUNDS; i++) {
        count += 1;
        sys_yield();
    }
    return mix(mix(HASH_START, count), sys_yield());
}
