/*
 * 40 processes a lap: each a copy of this one, page by page, with the TLB flushed; it writes to 32 pages
 * and ends.
 */
#include "user.h"

const char bench_name[] = "cnt-process";

#define PROCESSES 40
#define PAGES 32
static u32 page[PAGES][1024];

void bench_setup(void) {}

static u32 write_all(u32 value)
{
    u32 sum = 0;
    for (u32 i = 0; i < PAGES; i++) {
        page[i][i * 7] = page[i][i * 7] * 5 + value;
        sum ^= page[i][i * 7];
    }
    return sum;
}

u32 bench_lap(void)
{
    u32 hash = HASH_START;
    for (u32 i = 0; i < PAGES; i++)
        page[i][i * 7] = i;
    for (u32 i = 0; i < PROCESSES; i++) {
        if (sys_fork(PROGRAM_PAGES) == 0)
            sys_exit(write_all(i));
        hash = mix(hash, sys_yield());
    }
    return mix(hash, write_all(0)); /* nothing of theirs may have come here */
}
