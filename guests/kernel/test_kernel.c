/* The kernel's own work: processes, preemption, waiting; and more than one CPU. */
#include "test.h"

extern bool kills_are_quiet;

static void check_programs(void) {
    check_begin("user mode: data, arguments, address spaces, heap, stack, bad calls, sleep");
    expect("exit status of user_test", process_run("user_test all argument"), 0);
    check_end();
}

static void check_kills(void) {
    static const struct {
        const char *command;
        u32 signal;
    } crashes[] = {
        {"crash overflow", SIG_FPE},   {"crash null", SIG_SEGV},      {"crash readonly", SIG_SEGV},
        {"crash kernel", SIG_BUS},     {"crash kernelstore", SIG_BUS}, {"crash unaligned", SIG_BUS},
        {"crash break", SIG_TRAP},     {"crash illegal", SIG_ILL},    {"crash fpu", SIG_ILL},
        {"crash privileged", SIG_ILL}, {"crash jump", SIG_SEGV},      {"crash stack", SIG_SEGV},
    };
    u32 i;

    check_begin("user mode: every kind of crash ends the process, and only it");
    kills_are_quiet = true;
    for (i = 0; i < COUNT_OF(crashes); i++) {
        expect(crashes[i].command, process_run(crashes[i].command),
               STATUS_KILLED + crashes[i].signal);
    }
    kills_are_quiet = false;
    check_end();
}

/* One program tests what processes do with each other; its exit status says what went wrong. */
static void check_process_calls(void) {
    static const struct {
        const char *name;
        const char *command;
    } checks[] = {
        {"fork: pages are shared until written, then private", "proc_test fork"},
        {"exec and wait: arguments, exit status, not waiting", "proc_test exec"},
        {"pipes: everything arrives in order, ends close", "proc_test pipe"},
        {"signals: handlers, masks, none lost, alarm, stop, continue", "proc_test signal"},
        {"signals: a fault's handler may return", "proc_test fault"},
    };
    u32 i;

    for (i = 0; i < COUNT_OF(checks); i++) {
        check_begin(checks[i].name);
        expect("exit status", process_run(checks[i].command), 0);
        check_end();
    }
}

static void check_priority(void) {
    if (smp_online() > 1) {
        check_skip("priorities", "several CPUs run: nobody waits for his turn");
        return;
    }
    check_begin("priorities: the more urgent process is done first");
    expect("exit status", process_run("proc_test priority"), 0);
    check_end();
}

static void check_preemption(void) {
    u32 quantum = quantum_cycles;
    u32 status = 0;
    u32 pid[2], i;

    check_begin("preemption of processes that never yield, registers kept");
    quantum_cycles = 20000;
    for (i = 0; i < COUNT_OF(pid); i++) {
        const char *reason;
        struct thread *thread = process_start("user_test preempt", &reason);

        pid[i] = thread != NULL ? thread->pid : 0;
    }
    for (i = 0; i < COUNT_OF(pid); i++) {
        status = 1;
        expect("process", pid[i] != 0 && thread_wait(pid[i], &status, 0) > 0, 1);
        expect("exit status", status, 0);
    }
    quantum_cycles = quantum;
    check_end();
}

static void check_threads(void) {
    u32 quantum = quantum_cycles;

    check_begin("preemption of kernel threads; a lock keeps a counter exact");
    quantum_cycles = 997;
    expect("locked counter", counter_run(2, 1, 3000, true), 6000);
    expect("a counter nobody shares", counter_run(1, 1, 3000, false), 3000);
    quantum_cycles = quantum;
    check_end();
}

static void check_clock(void) {
    u32 interrupts = clock_interrupts();
    u32 before, passed;

    if (!clock_present()) {
        check_skip("clock", "no timer");
        return;
    }
    check_begin("clock: sleeping takes the time it should");
    before = clock_ms();
    clock_sleep(10);
    passed = clock_ms() - before;
    expect("at least 10 ms", passed >= 10, 1);
    expect("less than 20 ms", passed < 20, 1);
    expect("timer interrupts", clock_interrupts() > interrupts, 1);
    check_end();
}

void test_kernel(void) {
    struct stat root;
    u32 pages;

    fs_stat("/", &root); /* mounting takes some pages, and keeps them */
    pages = pages_free();
    check_clock();
    check_programs();
    check_kills();
    check_process_calls();
    check_priority();
    check_preemption();
    check_threads();
    check_begin("memory: every page came back");
    expect("free pages", pages_free(), pages);
    check_end();
}

static void check_ipis(void) {
    u32 i, tries;

    check_begin("inter-processor interrupts reach every CPU");
    for (i = 0; i < MAX_CPUS; i++) {
        volatile struct cpu *cpu = &cpus[i];
        u32 before = cpu->ipis;

        if (!cpu->online) {
            continue;
        }
        ipi_send(i);
        for (tries = 0; tries < 100000 && cpu->ipis == before; tries++) {
        }
        expect("interrupts", cpu->ipis > before, 1);
    }
    check_end();
}

static void check_all_cpus_run(void) {
    u32 before[MAX_CPUS];
    u32 online = smp_online();
    u32 i;

    check_begin("LL/SC locks keep a counter of all CPUs exact");
    for (i = 0; i < MAX_CPUS; i++) {
        before[i] = cpus[i].switches;
    }
    expect("counter", counter_run(online, online, 200, true), online * 200);
    for (i = 0; i < MAX_CPUS; i++) {
        if (cpus[i].online) {
            expect("threads that CPU ran", cpus[i].switches > before[i], 1);
        }
    }
    check_end();
}

static void check_processes_on_cpus(void) {
    static const char *const commands[] = {
        "user_test all argument", "proc_test fork", "proc_test signal", "proc_test pipe",
        "proc_test fork", "user_test all argument",
    };
    u32 pid[COUNT_OF(commands)], status, i;

    check_begin("processes on several CPUs, moving between them");
    for (i = 0; i < COUNT_OF(pid); i++) {
        const char *reason;
        struct thread *thread = process_start(commands[i], &reason);

        pid[i] = thread != NULL ? thread->pid : 0;
    }
    for (i = 0; i < COUNT_OF(pid); i++) {
        status = 1;
        expect("process", pid[i] != 0 && thread_wait(pid[i], &status, 0) > 0, 1);
        expect(commands[i], status, 0);
    }
    check_end();
}

void test_smp(void) {
    if (smp_present() == 1) {
        check_skip("several CPUs", "this machine has one");
        return;
    }
    check_begin("all CPUs start");
    expect("CPUs running", smp_start(smp_present()), smp_present());
    check_end();
    check_ipis();
    check_all_cpus_run();
    check_processes_on_cpus();
}
