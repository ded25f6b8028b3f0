/* crash HOW: everything a program can do to be killed, one at a time. */
#include "user.h"

static void overflow(void) {
    __asm__ volatile(".set push\n.set noat\nli $1, 0x7fffffff\naddi $1, $1, 1\n.set pop");
}

static void null(void) {
    *(volatile u32 *)4;
}

static void read_only(void) {
    *(volatile u32 *)0x00400000 = 0; /* our own text */
}

static void kernel(void) {
    *(volatile u32 *)0x80000000;
}

static void kernel_store(void) {
    *(volatile u32 *)0x80000000 = 0;
}

static void unaligned(void) {
    static u32 word[2];
    __asm__ volatile("lw $2, 2(%0)\n\tnop" ::"r"(word) : "$2"); /* C would use LWL and LWR */
}

static void breakpoint(void) {
    __asm__ volatile("break");
}

static void illegal(void) {
    __asm__ volatile(".word 0x0000003f"); /* no such SPECIAL function */
}

static void fpu(void) {
    __asm__ volatile(".word 0x44010000"); /* mfc1 $1, $f0 */
}

static void privileged(void) {
    __asm__ volatile(".set push\n.set noat\nmfc0 $1, $12\nnop\n.set pop");
}

static void jump(void) {
    ((void (*)(void))0x10000000)();
}

static void stack(void) {
    *(volatile u32 *)(0x7ffff000 - 64 * 4096) = 1; /* far below what a stack may be */
}

static const struct {
    const char *name;
    void (*function)(void);
} ways[] = {
    {"overflow", overflow},     {"null", null},           {"readonly", read_only},
    {"kernel", kernel},         {"kernelstore", kernel_store},
    {"unaligned", unaligned},   {"break", breakpoint},    {"illegal", illegal},
    {"fpu", fpu},               {"privileged", privileged}, {"jump", jump},
    {"stack", stack},
};

int main(int argc, char **argv) {
    u32 i;

    for (i = 0; argc > 1 && i < COUNT_OF(ways); i++) {
        if (strcmp(ways[i].name, argv[1]) == 0) {
            ways[i].function();
            printf("crash %s: still alive\n", argv[1]);
            return 1;
        }
    }
    printf("crash HOW:");
    for (i = 0; i < COUNT_OF(ways); i++) {
        printf(" %s", ways[i].name);
    }
    printf("\n");
    return 1;
}
