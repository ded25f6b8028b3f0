/* Chasing and reversing a linked list of 8192 nodes in shuffled order: load-to-load latency. */
#include "bench.h"

const char bench_name[] = "list";

#define N 8192
struct node {
    struct node *next;
    u32 value;
    u32 unused[4]; /* spreads the nodes: 24 bytes each on a 32-bit machine */
};
static struct node nodes[N];
static struct node *head;
static u16 order[N];

void bench_setup(void)
{
    u32 seed = 777;
    for (u32 i = 0; i < N; i++)
        order[i] = (u16)i;
    for (u32 i = N - 1; i > 0; i--) {
        u32 j = next_random(&seed) % (i + 1);
        u16 t = order[i];
        order[i] = order[j];
        order[j] = t;
    }
    for (u32 i = 0; i < N; i++) {
        nodes[order[i]].value = next_random(&seed);
        nodes[order[i]].next = i + 1 < N ? &nodes[order[i + 1]] : 0;
    }
    head = &nodes[order[0]];
}

static NOINLINE u32 walk(const struct node *n)
{
    u32 sum = 0;
    for (; n; n = n->next)
        sum = (sum << 1 | sum >> 31) ^ n->value;
    return sum;
}

static NOINLINE struct node *reverse(struct node *n)
{
    struct node *done = 0;
    while (n) {
        struct node *next = n->next;
        n->next = done;
        done = n;
        n = next;
    }
    return done;
}

u32 bench_lap(void)
{
    u32 hash = HASH_START;
    for (int round = 0; round < 16; round++) {
        hash = mix(hash, walk(head));
        hash = mix(hash, walk(head));
        head = reverse(head); /* an even number of times: the lap ends as it began */
    }
    return hash;
}
