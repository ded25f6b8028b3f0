/* CRC-32 (IEEE 802.3) of 128 KB by table and of 4 KB bit by bit: dependent loads, short loops. */
#include "bench.h"

const char bench_name[] = "crc32";

#define POLYNOMIAL 0xedb88320u
#define N 131072
static u8 data[N];
static u32 table[256];

void bench_setup(void)
{
    u32 seed = 32;
    for (u32 i = 0; i < 256; i++) {
        u32 c = i;
        for (int bit = 0; bit < 8; bit++)
            c = c & 1 ? c >> 1 ^ POLYNOMIAL : c >> 1;
        table[i] = c;
    }
    for (u32 i = 0; i < N; i++)
        data[i] = (u8)next_random(&seed);
}

static NOINLINE u32 by_table(const u8 *p, u32 n)
{
    u32 c = ~0u;
    for (; n > 0; n--)
        c = c >> 8 ^ table[(c ^ *p++) & 0xff];
    return ~c;
}

static NOINLINE u32 by_bit(const u8 *p, u32 n)
{
    u32 c = ~0u;
    for (; n > 0; n--) {
        c ^= *p++;
        for (int bit = 0; bit < 8; bit++)
            c = c & 1 ? c >> 1 ^ POLYNOMIAL : c >> 1;
    }
    return ~c;
}

u32 bench_lap(void)
{
    if (by_bit(data, 4096) != by_table(data, 4096))
        return 0;
    return by_table(data, N);
}
