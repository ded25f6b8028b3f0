/* Sweeps of one word in each of 192 pages, against 64 TLB entries: UTLB refills. */
#include "bench.h"

const char bench_name[] = "cnt-tlb";

#define PAGES 192
static u32 page[PAGES][1024];

void bench_setup(void) {}

u32 bench_lap(void)
{
    u32 hash = HASH_START;
    for (u32 i = 0; i < PAGES; i++)
        page[i][i] = i;
    for (u32 round = 0; round < 200; round++) {
        u32 sum = 0;
        for (u32 i = 0; i < PAGES; i++) {
            u32 *word = &page[i][i];
            *word = *word * 5 + round;
            sum ^= *word;
        }
        hash = mix(hash, sum);
    }
    return hash;
}
