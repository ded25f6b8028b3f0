/* The host, with its C library: the reference for hashes and for "how fast could it be". */
#include <stdio.h>
#include "bench.h"

void put_char(int c)
{
    putchar(c);
}

int main(int argc, char **argv)
{
    const char *text = argc > 1 ? argv[1] : 0;
    u32 laps = bench_parse(&text);
    setvbuf(stdout, 0, _IONBF, 0); /* marks are looked at when they come */
    return bench_run(laps, bench_parse(&text));
}
