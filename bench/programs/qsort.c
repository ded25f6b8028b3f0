/* Quicksort (median of three, insertion sort below 12) of 16384 random words: unpredictable branches. */
#include "bench.h"

const char bench_name[] = "qsort";

#define N 16384
static u32 v[N];

static void insertion_sort(u32 *lo, u32 *hi)
{
    for (u32 *p = lo + 1; p <= hi; p++) {
        u32 x = *p;
        u32 *q = p;
        while (q > lo && q[-1] > x) {
            *q = q[-1];
            q--;
        }
        *q = x;
    }
}

static u32 median(u32 x, u32 y, u32 z)
{
    if (x < y)
        return y < z ? y : x < z ? z : x;
    return x < z ? x : y < z ? z : y;
}

static NOINLINE void sort(u32 *lo, u32 *hi)
{
    while (hi - lo >= 12) {
        u32 pivot = median(*lo, lo[(hi - lo) / 2], *hi);
        u32 *i = lo, *j = hi;
        while (i <= j) {
            while (*i < pivot)
                i++;
            while (*j > pivot)
                j--;
            if (i <= j) {
                u32 t = *i;
                *i++ = *j;
                *j-- = t;
            }
        }
        /* Recurse into the shorter part so that the stack stays shallow. */
        if (j - lo < hi - i) {
            sort(lo, j);
            lo = i;
        } else {
            sort(i, hi);
            hi = j;
        }
    }
    if (hi > lo)
        insertion_sort(lo, hi);
}

void bench_setup(void) {}

u32 bench_lap(void)
{
    u32 seed = 2463534242u, hash = HASH_START;
    for (u32 i = 0; i < N; i++)
        v[i] = next_random(&seed);
    sort(v, v + N - 1);
    for (u32 i = 1; i < N; i++) {
        if (v[i - 1] > v[i])
            return 0;
    }
    for (u32 i = 0; i < N; i += 64)
        hash = mix(hash, v[i]);
    return hash;
}
