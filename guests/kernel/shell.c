/*
 * The prompt. The boot string comes first: its commands, separated by ';', run as if
 * typed, and what fails there decides the verdict. 'q' ends the run.
 */
#include "kernel.h"

#define MAX_WORDS 10
#define LINE_BYTES 256

struct command {
    const char *name;
    const char *help;
    bool (*run)(int argc, char **argv); /* false: it failed (and has said why) */
};

static bool unattended; /* running the boot string */

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
    static const char *const states[] = {"free", "ready", "running", "blocked", "zombie"};
    u32 i;

    (void)argc, (void)argv;
    kprintf("  pid  state    switches  preempted  name\n");
    for (i = 0; i < MAX_THREADS; i++) {
        const struct thread *thread = &threads[i];

        if (thread->state != FREE) {
            kprintf("%5u  %-7s %9u %10u  %s%s\n", thread->pid, states[thread->state],
                    thread->switches, thread->preempted, thread->name,
                    thread->space != NULL ? "" : " (kernel)");
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

static bool run_sleep(int argc, char **argv) {
    u32 milliseconds;

    if (argc < 2 || !parse_number(argv[1], &milliseconds)) {
        kprintf("sleep: how many milliseconds?\n");
        return false;
    }
    clock_sleep(milliseconds);
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
    {"programs", "user programs; run one by its name, '&' at the end: do not wait", run_programs},
    {"cpus", "[COUNT] start CPUs, show what they did", run_cpus},
    {"counter", "[THREADS [CPUS [INCREMENTS]]] lose updates without a lock, none with one",
     counter_command},
    {"quantum", "[CYCLES] how long a thread runs before it is preempted", run_quantum},
    {"sleep", "MILLISECONDS", run_sleep},
    {"bench", "a few loops and what they cost", bench_command},
    {"bus", "what is in which slot", run_bus},
    {"rtc", "time of day and time since boot", rtc_command},
    {"beep", "ring the bell", beep_command},
    {"rand", "[COUNT] numbers from the random device", rand_command},
    {"disk", "[UNIT [read|write|check SECTOR [TEXT]]]", disk_command},
    {"emufs", "ls [DIRECTORY] | cat FILE | write FILE TEXT...", emufs_command},
    {"nic", "[send ADDRESS TEXT... | recv [MILLISECONDS] | echo]", nic_command},
    {"trace", "CODE | dump | stop: messages through the trace device", trace_command},
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
    kprintf("  hello, primes, spin A B, ...: see programs\n");
    return true;
}

/* Anything that is not a command may be a user program. */
static bool run_program(int argc, char **argv) {
    char command[128];
    bool wait = true;
    u32 status;
    u32 length = 0;
    int i;

    if (argc > 1 && strcmp(argv[argc - 1], "&") == 0) {
        wait = false;
        argc--;
    }
    for (i = 0; i < argc; i++) {
        u32 room = sizeof command - length;

        strcopy(command + length, argv[i], room);
        length += strlen(command + length);
        if (i + 1 < argc && length < sizeof command - 1) {
            command[length++] = ' ';
        }
    }
    command[length] = 0;
    if (program_find(argv[0]) == NULL) {
        kprintf("%s: no such command or program; try help\n", argv[0]);
        return false;
    }
    if (!wait) {
        const char *reason;
        struct thread *thread = process_start(command, &reason);

        kprintf("%s: pid %u\n", thread != NULL ? argv[0] : reason,
                thread != NULL ? thread->pid : 0);
        return thread != NULL;
    }
    status = process_run(command);
    if (status != 0 && status < STATUS_KILLED) {
        kprintf("%s: exit status %u\n", argv[0], status);
    }
    return status == 0;
}

static bool run_words(int argc, char **argv) {
    u32 i;

    for (i = 0; i < COUNT_OF(commands); i++) {
        if (strcmp(commands[i].name, argv[0]) == 0) {
            return commands[i].run(argc, argv);
        }
    }
    return run_program(argc, argv);
}

static void run_command(char *text) {
    char *words[MAX_WORDS];
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
    if (count > 0 && !run_words(count, words) && unattended) {
        verdict_fail("%s", words[0]);
    }
}

static void run_line(char *line) {
    while (*line != 0) {
        char *command = line;
        bool last;

        while (*line != 0 && *line != ';') {
            line++;
        }
        last = *line == 0;
        *line = 0;
        run_command(command);
        if (last) {
            return;
        }
        line++;
    }
}

/* Children nobody waits for: programs started with '&' that have ended. */
static void bury_children(void) {
    u32 i;

    for (i = 0; i < MAX_THREADS; i++) {
        u32 pid, status;

        if (threads[i].state == ZOMBIE && threads[i].parent == current() &&
            thread_wait(threads[i].pid, &pid, &status)) {
            kprintf("pid %u ended with status %u\n", pid, status);
        }
    }
}

void shell(void *boot_commands) {
    static char line[LINE_BYTES];

    unattended = true;
    run_line(boot_commands);
    unattended = false;
    for (;;) {
        bury_children();
        kprintf("kseg> ");
        if (console_read_line(line, sizeof line)) {
            run_line(line);
        }
    }
}
