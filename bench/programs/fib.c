/* Doubly recursive Fibonacci numbers: calls, returns, stack traffic. */
#include "bench.h"

const char bench_name[] = "fib";

static NOINLINE u32 fib(u32 n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

void bench_setup(void) {}

u32 bench_lap(void)
{
    u32 hash = HASH_START;
    for (u32 n = 10; n <= 24; n++)
        hash = mix(hash, fib(n));
    return hash;
}
