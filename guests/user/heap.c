/* heap [KB]: grow, fill, check. */
#include "user.h"

int main(int argc, char **argv) {
    u32 kilobytes = 64;
    u32 *words;
    u32 i;

    if (argc > 1 && !parse_number(argv[1], &kilobytes)) {
        printf("heap: how many KB?\n");
        return 1;
    }
    words = sbrk((s32)kilobytes * 1024);
    if (refused(words)) {
        printf("heap: refused\n");
        return 1;
    }
    for (i = 0; i < kilobytes * 256; i++) {
        words[i] = i * 2654435761u;
    }
    for (i = 0; i < kilobytes * 256; i++) {
        if (words[i] != i * 2654435761u) {
            printf("heap: word %u changed\n", i);
            return 1;
        }
    }
    printf("heap: %u KB at 0x%08x hold what was written\n", kilobytes, (u32)words);
    return 0;
}
