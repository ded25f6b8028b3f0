/*
 * The kernel's own commands: a console for the machine's operator. The shell, a user program,
 * hands over what it does not know; one thread, on CPU 0, where devices' interrupts go, does
 * them one at a time.
 */
#include "kernel.h"

#define MAX_WORDS 10
#define COMMAND_BYTES 256

struct command {
    const char *name;
    const char *help;
    bool (*run)(int argc, char **argv); /* false: it failed (and has said why) */
};

static bool run_help(int argc, char **argv);

static bool run_quit(int argc, char **argv) {
    (void)argc, (void)argv;
    power_off();
}

static bool run_panic(int argc, char **argv) {
    (void)argc, (void)argv;
    panic("because you said so");
}

static bool run_ps(int argc, char **argv) {
    static const char *const states[] = {"free", "ready", "running", "blocked", "stopped",
                                         "zombie"};
    u32 i;

    (void)argc, (void)argv;
    kprintf("  pid group pri  state    cpu ms  calls faults  cow  switches  name\n");
    for (i = 0; i < MAX_THREADS; i++) {
        const struct thread *thread = &threads[i];
        const struct process *process = thread->process;
        const struct space *space = thread->space;

        if (thread->state != FREE) {
            kprintf("%5u %5u %3u  %-7s %7u %6u %6u %4u %9u  %s%s\n", thread->pid,
                    process != NULL ? process->group : 0, thread->priority,
                    states[thread->state], thread->used_us / 1000,
                    process != NULL ? process->calls : 0, space != NULL ? space->faults : 0,
                    space != NULL ? space->copies : 0, thread->switches, thread->name,
                    process != NULL ? "" : " (kernel)");
        }
    }
    return true;
}

static bool run_programs(int argc, char **argv) {
    const struct program *program;

    (void)argc, (void)argv;
    for (program = programs; program->name != NULL; program++) {
        kprintf("%s (%u bytes)\n", program->name, (u32)(program->end - program->start));
    }
    return true;
}

/* For seeing what the machine's monitor makes of it. */
static bool run_hang(int argc, char **argv) {
    static struct mutex never;

    if (argc > 1 && strcmp(argv[1], "loop") == 0) {
        irq_save();
        for (;;) {
            __asm__ volatile("");
        }
    }
    mutex_lock(&never);
    mutex_lock(&never); /* we hold it ourselves */
    return false;
}

static bool run_mem(int argc, char **argv) {
    (void)argc, (void)argv;
    kprintf("%u of %u pages of 4 KB are free\n", pages_free(), bus_ram_size() / PAGE_SIZE);
    return true;
}

static bool run_bus(int argc, char **argv) {
    (void)argc, (void)argv;
    bus_list();
    return true;
}

static bool run_cpus(int argc, char **argv) {
    u32 count = smp_present();
    u32 i;

    if (argc > 1 && (!parse_number(argv[1], &count) || count < 1 || count > smp_present())) {
        kprintf("cpus: this machine has %u\n", smp_present());
        return false;
    }
    smp_start(count);
    kprintf("cpu   switches      ticks       ipis\n");
    for (i = 0; i < MAX_CPUS; i++) {
        if (cpus[i].online) {
            kprintf("%3u %10u %10u %10u\n", i, cpus[i].switches, cpus[i].ticks, cpus[i].ipis);
        }
    }
    kprintf("%u of %u CPUs run\n", smp_online(), smp_present());
    return true;
}

static bool run_quantum(int argc, char **argv) {
    u32 cycles = QUANTUM_DEFAULT;

    if (argc > 1 && (!parse_number(argv[1], &cycles) || cycles < 500)) {
        kprintf("quantum: at least 500 cycles\n"); /* or a switch takes all of it */
        return false;
    }
    quantum_cycles = cycles;
    kprintf("quantum: %u cycles\n", quantum_cycles);
    return true;
}

static bool run_selftest(int argc, char **argv) {
    (void)argc, (void)argv;
    return selftest();
}

