/* Product of two 72x72 integer matrices: multiply unit, strided loads. */
#include "bench.h"

const char bench_name[] = "matmul";

#define N 72
static u32 a[N][N], b[N][N], c[N][N];

void bench_setup(void)
{
    u32 seed = 12345;
    for (u32 i = 0; i < N; i++) {
        for (u32 j = 0; j < N; j++) {
            a[i][j] = next_random(&seed);
            b[i][j] = next_random(&seed);
        }
    }
}

u32 bench_lap(void)
{
    u32 hash = HASH_START;
    for (u32 i = 0; i < N; i++) {
        for (u32 j = 0; j < N; j++) {
            u32 sum = 0;
            for (u32 k = 0; k < N; k++)
                sum += a[i][k] * b[k][j];
            c[i][j] = sum;
        }
    }
    for (u32 i = 0; i < N; i++)
        hash = mix(hash, c[i][i] ^ c[i][N - 1 - i]);
    return hash;
}
