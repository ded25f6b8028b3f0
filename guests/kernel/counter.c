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
    bool go;
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
    u32 irqs = spin_lock(&counter_lock);
    u32 left;

    (void)argument;
    while (!race.go) {
        sleep_on(&race, &counter_lock, 0); /* all start together, or they might never meet */
    }
    spin_unlock(&counter_lock, irqs);
    for (left = race.increments; left > 0; left--) {
        if (race.locked) {
            irqs = spin_lock(&counter_lock);
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
    u32 irqs, i;

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
    irqs = spin_lock(&counter_lock);
    race.go = true;
    wake_up(&race);
    spin_unlock(&counter_lock, irqs);
    for (i = 0; i < started; i++) {
        u32 status;
        thread_wait(pids[i], &status, 0);
    }
    return counter;
}

static void run_and_report(const char *how, u32 thread_count, u32 cpu_count, u32 increments,
                           bool locked, u32 *lost) {
    u32 total = counter_run(thread_count, cpu_count, increments, locked);

    *lost = thread_count * increments - total;
    kprintf("counter: %s counted %u of %u x %u, lost %u\n", how, total, thread_count, increments,
            *lost);
}

bool counter_command(int argc, char **argv) {
    u32 cpu_count = smp_online();
    u32 thread_count = cpu_count > 1 ? cpu_count : 2;
    u32 increments = 10000;
    u32 quantum = quantum_cycles;
    u32 lost;

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
    if (quantum == QUANTUM_DEFAULT && thread_count > cpu_count) {
        /* Preempt often enough to be seen in a short run. Where in the loop that happens is
           the same again and again for some lengths; let the seed choose. */
        quantum_cycles = 1400 + (random_present() ? random_value() % 200 : 99);
    }
    kprintf("counter: %u threads on %u CPU%s\n", thread_count, cpu_count,
            cpu_count == 1 ? "" : "s");
    run_and_report("without a lock:", thread_count, cpu_count, increments, false, &lost);
    /* CPUs that wait for a lock do nothing but wait: the more of them, the fewer increments. */
    run_and_report("with a lock:   ", thread_count, cpu_count, increments / cpu_count, true, &lost);
    quantum_cycles = quantum;
    return lost == 0;
}
