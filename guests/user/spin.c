/*
 * spin A B ...: one process for each word, all running at once; each prints its word again
 * and again and never gives up the processor, so what interleaves them is preemption.
 */
#include "user.h"

#define TIMES 12
#define WORK 60000

static void spin(const char *word) {
    u32 before = preempted();
    u32 i, j;

    for (i = 0; i < TIMES; i++) {
        for (j = 0; j < WORK; j++) {
            __asm__ volatile("");
        }
        write(1, word, strlen(word));
    }
    printf("\n%s: pid %d preempted %u times\n", word, getpid(), preempted() - before);
}

int main(int argc, char **argv) {
    int i;

    for (i = 1; i < argc; i++) {
        s32 child = fork();

        if (child == 0) {
            spin(argv[i]);
            return 0;
        }
        if (child < 0) {
            complain("spin", argv[i], child);
        }
    }
    while (wait(0, NULL, 0) > 0) {
    }
    return 0;
}
