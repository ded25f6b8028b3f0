#include "user.h"

int main(int argc, char **argv) {
    int i;

    printf("hello from user mode: pid %d, cpu %u\n", getpid(), cpu());
    for (i = 1; i < argc; i++) {
        printf("hello, %s\n", argv[i]);
    }
    return 0;
}
