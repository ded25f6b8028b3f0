/* A few loops and what they cost in machine time. The machine's clock is exact, so is this. */
#include "kernel.h"

static void report(const char *name, u32 count, u32 started) {
    u32 microseconds = clock_us() - started;

    kprintf("bench: %-16s %8u times %8u us\n", name, count, microseconds);
}

static void bench_loop(u32 count) {
    u32 started = clock_us();
    u32 i;

    for (i = 0; i < count; i++) {
        __asm__ volatile("");
    }
    report("empty loop", count, started);
}

static void bench_multiply(u32 count) {
    u32 started = clock_us();
    u32 x = 1;
    u32 i;

    for (i = 0; i < count; i++) {
        x = x * 1664525 + 1013904223;
        __asm__ volatile("" : "+r"(x));
    }
    report("multiply-add", count, started);
}

static void bench_copy(u32 count) {
    void *from = page_alloc();
    void *to = page_alloc();
    u32 started = clock_us();
    u32 i;

    if (from == NULL || to == NULL) {
        return;
    }
    for (i = 0; i < count; i++) {
        memcpy(to, from, PAGE_SIZE);
    }
    report("copy 4 KB", count, started);
    page_free(from);
    page_free(to);
}

static void bench_lock(u32 count) {
    static struct spinlock lock;
    u32 started = clock_us();
    u32 i;

    for (i = 0; i < count; i++) {
        spin_unlock(&lock, spin_lock(&lock));
    }
    report("lock and unlock", count, started);
}

static void yielder(void *argument) {
    u32 i;

    for (i = 0; i < (u32)argument; i++) {
        yield();
    }
}

static void bench_switch(u32 count) {
    u32 started = clock_us();
    u32 status, i;

    for (i = 0; i < 2; i++) {
        struct thread *thread = thread_new("yielder", yielder, (void *)count);

        if (thread == NULL) {
            break;
        }
        thread->allowed_cpus = 1u << cpu_number();
        thread_start(thread);
    }
    while (thread_wait(0, &status, 0) > 0) {
    }
    report("thread switch", 2 * count, started);
}

bool bench_command(int argc, char **argv) {
    u32 scale = 1;

    if (argc > 1 && (!parse_number(argv[1], &scale) || scale < 1 || scale > 1000)) {
        kprintf("bench: a scale from 1 to 1000?\n");
        return false;
    }
    if (!clock_present()) {
        kprintf("bench: no timer to measure with\n");
        return false;
    }
    bench_loop(1000000 * scale);
    bench_multiply(200000 * scale);
    bench_copy(200 * scale);
    bench_lock(20000 * scale);
    bench_switch(2000 * scale);
    return process_run("ubench") == 0;
}
