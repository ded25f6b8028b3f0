/* ubench: what system calls, forks, pipes, page faults and files cost, in machine time. */
#include "user.h"

static void report(const char *what, u32 times, u32 started) {
    printf("ubench: %-20s %5u times %6u ms\n", what, times, time() - started);
}

static void system_calls(u32 times) {
    u32 started = time();
    u32 i;

    for (i = 0; i < times; i++) {
        getpid();
    }
    report("system call", times, started);
}

static void forks(u32 times) {
    u32 started = time();
    u32 i;

    for (i = 0; i < times; i++) {
        if (fork() == 0) {
            exit(0);
        }
        wait(0, NULL, 0);
    }
    report("fork, exit, wait", times, started);
}

static void execs(u32 times) {
    u32 started = time();
    u32 i;

    for (i = 0; i < times; i++) {
        spawn("ubench nothing");
        wait(0, NULL, 0);
    }
    report("fork, exec, wait", times, started);
}

static void faults(u32 times) {
    u8 *memory = sbrk((s32)times * 4096);
    u32 started = time();
    u32 i;

    for (i = 0; i < times && !refused(memory); i++) {
        memory[i * 4096] = 1;
    }
    report("page fault", times, started);
}

static void pipes(u32 times) {
    static char block[1000];
    u32 started = time();
    s32 ends[2];
    u32 i;

    pipe(ends);
    if (fork() == 0) {
        for (i = 0; i < times; i++) {
            write((u32)ends[1], block, sizeof block);
        }
        exit(0);
    }
    close((u32)ends[1]);
    while (read((u32)ends[0], block, sizeof block) > 0) {
    }
    wait(0, NULL, 0);
    close((u32)ends[0]);
    report("1000 bytes by pipe", times, started);
}

static void files(u32 times) {
    static char block[4096];
    u32 started = time();
    s32 fd = open("/ubench.tmp", OPEN_READ | OPEN_WRITE | OPEN_CREATE);
    u32 i;

    if (fd < 0) {
        complain("ubench", "/ubench.tmp", fd);
        return;
    }
    for (i = 0; i < times; i++) {
        write((u32)fd, block, sizeof block);
    }
    report("write of 4 KB", times, started);
    started = time();
    seek((u32)fd, 0);
    while (read((u32)fd, block, sizeof block) > 0) {
    }
    report("read of 4 KB", times, started);
    close((u32)fd);
    remove("/ubench.tmp");
}

int main(int argc, char **argv) {
    (void)argv;
    if (argc > 1) {
        return 0;
    }
    system_calls(2000);
    forks(20);
    execs(20);
    faults(64);
    pipes(50);
    files(8);
    return 0;
}
