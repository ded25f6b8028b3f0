/*
 * The part of the kernel's selftest about processes: "proc_test NAME". The exit status is the
 * number of the expectation that was not met, 0 if all were.
 */
#include "user.h"

#define EXPECT(number, condition) \
    do {                          \
        if (!(condition)) {       \
            return number;        \
        }                         \
    } while (0)

/* ---- fork: the child has the parent's memory as it was, and neither sees the other's stores */

#define FORK_PAGES 6

static u32 shared[FORK_PAGES * 1024];

static void fill(u32 value) {
    u32 i;

    for (i = 0; i < COUNT_OF(shared); i += 256) {
        shared[i] = value + i;
    }
}

static bool filled(u32 value) {
    u32 i;

    for (i = 0; i < COUNT_OF(shared); i += 256) {
        if (shared[i] != value + i) {
            return false;
        }
    }
    return true;
}

static u32 family(u32 depth) {
    u32 status = 99;
    s32 child;
    u32 i;

    fill(depth);
    child = fork();
    if (child < 0) {
        return 1;
    }
    if (child == 0) {
        if (!filled(depth)) {
            exit(2);
        }
        exit(depth > 0 ? family(depth - 1) : 0);
    }
    for (i = 0; i < 5; i++) {
        yield();
        fill(1000 + i);
        if (!filled(1000 + i)) {
            return 3;
        }
    }
    return wait((u32)child, &status, 0) != child || !filled(1004) ? 4 : status;
}

/* A page is the parent's again once the child has gone: writing must go on working. */
static u32 test_fork(void) {
    u32 round, status;

    status = family(3);
    for (round = 0; round < 4 && status == 0; round++) {
        status = family(0);
    }
    return status;
}

/* ---- exec, wait, groups */

static u32 test_exec(void) {
    char *const words[] = {"proc_test", "args", "two words", "", NULL};
    u32 status = 99;
    s32 child = fork();

    if (child == 0) {
        exec(words);
        return 1;
    }
    EXPECT(2, wait((u32)child, &status, 0) == child && status == 0);
    EXPECT(3, wait(0, &status, 0) == -E_CHILD);
    child = fork();
    if (child == 0) {
        sleep(20);
        return 5;
    }
    EXPECT(4, wait(0, &status, WAIT_NO_HANG) == 0);
    EXPECT(5, wait(0, &status, 0) == child && status == 5);
    return 0;
}

/* ---- pipes */

static u32 test_pipe(void) {
    static u8 data[3000];
    s32 ends[2];
    u32 status = 99;
    u32 sum = 0;
    u32 total = 0;
    s32 child, length;
    u32 i;

    EXPECT(1, pipe(ends) == 0);
    child = fork();
    if (child == 0) {
        close((u32)ends[0]);
        for (i = 0; i < sizeof data; i++) {
            data[i] = (u8)(i * 7);
        }
        for (i = 0; i < 3; i++) { /* more than the pipe holds */
            if (write((u32)ends[1], data, sizeof data) != sizeof data) {
                return 1;
            }
        }
        return 0;
    }
    close((u32)ends[1]);
    while ((length = read((u32)ends[0], data, 700)) > 0) {
        for (i = 0; i < (u32)length; i++) {
            sum += (u8)((total % 3000) * 7) != data[i];
            total++;
        }
    }
    EXPECT(2, length == 0 && total == 9000 && sum == 0);
    EXPECT(3, wait((u32)child, &status, 0) == child && status == 0);
    close((u32)ends[0]);

    EXPECT(4, pipe(ends) == 0);
    close((u32)ends[0]);
    signal(SIG_PIPE, IGNORE_SIGNAL);
    EXPECT(5, write((u32)ends[1], "x", 1) == -E_PIPE);
    signal(SIG_PIPE, DEFAULT_ACTION);
    child = fork();
    if (child == 0) {
        write((u32)ends[1], "x", 1);
        return 0;
    }
    EXPECT(6, wait((u32)child, &status, 0) == child && status == STATUS_KILLED + SIG_PIPE);
    EXPECT(7, close((u32)ends[1]) == 0 && close((u32)ends[1]) == -E_BADF);
    return 0;
}

/* ---- signals */

static volatile u32 caught[SIGNALS];

