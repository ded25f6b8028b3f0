/* Byte loops as C programs have them: copy, length, compare, case folding, search, reversal, checksum. */
#include "bench.h"

const char bench_name[] = "bytes";

#define N 8192
static u8 text[N + 1], copy[N + 1];

static NOINLINE u32 length(const u8 *s)
{
    const u8 *p = s;
    while (*p)
        p++;
    return (u32)(p - s);
}

static NOINLINE void copy_string(u8 *to, const u8 *from)
{
    while ((*to++ = *from++) != 0)
        ;
}

static NOINLINE int compare(const u8 *a, const u8 *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a - *b;
}

static NOINLINE void upper(u8 *s)
{
    for (; *s; s++) {
        if (*s >= 'a' && *s <= 'z')
            *s = (u8)(*s - 'a' + 'A');
    }
}

static NOINLINE void reverse(u8 *s, u32 n)
{
    for (u32 i = 0, j = n - 1; i < j; i++, j--) {
        u8 t = s[i];
        s[i] = s[j];
        s[j] = t;
    }
}

static NOINLINE u32 count_word(const u8 *s, const u8 *word)
{
    u32 found = 0;
    for (; *s; s++) {
        u32 i = 0;
        while (word[i] && s[i] == word[i])
            i++;
        found += word[i] == 0;
    }
    return found;
}

static NOINLINE u32 fletcher(const u8 *s, u32 n)
{
    u32 a = 1, b = 0;
    for (u32 i = 0; i < n; i++) {
        a += s[i];
        b += a;
    }
    return b << 16 ^ a;
}

void bench_setup(void)
{
    u32 seed = 99;
    for (u32 i = 0; i < N; i++) {
        u32 r = next_random(&seed) % 30;
        text[i] = (u8)(r < 26 ? 'a' + r : ' ');
    }
    text[N] = 0;
}

u32 bench_lap(void)
{
    u32 hash = HASH_START;
    for (int round = 0; round < 4; round++) {
        copy_string(copy, text);
        hash = mix(hash, length(copy));
        hash = mix(hash, (u32)compare(copy, text));
        upper(copy);
        hash = mix(hash, compare(copy, text) < 0);
        reverse(copy, N);
        hash = mix(hash, count_word(copy, (const u8 *)"AB"));
        hash = mix(hash, count_word(text, (const u8 *)"the"));
        hash = mix(hash, fletcher(copy, N));
    }
    return hash;
}
