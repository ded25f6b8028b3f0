/* The host, with its C library: the reference for hashes and for "how fast could it be". */
#include <stdio.h>
#include "bench.h"

void put_char(int c)
{
    putchar(c);
}

int main(int argc, char **argv)
{
    return bench_run(argc > 1 ? bench_parse(argv[1]) : 0);
}
