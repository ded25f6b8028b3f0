/* primes [LIMIT]: a sieve on the heap. */
#include "user.h"

int main(int argc, char **argv) {
    u32 limit = 10000;
    u32 count = 0;
    u32 last = 0;
    u8 *composite;
    u32 i, j;

    if (argc > 1 && (!parse_number(argv[1], &limit) || limit > 100000)) {
        printf("primes: a limit up to 100000?\n");
        return 1;
    }
    composite = sbrk((s32)limit + 1);
    if (refused(composite)) {
        printf("primes: no memory\n");
        return 1;
    }
    for (i = 2; i <= limit; i++) {
        if (composite[i]) {
            continue;
        }
        count++;
        last = i;
        for (j = i + i; j <= limit; j += i) {
            composite[j] = 1;
        }
    }
    printf("%u primes up to %u, the last is %u\n", count, limit, last);
    return 0;
}
