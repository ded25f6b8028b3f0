/* A printf small enough to read: what kernel messages and user programs need, no more. */
#include "format.h"
#include "string.h"

struct output {
    char *next;
    char *end;
};

static void put(struct output *out, char c) {
    if (out->next < out->end) {
        *out->next++ = c;
    }
}

static void put_padded(struct output *out, const char *text, int width, bool left, char pad) {
    int length = (int)strlen(text);

    /* A sign comes before padding zeros, not after them. */
    if (pad == '0' && *text == '-') {
        put(out, *text++);
        width--;
        length--;
    }
    for (; !left && width > length; width--) {
        put(out, pad);
    }
    for (; *text != 0; text++) {
        put(out, *text);
    }
    for (; left && width > length; width--) {
        put(out, ' ');
    }
}

/* Writes the digits backwards from end, returns where they start. */
static char *digits(char *end, u32 value, u32 base) {
    *--end = 0;
    do {
        *--end = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0);
    return end;
}

size_t format(char *buffer, size_t size, const char *text, va_list args) {
    struct output out = {buffer, buffer + size - 1};

    for (; *text != 0; text++) {
        char scratch[16];
        char *end = scratch + sizeof scratch;
        bool left = false;
        char pad = ' ';
        int width = 0;
        s32 number;

        if (*text != '%') {
            put(&out, *text);
            continue;
        }
        text++;
        for (; *text == '-' || *text == '0'; text++) {
            if (*text == '-') {
                left = true;
            } else {
                pad = '0';
            }
        }
        for (; *text >= '0' && *text <= '9'; text++) {
            width = width * 10 + (*text - '0');
        }
        switch (*text) {
        case 'd':
            number = va_arg(args, s32);
            end = digits(end, number < 0 ? 0u - (u32)number : (u32)number, 10);
            if (number < 0) {
                *--end = '-';
            }
            put_padded(&out, end, width, left, pad);
            break;
        case 'u':
            put_padded(&out, digits(end, va_arg(args, u32), 10), width, left, pad);
            break;
        case 'x':
            put_padded(&out, digits(end, va_arg(args, u32), 16), width, left, pad);
            break;
        case 'c':
            put(&out, (char)va_arg(args, int));
            break;
        case 's':
            put_padded(&out, va_arg(args, const char *), width, left, ' ');
            break;
        case 0:
            text--;
            break;
        default:
            put(&out, *text);
            break;
        }
    }
    *out.next = 0;
    return (size_t)(out.next - buffer);
}
