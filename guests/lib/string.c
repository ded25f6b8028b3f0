/*
 * The string functions a freestanding compiler expects to find (it may call
 * memcpy and memset on its own), plus the two or three we use.
 */
#include "string.h"

void *memcpy(void *to, const void *from, size_t length) {
    u8 *out = to;
    const u8 *in = from;

    /* Whole words when both ends allow it, four at a time: page and sector copies are most of our
       traffic, and loads in a row fill each other's delay slots. */
    if ((((size_t)out | (size_t)in) & 3) == 0) {
        for (; length >= 16; length -= 16, out += 16, in += 16) {
            u32 a = ((const u32 *)in)[0], b = ((const u32 *)in)[1];
            u32 c = ((const u32 *)in)[2], d = ((const u32 *)in)[3];

            ((u32 *)out)[0] = a;
            ((u32 *)out)[1] = b;
            ((u32 *)out)[2] = c;
            ((u32 *)out)[3] = d;
        }
        for (; length >= 4; length -= 4, out += 4, in += 4) {
            *(u32 *)out = *(const u32 *)in;
        }
    }
    while (length-- > 0) {
        *out++ = *in++;
    }
    return to;
}

void *memmove(void *to, const void *from, size_t length) {
    u8 *out = to;
    const u8 *in = from;

    if (out <= in || out >= in + length) {
        return memcpy(to, from, length);
    }
    while (length-- > 0) {
        out[length] = in[length];
    }
    return to;
}

void *memset(void *to, int byte, size_t length) {
    u8 *out = to;
    u32 word = (u8)byte * 0x01010101u;

    if (((size_t)out & 3) == 0) {
        for (; length >= 16; length -= 16, out += 16) {
            ((u32 *)out)[0] = ((u32 *)out)[1] = ((u32 *)out)[2] = ((u32 *)out)[3] = word;
        }
        for (; length >= 4; length -= 4, out += 4) {
            *(u32 *)out = word;
        }
    }
    while (length-- > 0) {
        *out++ = (u8)byte;
    }
    return to;
}

int memcmp(const void *a, const void *b, size_t length) {
    const u8 *x = a;
    const u8 *y = b;

    for (; length > 0; length--, x++, y++) {
        if (*x != *y) {
            return *x - *y;
        }
    }
    return 0;
}

size_t strlen(const char *string) {
    const char *end = string;

    while (*end != 0) {
        end++;
    }
    return (size_t)(end - string);
}

int strcmp(const char *a, const char *b) {
    while (*a != 0 && *a == *b) {
        a++;
        b++;
    }
    return (u8)*a - (u8)*b;
}

void strcopy(char *to, const char *from, size_t size) {
    while (size > 1 && *from != 0) {
        *to++ = *from++;
        size--;
    }
    *to = 0;
}

static int digit_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return 99;
}

bool parse_number(const char *text, u32 *value) {
    u32 base = 10;
    u32 sum = 0;

    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text += 2;
    }
    if (*text == 0) {
        return false;
    }
    for (; *text != 0; text++) {
        u32 digit = (u32)digit_value(*text);
        if (digit >= base) {
            return false;
        }
        sum = sum * base + digit;
    }
    *value = sum;
    return true;
}
