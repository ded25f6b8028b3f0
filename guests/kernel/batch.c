/*
 * The batch queue: commands wait their turn, run one at a time at a low priority, and what they
 * used is put on their account. Output goes to a file, /batch.N, where there is a file system.
 */
#include "kernel.h"

#define JOBS 16
#define JOB_BYTES 96

enum job_state { NO_JOB, WAITS, RUNS, DONE };

struct job {
    enum job_state state;
    u32 number;
    char command[JOB_BYTES];
    u32 submitted; /* clock_ms() */
    u32 started;
    u32 ended;
    u32 status;
    struct usage usage;
};

static struct spinlock lock;
static struct job jobs[JOBS];
static u32 last_number;
static bool daemon_runs;

static struct job *oldest(enum job_state state) {
    struct job *found = NULL;
    u32 i;

    for (i = 0; i < JOBS; i++) {
        if (jobs[i].state == state && (found == NULL || jobs[i].number < found->number)) {
            found = &jobs[i];
        }
    }
    return found;
}

static struct file *output_of(const struct job *job) {
    char digits[12];
    char path[24] = "/batch.";
    struct file *file;
    u32 number = job->number;
    u32 at = sizeof digits - 1;

    digits[at] = 0;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    strcopy(path + strlen(path), digits + at, 12);
    return file_open(path, OPEN_WRITE | OPEN_CREATE | OPEN_TRUNCATE, &file) == 0 ? file
                                                                              : file_console();
}

static void run_job(struct job *job) {
    struct thread *thread;

    job->started = clock_ms();
    thread = process_prepare_words("sh", "-c", job->command);
    job->status = 127;
    if (thread != NULL) {
        process_detach(thread, output_of(job));
        thread->priority = PRIORITY_BATCH;
        thread_start(thread);
        thread_wait(thread->pid, &job->status, 0);
        job->usage = current()->reaped;
    }
    job->ended = clock_ms();
}

static void batch_daemon(void *unused) {
    (void)unused;
    for (;;) {
        u32 irqs = spin_lock(&lock);
        struct job *job;

        while ((job = oldest(WAITS)) == NULL) {
            sleep_on(&last_number, &lock, 0);
        }
        job->state = RUNS;
        spin_unlock(&lock, irqs);
        run_job(job);
        irqs = spin_lock(&lock);
        job->state = DONE;
        wake_up(jobs);
        spin_unlock(&lock, irqs);
    }
}

static bool submit(int argc, char **argv) {
    u32 irqs = spin_lock(&lock);
    struct job *job = oldest(NO_JOB);
    u32 length = 0;
    int i;

    if (job == NULL) {
        job = oldest(DONE); /* its account has been open for the longest time */
    }
    if (job == NULL) {
        spin_unlock(&lock, irqs);
        kprintf("batch: the queue is full\n");
        return false;
    }
    memset(job, 0, sizeof *job);
    for (i = 1; i < argc; i++) {
        strcopy(job->command + length, argv[i], JOB_BYTES - length);
        length += strlen(argv[i]);
        if (i + 1 < argc && length < JOB_BYTES - 1) {
            job->command[length++] = ' ';
        }
    }
    job->number = ++last_number;
    job->submitted = clock_ms();
    job->state = WAITS;
    wake_up(&last_number);
    spin_unlock(&lock, irqs);
    if (!daemon_runs) {
        daemon_runs = true;
        thread_start(thread_new("batch", batch_daemon, NULL));
    }
    kprintf("batch: job %u waits\n", last_number);
    return true;
}

static bool wait_for_all(void) {
    u32 irqs = spin_lock(&lock);

    while (oldest(WAITS) != NULL || oldest(RUNS) != NULL) {
        sleep_on(jobs, &lock, 0);
    }
    spin_unlock(&lock, irqs);
    return true;
}

static void list_jobs(void) {
    static const char *const names[] = {"", "waits", "runs", "done"};
    u32 number, i;

    for (number = 1; number <= last_number; number++) {
        for (i = 0; i < JOBS; i++) {
            if (jobs[i].state != NO_JOB && jobs[i].number == number) {
                kprintf("%4u %-5s %s\n", number, names[jobs[i].state], jobs[i].command);
            }
        }
    }
}

/* batch | batch COMMAND | batch wait */
bool batch_command(int argc, char **argv) {
    if (argc < 2) {
        list_jobs();
        return true;
    }
    return argc == 2 && strcmp(argv[1], "wait") == 0 ? wait_for_all() : submit(argc, argv);
}

/* What each finished job has used, its children included. */
bool account_command(int argc, char **argv) {
    u32 number, i;

    (void)argc, (void)argv;
    kprintf(" job status  cpu us waited ms  took ms calls faults  cow  read written  command\n");
    for (number = 1; number <= last_number; number++) {
        for (i = 0; i < JOBS; i++) {
            const struct job *job = &jobs[i];

            if (job->state == DONE && job->number == number) {
                kprintf("%4u %6u %7u %9u %8u %5u %6u %4u %5u %7u  %s\n", number, job->status,
                        job->usage.cpu_us, job->started - job->submitted,
                        job->ended - job->started, job->usage.calls, job->usage.faults,
                        job->usage.copies, job->usage.sectors_read, job->usage.sectors_written,
                        job->command);
            }
        }
    }
    return true;
}