static void count(u32 number) {
    caught[number]++;
}

#define BIT(number) (1u << (number))

/* Every signal sent is caught, whatever it interrupts; registers survive. */
static u32 test_signal(void) {
    u32 status = 99;
    s32 child, parent = getpid();
    u32 i;

    signal(SIG_USR1, count);
    signal(SIG_USR2, count);
    EXPECT(1, kill(parent, SIG_USR1) == 1 && caught[SIG_USR1] == 1);
    sigmask(BIT(SIG_USR1));
    kill(parent, SIG_USR1);
    EXPECT(2, caught[SIG_USR1] == 1);
    sigmask(0);
    EXPECT(3, caught[SIG_USR1] == 2);

    /* Ping-pong: a signal lost on either side would be waited for for ever. */
    sigmask(BIT(SIG_USR1) | BIT(SIG_USR2));
    child = fork();
    if (child == 0) {
        for (i = 0; i < 20; i++) {
            kill(parent, SIG_USR1);
            while (caught[SIG_USR2] <= i) {
                pause(BIT(SIG_USR1));
            }
        }
        return 0;
    }
    for (i = 0; i < 20; i++) {
        while (caught[SIG_USR1] <= i + 2) {
            pause(BIT(SIG_USR2));
        }
        kill(child, SIG_USR2);
    }
    sigmask(0);
    EXPECT(4, wait((u32)child, &status, 0) == child && status == 0);

    signal(SIG_ALRM, count);
    if (alarm(5) == 0) {
        while (caught[SIG_ALRM] == 0) {
        }
        EXPECT(5, alarm(5) == 0 && sleep(10000) == -E_INTR && caught[SIG_ALRM] == 2);
    }

    child = fork();
    if (child == 0) {
        for (;;) {
        }
    }
    kill(child, SIG_STOP);
    EXPECT(6, wait((u32)child, &status, WAIT_STOPPED) == child && status >= STATUS_STOPPED);
    kill(child, SIG_CONT);
    kill(child, SIG_TERM);
    EXPECT(7, wait((u32)child, &status, WAIT_STOPPED) == child &&
                  status == STATUS_KILLED + SIG_TERM);
    return 0;
}

/* A fault can be caught, and mended. */
static u32 *volatile target;
static u32 harmless;

static void mend(u32 number) {
    caught[number]++;
    if (caught[number] == 3) {
        exit(0);
    }
}

static u32 test_fault(void) {
    signal(SIG_SEGV, mend);
    target = NULL;
    *target = 1; /* comes back here after the handler, and faults again */
    return harmless + 1;
}

/* ---- priorities: the more urgent of two on one CPU is done first */

static u32 test_priority(void) {
    s32 ends[2];
    char order[3] = "";
    u32 i;
    s32 child;

    EXPECT(1, pipe(ends) == 0);
    nice(0, 2);
    for (i = 0; i < 2; i++) {
        child = fork();
        if (child == 0) {
            u32 work;

            nice(0, i == 0 ? 7 : 4);
            for (work = 0; work < 100000; work++) {
                __asm__ volatile("");
            }
            write((u32)ends[1], i == 0 ? "7" : "4", 1);
            return 0;
        }
    }
    while (wait(0, NULL, 0) > 0) {
    }
    EXPECT(2, read((u32)ends[0], order, 2) == 2);
    EXPECT(3, strcmp(order, "47") == 0);
    EXPECT(4, nice(0, 99) == -E_INVAL);
    return 0;
}

static const struct {
    const char *name;
    u32 (*run)(void);
} tests[] = {
    {"fork", test_fork},     {"exec", test_exec},   {"pipe", test_pipe},
    {"signal", test_signal}, {"fault", test_fault}, {"priority", test_priority},
};

int main(int argc, char **argv) {
    u32 i;

    if (argc == 4 && strcmp(argv[1], "args") == 0) {
        return strcmp(argv[2], "two words") != 0 || argv[3][0] != 0 || argv[4] != NULL;
    }
    for (i = 0; argc > 1 && i < COUNT_OF(tests); i++) {
        if (strcmp(tests[i].name, argv[1]) == 0) {
            return (int)tests[i].run();
        }
    }
    return 100;
}
