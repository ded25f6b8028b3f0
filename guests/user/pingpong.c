/* pingpong: two processes send each other signals and wait for them. None may get lost. */
#include "user.h"

#define ROUNDS 12
#define BIT(number) (1u << (number))

static volatile u32 caught;

static void count(u32 number) {
    (void)number;
    caught++;
}

int main(int argc, char **argv) {
    s32 parent = getpid();
    u32 status = 1;
    s32 child, i;

    (void)argc, (void)argv;
    signal(SIG_USR1, count);
    sigmask(BIT(SIG_USR1)); /* only pause lets it in */
    child = fork();
    for (i = 0; i < ROUNDS; i++) { /* in turn: a second signal would not be noticed beside the first */
        if (child == 0) {
            kill(parent, SIG_USR1);
        }
        while (caught <= (u32)i) {
            pause(0);
        }
        if (child != 0) {
            kill(child, SIG_USR1);
        }
    }
    return child == 0 ? 0 : wait((u32)child, &status, 0) != child || status != 0;
}
