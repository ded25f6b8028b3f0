/*
 * The race everybody meets first: threads add to one counter. Without a lock an update is
 * lost whenever another thread, or another CPU, comes between the load and the store.
 * Which updates are lost depends on timing alone; on a deterministic machine the same
 * seed loses the same ones.
 */
#include "kernel.h"

struct race {
    u32 increments;
    bool locked;
    volatile bool go;
};

static u32 counter;
static struct spinlock counter_lock;
static struct race race;

/* One increment as a compiler would write it, spelled out so that no compiler can spoil it. */
static inline void increment(void) {
    u32 scratch;

    __asm__ volatile(
        ".set push\n"
        ".set noreorder\n"
        "lw    %0, 0(%1)\n"
        "nop\n"
        "addiu %0, %0, 1\n"
        "sw    %0, 0(%1)\n"
        ".set pop\n"
        : "=&r"(scratch)
        : "r"(&counter)
        : "memory");
}

static void racer(void *argument) {
    u32 left;

    (void)argument;
    while (!race.go) {
        yield(); /* all start together, or short runs would never meet */
    }
    for (left = race.increments; left > 0; left--) {
        if (race.locked) {
            u32 irqs = spin_lock(&counter_lock);
            increment();
            spin_unlock(&counter_lock, irqs);
        } else {
            increment();
        }
    }
}

u32 counter_run(u32 thread_count, u32 cpu_count, u32 increments, bool locked) {
    u32 online[MAX_CPUS];
    u32 found = 0;
    u32 pids[MAX_THREADS];
    u32 started = 0;
    u32 i;

    for (i = 0; i < MAX_CPUS && found < cpu_count; i++) {
        if (cpus[i].online) {
            online[found++] = i;
        }
    }
    counter = 0;
    race.increments = increments;
    race.locked = locked;
    race.go = false;
    for (i = 0; i < thread_count; i++) {
        struct thread *thread = thread_new("racer", racer, NULL);

        if (thread == NULL) {
            break;
        }
        thread->allowed_cpus = 1u << online[i % found];
        pids[started++] = thread->pid;
        thread_start(thread);
    }
    if (random_present()) {
        /* On one CPU nothing but the length of the first quantum would vary: let the
           machine's seed decide it. */
        u32 delay;
        for (delay = random_value() % 1000; delay > 0; delay--) {
            __asm__ volatile("");
        }
    }
    race.go = true;
    for (i = 0; i < started; i++) {
        u32 pid, status;
        thread_wait(pids[i], &pid, &status);
    }
    return counter;
}

static void report(const char *how, u32 total, u32 expected) {
    kprintf("counter: %s total %u of %u, lost %u\n", how, total, expected, expected - total);
}

bool counter_command(int argc, char **argv) {
    u32 cpu_count = smp_online();
    u32 thread_count = cpu_count > 1 ? cpu_count : 2;
    u32 increments = 10000;
    u32 quantum = quantum_cycles;
    u32 expected, without, with;

    if ((argc > 1 && !parse_number(argv[1], &thread_count)) ||
        (argc > 2 && !parse_number(argv[2], &cpu_count)) ||
        (argc > 3 && !parse_number(argv[3], &increments))) {
        kprintf("counter: [THREADS [CPUS [INCREMENTS]]]\n");
        return false;
    }
    if (thread_count < 1 || thread_count > MAX_THREADS - 16 || cpu_count < 1 ||
        cpu_count > smp_online()) {
        kprintf("counter: 1 to %u threads on 1 to %u CPUs (see cpus)\n", MAX_THREADS - 16,
                smp_online());
        return false;
    }
    if (quantum == QUANTUM_DEFAULT) {
        quantum_cycles = 1499; /* preempt often enough to be seen in a short run */
    }
    expected = thread_count * increments;
    kprintf("counter: %u threads on %u CPU%s, %u increments each\n", thread_count, cpu_count,
            cpu_count == 1 ? "" : "s", increments);
    without = counter_run(thread_count, cpu_count, increments, false);
    with = counter_run(thread_count, cpu_count, increments, true);
    quantum_cycles = quantum;
    report("without a lock:", without, expected);
    report("with a lock:   ", with, expected);
    return with == expected;
}
