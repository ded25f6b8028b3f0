/* Reads the numbers of laps out of a boot argument. */
#include "bench.h"

u32 bench_parse(const char **text)
{
    u32 value = 0;
    const char *at = *text;
    if (at == 0)
        return 0;
    while (*at && (*at < '0' || *at > '9'))
        at++;
    for (; *at >= '0' && *at <= '9'; at++)
        value = value * 10 + (u32)(*at - '0');
    *text = at;
    return value;
}