static const struct command commands[] = {
    {"help", "this list", run_help},
    {"selftest", "check processor, memory management, processes and every device", run_selftest},
    {"q", "print the verdict and switch off (also: quit, poweroff)", run_quit},
    {"quit", NULL, run_quit},
    {"poweroff", NULL, run_quit},
    {"ps", "threads and processes", run_ps},
    {"programs", "user programs; run one by its name", run_programs},
    {"cpus", "[COUNT] start CPUs, show what they did", run_cpus},
    {"counter", "[THREADS [CPUS [INCREMENTS]]] lose updates without a lock, none with one",
     counter_command},
    {"locktest", "[NUMBER] ten races that must end well", locktest_command},
    {"bugs", "[NUMBER,...] switch on mistakes for locktest to find", bugs_command},
    {"quantum", "[CYCLES] how long a thread runs before it is preempted", run_quantum},
    {"bench", "a few loops and what they cost", bench_command},
    {"mem", "how much memory is free", run_mem},
    {"bus", "what is in which slot", run_bus},
    {"rtc", "time of day and time since boot", rtc_command},
    {"beep", "ring the bell", beep_command},
    {"rand", "[COUNT] numbers from the random device", rand_command},
    {"disk", "[UNIT [read|write|check SECTOR [TEXT]]]", disk_command},
    {"mkfs", "make an empty file system on disk 0 (or in memory, if there is no disk)", mkfs_command},
    {"fsck", "check every sector and every name of the file system", fsck_command},
    {"emufs", "ls [DIRECTORY] | cat FILE | write FILE TEXT...", emufs_command},
    {"nic", "[send ADDRESS TEXT... | recv [MILLISECONDS] | echo]", nic_command},
    {"ping", "ADDRESS [TIMES]: is that machine there?", ping_command},
    {"send", "FILE ADDRESS: copies a file to another machine", send_command},
    {"net", "[wait [FILES]]: what came over the network", net_command},
    {"batch", "[COMMAND | wait]: runs it when its turn comes", batch_command},
    {"account", "what batch jobs have used", account_command},
    {"trace", "CODE | dump | stop: messages through the trace device", trace_command},
    {"hang", "[loop]: wait for ever, or loop with interrupts off", run_hang},
    {"panic", "see what a kernel failure looks like", run_panic},
};

static bool run_help(int argc, char **argv) {
    u32 i;

    (void)argc, (void)argv;
    for (i = 0; i < COUNT_OF(commands); i++) {
        if (commands[i].help != NULL) {
            kprintf("  %-9s %s\n", commands[i].name, commands[i].help);
        }
    }
    kprintf("  hello, primes, spin A B, ls, cat, ...: see programs\n"
            "  the shell: A ; B    A | B    < FILE > FILE >> FILE    A &    ^C ^Z\n"
            "             cd jobs fg bg wait kill exit\n");
    return true;
}

static const struct command *find(const char *name) {
    u32 i;

    for (i = 0; i < COUNT_OF(commands); i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

/* Splits a line into words, in place. */
static int split(char *text, char **words) {
    int count = 0;

    while (count < MAX_WORDS) {
        while (*text == ' ') {
            *text++ = 0;
        }
        if (*text == 0) {
            break;
        }
        words[count++] = text;
        while (*text != ' ' && *text != 0) {
            text++;
        }
    }
    return count;
}

/* ---- handing commands to the operator's thread */

static struct mutex desk; /* one customer at a time */
static struct spinlock lock;
static const struct command *request;
static char line[COMMAND_BYTES];
static struct file *request_output;
static bool answered;
static s32 answer;

bool operator_run(const char *text, struct file *output, s32 *status) {
    char *words[MAX_WORDS];
    char copy[COMMAND_BYTES];
    const struct command *command;
    u32 irqs;

    strcopy(copy, text, sizeof copy);
    command = split(copy, words) > 0 ? find(words[0]) : NULL;
    if (command == NULL) {
        return false;
    }
    mutex_lock(&desk);
    strcopy(line, text, sizeof line);
    irqs = spin_lock(&lock);
    request = command;
    request_output = output != NULL && output->kind != FILE_CONSOLE ? output : NULL;
    answered = false;
    wake_up(&request);
    while (!answered) {
        sleep_on(&answered, &lock, 0);
    }
    *status = answer;
    spin_unlock(&lock, irqs);
    mutex_unlock(&desk);
    return true;
}

static void operator(void *unused) {
    struct thread *self = current();

    (void)unused;
    for (;;) {
        char *words[MAX_WORDS];
        u32 irqs = spin_lock(&lock);
        int count;

        while (request == NULL) {
            sleep_on(&request, &lock, 0);
        }
        spin_unlock(&lock, irqs);
        self->output = request_output;
        count = split(line, words);
        answer = request->run(count, words) ? 0 : 1;
        self->output = NULL;
        irqs = spin_lock(&lock);
        request = NULL;
        answered = true;
        wake_up(&answered);
        spin_unlock(&lock, irqs);
    }
}

/* Starts the shell, and another one should it die. */
static void init(void *boot_commands) {
    for (;;) {
        struct thread *shell = process_start_words("sh", "-b", boot_commands);
        u32 status;

        if (shell == NULL) {
            panic("cannot start a shell");
        }
        thread_wait(shell->pid, &status, 0);
        kprintf("the shell ended with status %u\n", status);
        boot_commands = "";
    }
}

void operator_start(const char *boot_commands) {
    struct thread *thread = thread_new("operator", operator, NULL);

    thread->allowed_cpus = 1; /* so that devices' interrupts and their commands share a CPU */
    thread_start(thread);
    thread_start(thread_new("init", init, (void *)boot_commands));
}
