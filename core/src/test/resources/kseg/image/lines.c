typedef unsigned u32;
static inline __attribute__((always_inline)) u32 twist(u32 x) {
    return x << 3 ^ x >> 5;
}
u32 table[16];
u32 fold(u32 n) {
    u32 sum = 0;
    for (u32 i = 0; i < n; i++) {
        if (i & 1)
            sum += twist(i);
        else
            sum ^= table[i & 15];
    }
    return sum;
}
int deep(int n) {
    volatile int local[8];
    local[n & 7] = n;
    return n == 0 ? local[0] : deep(n - 1) + local[n & 7];
}
void start(void) {
    table[0] = fold(deep(5));
    for (;;)
        ;
}
