/* SHA-256 (FIPS 180-4) of a 32 KB message: shifts, adds, long basic blocks. */
#include "bench.h"

const char bench_name[] = "sha256";

#define N 32768
static u8 message[N];
static u32 k[64], initial[8];

/* The constants are the first 32 fraction bits of cube and square roots of primes (4.2.2, 5.3.3). */
static u32 root_fraction(u32 p, int power)
{
    /* Greatest r with r^power <= p * 2^(32 * power), on 16-bit digits; r < 2^36 here. */
    u32 whole = 0, fraction = 0;
    for (int bit = 35; bit >= 0; bit--) {
        u32 w = whole, f = fraction;
        u32 digit[3], product[12], carry;
        int n = 3;
        if (bit >= 32)
            w |= 1u << (bit - 32);
        else
            f |= 1u << bit;
        digit[0] = f & 0xffff;
        digit[1] = f >> 16;
        digit[2] = w;
        for (int i = 0; i < 12; i++)
            product[i] = i < 3 ? digit[i] : 0;
        for (int e = 1; e < power; e++) {
            u32 next[12];
            for (int i = 0; i < 12; i++)
                next[i] = 0;
            for (int i = 0; i < n; i++) {
                carry = 0;
                for (int j = 0; j < 3; j++) {
                    u32 t = product[i] * digit[j] + next[i + j] + carry;
                    next[i + j] = t & 0xffff;
                    carry = t >> 16;
                }
                next[i + 3] = carry;
            }
            n += 3;
            for (int i = 0; i < 12; i++)
                product[i] = next[i];
        }
        /* p sits at digit 2 * power (2^(32 * power)); everything above it must be 0. */
        u32 high = 0;
        for (int i = 2 * power + 1; i < 12; i++)
            high |= product[i];
        if (high == 0 && product[2 * power] < p) {
            whole = w;
            fraction = f;
        }
    }
    return fraction;
}

static u32 rotate(u32 x, int n)
{
    return x >> n | x << (32 - n);
}

static NOINLINE void compress(u32 *h, const u8 *block)
{
    u32 w[64], s[8];
    for (int i = 0; i < 16; i++) {
        w[i] = (u32)block[4 * i] << 24 | (u32)block[4 * i + 1] << 16
                | (u32)block[4 * i + 2] << 8 | block[4 * i + 3];
    }
    for (int i = 16; i < 64; i++) {
        u32 x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (rotate(x, 7) ^ rotate(x, 18) ^ x >> 3)
                + (rotate(y, 17) ^ rotate(y, 19) ^ y >> 10);
    }
    for (int i = 0; i < 8; i++)
        s[i] = h[i];
    for (int i = 0; i < 64; i++) {
        u32 a = s[0], e = s[4];
        u32 t1 = s[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25))
                + ((e & s[5]) ^ (~e & s[6])) + k[i] + w[i];
        u32 t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22))
                + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
        s[7] = s[6];
        s[6] = s[5];
        s[5] = e;
        s[4] = s[3] + t1;
        s[3] = s[2];
        s[2] = s[1];
        s[1] = a;
        s[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++)
        h[i] += s[i];
}

void bench_setup(void)
{
    u32 seed = 256, n = 0;
    for (u32 p = 2; n < 64; p++) {
        u32 d = 2;
        while (d * d <= p && p % d != 0)
            d++;
        if (d * d > p) {
            if (n < 8)
                initial[n] = root_fraction(p, 2);
            k[n++] = root_fraction(p, 3);
        }
    }
    for (u32 i = 0; i < N; i++)
        message[i] = (u8)next_random(&seed);
}

u32 bench_lap(void)
{
    u8 last[64] = {0x80};
    u32 h[8];
    for (int i = 0; i < 8; i++)
        h[i] = initial[i];
    for (u32 i = 0; i < N; i += 64)
        compress(h, message + i);
    last[60] = (u8)((u32)N * 8 >> 24);
    last[61] = (u8)((u32)N * 8 >> 16);
    last[62] = (u8)((u32)N * 8 >> 8);
    last[63] = (u8)(N * 8);
    compress(h, last);
    return h[0]; /* the first word of the message's real digest */
}
