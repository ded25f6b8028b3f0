/* The frame around every program: laps, comparison of their hashes, the result line. */
#include "bench.h"

#ifndef LAPS
#define LAPS 1
#endif
#define TEXT2(x) #x
#define TEXT(x) TEXT2(x)

/*
 * The default boot argument.  `compare` writes two numbers over the padding in a copy of the image
 * for machines that take no boot argument.  volatile: the compiler must not read it now.
 */
static const volatile char laps_text[] = "LAPS@" TEXT(LAPS) "\0                      ";

static void put_text(const char *text)
{
    while (*text)
        put_char(*text++);
}

static void put_number(u32 value, u32 base, int digits)
{
    char text[12];
    int n = 0;
    do {
        text[n++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0 || n < digits);
    while (n > 0)
        put_char(text[--n]);
}

int bench_run(u32 laps, u32 every)
{
    u32 first = 0;
    u32 unmarked = 0;
    if (laps == 0) {
        const char *text = (const char *)laps_text;
        laps = bench_parse(&text);
        every = bench_parse(&text);
    }
    bench_setup();
    for (u32 i = 0; i < laps; i++) {
        u32 hash = bench_lap();
        if (i == 0)
            first = hash;
        if (hash != first) {
            put_text("bench ");
            put_text(bench_name);
            put_text(" FAILED at lap ");
            put_number(i, 10, 1);
            put_char('\n');
            return 1;
        }
        if (++unmarked == every) {
            put_char('.');
            unmarked = 0;
        }
    }
    put_text("bench ");
    put_text(bench_name);
    put_text(" laps ");
    put_number(laps, 10, 1);
    put_text(" hash ");
    put_number(first, 16, 8);
    put_char('\n');
    return 0;
}
