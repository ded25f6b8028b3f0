/*
 * The part of the kernel's selftest that needs user mode. The exit status is the number
 * of the check that failed, 0 if none did.
 */
#include "user.h"

static u32 initialised = 0x600dcafe;
static u32 zeroed[64];
static volatile u32 mine;

static bool check_data(void) {
    u32 sum = 0;
    u32 i;

    for (i = 0; i < COUNT_OF(zeroed); i++) {
        sum |= zeroed[i];
    }
    return initialised == 0x600dcafe && sum == 0;
}

static bool check_arguments(int argc, char **argv) {
    return argc == 3 && strcmp(argv[0], "user_test") == 0 && strcmp(argv[2], "argument") == 0 &&
           argv[3] == NULL;
}

/* Same address, different memory: nobody else's stores may show up here. */
static bool check_private(u32 value, u32 rounds) {
    mine = value;
    for (; rounds > 0; rounds--) {
        yield();
        if (mine != value) {
            return false;
        }
    }
    return true;
}

static bool check_spaces(void) {
    s32 a = spawn("user_test private 1");
    s32 b = spawn("user_test private 2");
    u32 status_a = 99;
    u32 status_b = 99;

    return a > 0 && b > 0 && a != b && check_private(3, 20) && wait((u32)a, &status_a, 0) == a &&
           wait((u32)b, &status_b, 0) == b && status_a == 0 && status_b == 0;
}

static bool check_heap(void) {
    u32 *start = sbrk(5 * 4096);
    u32 *end = sbrk(0);
    u32 i;

    for (i = 0; start + i < end; i++) {
        if (start[i] != 0) {
            return false;
        }
        start[i] = i;
    }
    return i == 5 * 1024 && start[i - 1] == i - 1;
}

/* Needs several stack pages, which appear as they are touched. */
static u32 deep(u32 levels) {
    volatile u8 room[1024];

    room[0] = (u8)levels;
    return levels == 0 ? 0 : deep(levels - 1) + 1 + (room[0] - (u8)levels);
}

static bool check_refusals(void) {
    char *const missing[] = {"no_such_program", NULL};

    return write(7, "x", 1) == -E_BADF && write(1, (void *)0x80000000, 4) == -E_FAULT &&
           write(1, (void *)0x7fffffff, 4) == -E_FAULT && write(1, (void *)16, 4) == -E_FAULT &&
           read(0, (void *)0x00400000, 1) == -E_INVAL && exec(missing) == -E_NOENT &&
           exec((void *)16) == -E_FAULT && wait(12345, NULL, 0) == -E_CHILD &&
           refused(sbrk(0x7fffffff)) && pipe((void *)16) == -E_FAULT && kill(12345, 1) < 0 &&
           signal(SIG_KILL, IGNORE_SIGNAL) == -E_INVAL;
}

static bool check_time(void) {
    u32 before = time();

    return sleep(3) < 0 || time() - before >= 3; /* a machine without a timer cannot sleep */
}

/* Never gives up the processor: only preemption lets others run. */
static bool check_preemption(void) {
    u32 i;

    for (i = 0; i < 40000000 && preempted() < 3; i++) {
    }
    return preempted() >= 3;
}

/* Registers, HI and LO must survive whatever happens between two instructions of ours. */
static bool check_registers(void) {
    u32 before = preempted();
    u32 wrong = 0;

    while (preempted() - before < 2) {
        __asm__ volatile(
            ".set push\n"
            ".set noreorder\n"
            "li    $8, 1000\n"
            "li    $9, 0x1111\n"
            "li    $10, 0x2222\n"
            "li    $24, 0x3333\n"
            "mthi  $9\n"
            "mtlo  $10\n"
            "1: addiu $8, $8, -1\n"
            "bnez  $8, 1b\n"
            "nop\n"
            "mfhi  $11\n"
            "mflo  $12\n"
            "nop\n"
            "xor   $11, $11, $9\n"
            "xor   $12, $12, $10\n"
            "or    $11, $11, $12\n"
            "xori  $24, $24, 0x3333\n"
            "or    $11, $11, $24\n"
            "or    %0, %0, $11\n"
            ".set pop\n"
            : "+r"(wrong)
            :
            : "$8", "$9", "$10", "$11", "$12", "$24", "hi", "lo");
    }
    return wrong == 0;
}

int main(int argc, char **argv) {
    if (argc > 2 && strcmp(argv[1], "private") == 0) {
        return check_private((u32)argv[2][0], 20) ? 0 : 1;
    }
    if (argc > 1 && strcmp(argv[1], "preempt") == 0) {
        return check_preemption() && check_registers() ? 0 : 1;
    }
    if (!check_data()) {
        return 1;
    }
    if (!check_arguments(argc, argv)) {
        return 2;
    }
    if (!check_spaces()) {
        return 3;
    }
    if (!check_heap()) {
        return 4;
    }
    if (deep(20) != 20) {
        return 5;
    }
    if (!check_refusals()) {
        return 6;
    }
    if (!check_time()) {
        return 7;
    }
    return 0;
}
