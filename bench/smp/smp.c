/*
 * All CPUs busy at once, each with memory of its own and no device: a sort, a checksum, a chase and calls.
 * The first CPU's laps are counted; the others keep within a lap of it, so that a lap is the work of all.
 */
#include "bench.h"

const char bench_name[] = "smp";

#define MAX_CPUS 32
#define WORDS 768
#define STACK_SIZE 4096

struct area {
    volatile u32 laps;
    volatile u32 wrong;
    u32 word[WORDS];
    u32 table[254];
};

static struct area areas[MAX_CPUS];
static u8 stacks[MAX_CPUS][STACK_SIZE] __attribute__((aligned(8)));
static u32 cpus;
static volatile u32 expected;

/* The board: starts all other CPUs at `entry`; returns how many there are. */
u32 start_cpus(void (*entry)(u32 cpu), u8 *first_stack, u32 stack_size);

static NOINLINE void fill(struct area *a)
{
    u32 state = 12345;
    for (u32 i = 0; i < COUNT_OF(a->table); i++)
        a->table[i] = next_random(&state);
    for (u32 i = 0; i < WORDS; i++)
        a->word[i] = next_random(&state);
}

static NOINLINE void sort(u32 *word)
{
    for (u32 gap = WORDS / 2; gap > 0; gap /= 2) {
        for (u32 i = gap; i < WORDS; i++) {
            u32 value = word[i];
            u32 j = i;
            for (; j >= gap && word[j - gap] > value; j -= gap)
                word[j] = word[j - gap];
            word[j] = value;
        }
    }
}

static NOINLINE u32 checksum(const struct area *a)
{
    u32 sum = 0;
    for (u32 i = 0; i < WORDS; i++)
        for (u32 shift = 0; shift < 32; shift += 8)
            sum = sum << 1 ^ sum >> 9 ^ a->table[(sum ^ a->word[i] >> shift) & 127];
    return sum;
}

static NOINLINE u32 chase(const struct area *a)
{
    u32 at = 0;
    u32 sum = 0;
    for (u32 i = 0; i < 10000; i++) {
        at = (a->word[at] + i) % 512;
        sum += at;
    }
    return sum;
}

static NOINLINE u32 calls(u32 n)
{
    return n < 2 ? n : calls(n - 1) + calls(n - 2);
}

static u32 work(struct area *a)
{
    fill(a);
    u32 hash = mix(HASH_START, chase(a));
    sort(a->word);
    hash = mix(hash, checksum(a));
    return mix(hash, calls(15));
}

static void other_cpu(u32 cpu)
{
    struct area *a = &areas[cpu];
    for (;;) {
        while (a->laps > areas[0].laps)
            ;
        if (work(a) != expected)
            a->wrong = 1;
        a->laps++;
    }
}

void bench_setup(void)
{
    expected = work(&areas[0]);
    cpus = start_cpus(other_cpu, stacks[0], STACK_SIZE);
}

u32 bench_lap(void)
{
    struct area *own = &areas[0];
    u32 hash = work(own);
    u32 laps = own->laps + 1;
    own->laps = laps;
    for (u32 i = 1; i < cpus; i++) {
        while (areas[i].laps + 1 < laps)
            ;
        if (areas[i].wrong)
            hash = 0;
    }
    return hash;
}
