/* Reads the number of laps out of a boot argument. */
#include "bench.h"

u32 bench_parse(const char *text)
{
    u32 value = 0;
    if (text == 0)
        return 0;
    while (*text && (*text < '0' || *text > '9'))
        text++;
    for (; *text >= '0' && *text <= '9'; text++)
        value = value * 10 + (u32)(*text - '0');
    return value;
}
