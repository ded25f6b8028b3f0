/*
 * A mix in the manner of Dhrystone, written afresh: record assignment through pointers, short string
 * copies and comparisons, small procedures with out parameters, enumerations, two-dimensional arrays.
 */
#include "bench.h"

const char bench_name[] = "records";

enum colour { RED, GREEN, BLUE, BLACK, WHITE };

struct record {
    struct record *link;
    enum colour colour;
    s32 number;
    char label[32];
};

static struct record store[2];
static struct record *first, *second;
static s32 row[50], grid[50][50];
static s32 total;
static char last_letter;

static NOINLINE void copy_label(char *to, const char *from)
{
    while ((*to++ = *from++) != 0)
        ;
}

static NOINLINE s32 compare_labels(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a - *b;
}

static NOINLINE enum colour next_colour(enum colour c)
{
    switch (c) {
    case RED: return total > 100 ? RED : BLACK;
    case GREEN: return BLUE;
    case BLUE: return WHITE;
    case BLACK: return GREEN;
    default: return RED;
    }
}

static NOINLINE void combine(s32 a, s32 b, s32 *result)
{
    *result = b + a + 2;
}

static NOINLINE void follow(struct record *from)
{
    struct record *to = from->link;
    *to = *first;
    from->number = 5;
    to->number = from->number;
    to->link = from->link;
    if (to->colour == RED) {
        to->number = 6;
        to->colour = next_colour(from->colour);
        combine(to->number, 10, &to->number);
    } else {
        *from = *to;
    }
}

static NOINLINE void fill(s32 *line, s32 (*square)[50], s32 at, s32 value)
{
    s32 p = at + 5;
    line[p] = value;
    line[p + 1] = line[p];
    line[p + 30] = p;
    for (s32 i = p; i <= p + 1; i++)
        square[p][i] = p;
    square[p][p - 1]++;
    square[p + 20][p] = line[p];
    total += 5;
}

static NOINLINE u32 same_letter(char a, char b)
{
    if (a != b)
        return 0;
    last_letter = a;
    return 1;
}

static NOINLINE u32 ordered(const char *a, const char *b)
{
    s32 i = 2;
    while (i <= 2) {
        if (same_letter(a[i], b[i + 1]))
            i++;
        else
            i += 2;
    }
    return compare_labels(a, b) > 0;
}

void bench_setup(void) {}

static void reset(void)
{
    first = &store[0];
    second = &store[1];
    first->link = second;
    first->colour = RED;
    first->number = 40;
    copy_label(first->label, "WHAT THE FIRST RECORD SAYS");
    second->link = first;
    second->colour = BLACK;
    second->number = 0;
    copy_label(second->label, "AND THE SECOND");
    total = 0;
    last_letter = ' ';
    for (s32 i = 0; i < 50; i++) {
        row[i] = 0;
        for (s32 j = 0; j < 50; j++)
            grid[i][j] = 0;
    }
}

u32 bench_lap(void)
{
    char a[32], b[32];
    u32 hash = HASH_START;
    reset();
    copy_label(a, "A LABEL OF MIDDLING LENGTH, 1");
    for (s32 run = 1; run <= 4000; run++) {
        s32 x = 2, y = 3, z = 0;
        enum colour c = BLUE;
        copy_label(b, "A LABEL OF MIDDLING LENGTH, 2");
        total += (s32)ordered(a, b);
        while (x < y) {
            z = 5 * x - y;
            combine(x, y, &z);
            x++;
        }
        fill(row, grid, x, z);
        follow(first);
        for (char letter = 'A'; letter <= 'C'; letter++) {
            if (same_letter(letter, 'C')) {
                c = next_colour(c);
                copy_label(b, "A LABEL OF MIDDLING LENGTH, 3");
                y = run;
            }
        }
        y *= x;
        x = y / (z == 0 ? 1 : z);
        y = 7 * (y - z) - x;
        total = (total + y + (s32)c) & 0xffff;
        hash = mix(hash, (u32)total ^ (u32)x << 8 ^ (u32)b[28] ^ (u32)last_letter << 16);
    }
    hash = mix(hash, (u32)first->number);
    hash = mix(hash, (u32)second->number ^ (u32)second->colour << 8);
    hash = mix(hash, (u32)grid[28][8] ^ (u32)grid[8][7] << 4 ^ (u32)row[38] << 16);
    return hash;
}
