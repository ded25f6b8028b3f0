/* Sieve of Eratosthenes over the odd numbers below 2^17: byte stores at growing strides. */
#include "bench.h"

const char bench_name[] = "sieve";

#define N 65536u
static u8 composite[N]; /* entry i stands for 2i + 1 */

void bench_setup(void) {}

u32 bench_lap(void)
{
    u32 hash = HASH_START, primes = 0;
    for (u32 i = 0; i < N; i++)
        composite[i] = 0;
    for (u32 i = 1; 2 * i * (i + 1) < N; i++) {
        if (!composite[i]) {
            for (u32 j = 2 * i * (i + 1); j < N; j += 2 * i + 1)
                composite[j] = 1;
        }
    }
    for (u32 i = 1; i < N; i++) {
        if (!composite[i]) {
            primes++;
            if ((primes & 255) == 0)
                hash = mix(hash, 2 * i + 1);
        }
    }
    return mix(hash, primes);
}
