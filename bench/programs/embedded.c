/*
 * A mix in the manner of CoreMark, written afresh: list sorting and searching, small matrices, a state
 * machine that reads numbers, and a 16-bit CRC over all results.
 */
#include "bench.h"

const char bench_name[] = "embedded";

/* --- CRC-16 (polynomial 0xa001), bit by bit ------------------------------------------------- */

static NOINLINE u32 crc16(u32 crc, u32 value)
{
    for (int i = 0; i < 16; i++) {
        u32 bit = (crc ^ value) & 1;
        value >>= 1;
        crc >>= 1;
        if (bit)
            crc ^= 0xa001;
    }
    return crc;
}

/* --- list: find, remove, insert, merge sort by two keys -------------------------------------- */

struct item {
    struct item *next;
    u16 key;
    u16 rank;
};
#define ITEMS 96
static struct item items[ITEMS];

static NOINLINE struct item *find(struct item *list, u32 key)
{
    while (list && list->key != key)
        list = list->next;
    return list;
}

static u32 key_of(const struct item *i)
{
    return i->key;
}

static u32 rank_of(const struct item *i)
{
    return i->rank;
}

/* Bottom-up merge sort; stable. */
static NOINLINE struct item *sort(struct item *list, u32 (*value)(const struct item *))
{
    for (u32 size = 1;; size *= 2) {
        struct item *p = list, *tail = 0;
        u32 merges = 0;
        list = 0;
        while (p) {
            struct item *q = p;
            u32 left = 0, right = size;
            merges++;
            while (q && left < size) {
                left++;
                q = q->next;
            }
            while (left > 0 || (right > 0 && q)) {
                struct item *taken;
                if (left == 0 || (right > 0 && q && value(q) < value(p))) {
                    taken = q;
                    q = q->next;
                    right--;
                } else {
                    taken = p;
                    p = p->next;
                    left--;
                }
                if (tail)
                    tail->next = taken;
                else
                    list = taken;
                tail = taken;
            }
            p = q;
        }
        if (tail)
            tail->next = 0;
        if (merges <= 1)
            return list;
    }
}

static NOINLINE u32 list_work(u32 seed)
{
    struct item *list = 0;
    u32 crc = 0;
    for (u32 i = 0; i < ITEMS; i++) {
        items[i].key = (u16)(next_random(&seed) & 0x3ff);
        items[i].rank = (u16)i;
        items[i].next = list;
        list = &items[i];
    }
    for (u32 k = 0; k < 40; k++) {
        struct item *hit = find(list, (k * 37) & 0x3ff);
        if (hit && hit->next) { /* take the item after it to the front */
            struct item *moved = hit->next;
            hit->next = moved->next;
            moved->next = list;
            list = moved;
            crc = crc16(crc, moved->key);
        }
    }
    list = sort(list, key_of);
    for (struct item *i = list; i; i = i->next)
        crc = crc16(crc, i->rank);
    list = sort(list, rank_of);
    for (struct item *i = list; i; i = i->next)
        crc = crc16(crc, i->key);
    return crc;
}

/* --- matrices: by a constant, by a vector, product, product of bit fields -------------------- */

#define M 10
static short ma[M][M], mb[M][M];
static s32 mc[M][M];

static NOINLINE u32 sum_clipped(s32 limit)
{
    s32 sum = 0, before = 0;
    u32 score = 0;
    for (u32 i = 0; i < M; i++) {
        for (u32 j = 0; j < M; j++) {
            s32 now = mc[i][j];
            sum = (s32)((u32)sum + (u32)now);
            if (sum > limit) {
                score += 10;
                sum = 0;
            } else {
                score += now > before;
            }
            before = now;
        }
    }
    return score;
}

static NOINLINE u32 matrix_work(u32 seed)
{
    u32 crc = 0;
    for (u32 i = 0; i < M; i++) {
        for (u32 j = 0; j < M; j++) {
            ma[i][j] = (short)(next_random(&seed) & 0x1ff);
            mb[i][j] = (short)(next_random(&seed) & 0xff);
        }
    }
    for (u32 i = 0; i < M; i++) {
        for (u32 j = 0; j < M; j++)
            mc[i][j] = ma[i][j] * 13;
    }
    crc = crc16(crc, sum_clipped(4000));
    for (u32 i = 0; i < M; i++) {
        mc[i][0] = 0;
        for (u32 j = 0; j < M; j++)
            mc[i][0] += ma[i][j] * mb[j][0];
    }
    crc = crc16(crc, sum_clipped(6000));
    for (u32 i = 0; i < M; i++) {
        for (u32 j = 0; j < M; j++) {
            s32 sum = 0;
            for (u32 k = 0; k < M; k++)
                sum += ma[i][k] * mb[k][j];
            mc[i][j] = sum;
        }
    }
    crc = crc16(crc, sum_clipped(300000));
    for (u32 i = 0; i < M; i++) {
        for (u32 j = 0; j < M; j++) {
            s32 sum = 0;
            for (u32 k = 0; k < M; k++) {
                s32 p = ma[i][k] * mb[k][j];
                sum += (p >> 2 & 0xf) * (p >> 5 & 0x7f);
            }
            mc[i][j] = sum;
        }
    }
    return crc16(crc, sum_clipped(2000));
}

/* --- state machine: classify comma-separated words ------------------------------------------- */

enum state { START, SIGN, INTEGER, POINT, FRACTION, EXPONENT, POWER, WORD, STATES };

static const char input[] = "5012,874,-874,+122,35.54400,.1234500,-110.700,+0.64400,5.500e+3,"
        "-.123e-2,-87e+832,+0.6e-12,T0.3e-1F,-T.T++Tq,1T3.4e4z,34.0e-T^,9e,-,,12..5,0x1f,";
static u32 visits[STATES], ends[STATES];

static enum state step(enum state s, char c)
{
    u32 digit = c >= '0' && c <= '9';
    switch (s) {
    case START: return digit ? INTEGER : c == '+' || c == '-' ? SIGN : c == '.' ? POINT : WORD;
    case SIGN: return digit ? INTEGER : c == '.' ? POINT : WORD;
    case INTEGER: return digit ? INTEGER : c == '.' ? POINT : c == 'e' ? EXPONENT : WORD;
    case POINT: return digit ? FRACTION : WORD;
    case FRACTION: return digit ? FRACTION : c == 'e' ? EXPONENT : WORD;
    case EXPONENT: return digit || c == '+' || c == '-' ? POWER : WORD;
    case POWER: return digit ? POWER : WORD;
    default: return WORD;
    }
}

static NOINLINE u32 state_work(u32 disturb)
{
    u32 crc = 0, position = 0;
    enum state s = START;
    for (u32 i = 0; i < STATES; i++)
        visits[i] = ends[i] = 0;
    for (const char *p = input; *p; p++, position++) {
        char c = *p;
        if (position % 23 == disturb % 23 && c != ',')
            c = (char)(c ^ 1);
        if (c == ',') {
            ends[s]++;
            s = START;
        } else {
            s = step(s, c);
        }
        visits[s]++;
    }
    for (u32 i = 0; i < STATES; i++)
        crc = crc16(crc16(crc, visits[i]), ends[i]);
    return crc;
}

void bench_setup(void) {}

u32 bench_lap(void)
{
    u32 hash = HASH_START;
    for (u32 i = 1; i <= 20; i++) {
        u32 crc = crc16(0, list_work(i * 0x9e3779b9u));
        crc = crc16(crc, matrix_work(i * 0x85ebca6bu));
        crc = crc16(crc, state_work(i));
        hash = mix(hash, crc);
    }
    return hash;
}
