/*
 * What a benchmark program offers, what it may use, and what a board offers.
 *
 * A program is one file in programs/ (or counts/).  It is compiled unchanged for every board, so it
 * uses 32-bit unsigned arithmetic only and never lets a pointer or the byte order reach its hash.
 * Every lap starts from the same state and gives the same hash; run.c checks that.
 */
#ifndef BENCH_H
#define BENCH_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef int s32;

#define NOINLINE __attribute__((noinline))
#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* The program. */
extern const char bench_name[];
void bench_setup(void);
u32 bench_lap(void);

/*
 * run.c: runs the laps (0: the numbers stored in the image), writes a mark after every `every` of them
 * (0: no marks), and prints the result line.
 */
int bench_run(u32 laps, u32 every);
/* parse.c: takes the next decimal number off a boot argument, 0 if there is none or no string. */
u32 bench_parse(const char **text);

/* The board. */
void put_char(int c);

/* FNV-1a over the four bytes of a word, lowest first. */
static inline u32 mix(u32 hash, u32 word)
{
    for (int i = 0; i < 4; i++) {
        hash = (hash ^ (word & 0xff)) * 16777619u;
        word >>= 8;
    }
    return hash;
}
#define HASH_START 2166136261u

/* Marsaglia's xorshift32; the state must not be 0. */
static inline u32 next_random(u32 *state)
{
    u32 x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    *state = x;
    return x;
}

#endif
