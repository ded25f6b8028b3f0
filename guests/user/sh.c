/*
 * The shell. A line is a list of pipelines, each ended by ';' (wait for it) or '&' (do not):
 *
 *     A ; B        A then B            A < FILE     read FILE instead of the console
 *     A | B        A's output to B     A > FILE     write FILE;  A >> FILE  add to it
 *     A &          in the background   "two words"  one word
 *
 * Each pipeline is a job: a process group that ^C and ^Z reach while it is in the foreground. What
 * is neither built in nor a program may be one of the kernel's own commands (operator).
 *
 * "sh -b COMMANDS" runs the boot string, where a failure fails the whole run, then prompts;
 * "sh -c COMMANDS" runs them and ends.
 */
#include "user.h"

#define LINE_BYTES 1024
#define MAX_WORDS 16
#define MAX_STAGES 8
#define MAX_JOBS 8

struct stage {
    char *words[MAX_WORDS + 1];
    u32 count;
    const char *input;
    const char *output;
    bool append;
};

struct job {
    u32 group; /* 0: this slot is free */
    u32 left;  /* processes that have not ended */
    bool stopped;
    u32 status; /* of the last stage */
    s32 last;
    char text[48];
};

static struct job jobs[MAX_JOBS];
static struct stage stages[MAX_STAGES];
static bool unattended;
static bool interactive; /* jobs have groups of their own */
static bool leaving;

/* ---- jobs */

static struct job *job_of(const char *word) {
    struct job *found = NULL;
    u32 number;
    u32 i;

    if (word != NULL) {
        return parse_number(word + (*word == '%'), &number) && number >= 1 &&
                       number <= MAX_JOBS && jobs[number - 1].group != 0
                   ? &jobs[number - 1] : NULL;
    }
    for (i = 0; i < MAX_JOBS; i++) {
        if (jobs[i].group != 0) {
            found = &jobs[i];
        }
    }
    return found;
}

static u32 number_of(const struct job *job) {
    return (u32)(job - jobs) + 1;
}

/* A child has ended or stopped. Its group tells the job, and is gone when it has ended; so jobs
   are looked up by the pids they were made of. */
static struct {
    s32 pid;
    struct job *job;
} children[MAX_JOBS * MAX_STAGES];

static void note(s32 pid, u32 status) {
    u32 i;

    for (i = 0; i < COUNT_OF(children); i++) {
        struct job *job = children[i].job;

        if (children[i].pid != pid) {
            continue;
        }
        if (status >= STATUS_STOPPED) {
            job->stopped = true;
            return;
        }
        children[i].pid = 0;
        job->left--;
        if (pid == job->last) {
            job->status = status;
        }
        return;
    }
}

static void describe(u32 status) {
    static const char *const names[SIGNALS] = {
        [SIG_HUP] = "hangup", [SIG_INT] = "interrupted", [SIG_ILL] = "illegal instruction",
        [SIG_TRAP] = "breakpoint", [SIG_BUS] = "bus error", [SIG_FPE] = "arithmetic error",
        [SIG_KILL] = "killed", [SIG_SEGV] = "bad memory access", [SIG_PIPE] = "broken pipe",
        [SIG_ALRM] = "alarm", [SIG_TERM] = "terminated",
    };
    u32 signal = status - STATUS_KILLED;

    if (status < STATUS_KILLED) {
        printf("exit status %u\n", status);
    } else {
        printf("%s\n", signal < SIGNALS && names[signal] != NULL ? names[signal] : "signal");
    }
}

static void forget(struct job *job) {
    job->group = 0;
}

/* Waits until the job has ended or stopped; its status. */
static u32 wait_for(struct job *job) {
    u32 status = 0;

    while (job->left > 0 && !job->stopped) {
        s32 pid = wait(0, &status, WAIT_STOPPED);

        if (pid == -E_CHILD) {
            break;
        }
        note(pid, status);
    }
    if (interactive) {
        foreground(0);
    }
    if (job->stopped) {
        printf("\n[%u] stopped  %s\n", number_of(job), job->text);
        return STATUS_STOPPED;
    }
    status = job->status;
    if (status >= STATUS_KILLED && status != STATUS_KILLED + SIG_PIPE) {
        printf("%s: ", job->text);
        describe(status);
    }
    forget(job);
    return status;
}

/* Says which background jobs have ended. */
static void report_jobs(void) {
    u32 status, i;
    s32 pid;

    while ((pid = wait(0, &status, WAIT_NO_HANG | WAIT_STOPPED)) > 0) {
        note(pid, status);
    }
    for (i = 0; i < MAX_JOBS; i++) {
        struct job *job = &jobs[i];

        if (job->group != 0 && job->left == 0) {
            printf("[%u] done     %s", i + 1, job->text);
            if (job->status != 0) {
                printf(": ");
                describe(job->status);
            } else {
                printf("\n");
            }
            forget(job);
        }
    }
}

static u32 resume(struct job *job, bool in_foreground) {
    job->stopped = false;
    if (in_foreground) {
        printf("%s\n", job->text);
        foreground(job->group);
    }
    kill(-(s32)job->group, SIG_CONT);
    return in_foreground ? wait_for(job) : 0;
}

/* ---- what is built in */

static s32 list_jobs(void) {
    u32 i;

    report_jobs();
    for (i = 0; i < MAX_JOBS; i++) {
        if (jobs[i].group != 0) {
            printf("[%u] %s  %s\n", i + 1, jobs[i].stopped ? "stopped" : "running", jobs[i].text);
        }
    }
    return 0;
}

static s32 wait_all(void) {
    u32 i;

    for (i = 0; i < MAX_JOBS; i++) {
        if (jobs[i].group != 0 && !jobs[i].stopped) {
            wait_for(&jobs[i]);
        }
    }
    return 0;
}

static s32 send_signal(char **words) {
    u32 signal = SIG_TERM;
    u32 pid;
    s32 target;
    char *who = words[1];

    if (who != NULL && who[0] == '-' && parse_number(who + 1, &signal)) {
        who = words[2];
    }
    if (who != NULL && who[0] == '%' && job_of(who) != NULL) {
        target = -(s32)job_of(who)->group;
    } else if (who != NULL && parse_number(who, &pid)) {
        target = (s32)pid;
    } else {
        printf("kill: [-SIGNAL] PID or %%JOB\n");
        return 1;
    }
    target = kill(target, signal);
    return target < 0 ? complain("kill", who, target) : 0;
}

/* True if the command was one of ours. */
static bool built_in(char **words, s32 *status) {
    const char *name = words[0];
    struct job *job;

    *status = 0;
    if (strcmp(name, "jobs") == 0) {
        *status = list_jobs();
    } else if (strcmp(name, "fg") == 0 || strcmp(name, "bg") == 0) {
        job = job_of(words[1]);
        if (job == NULL) {
            printf("%s: no such job\n", name);
        }
        *status = job != NULL ? (s32)resume(job, name[0] == 'f') : 1;
    } else if (strcmp(name, "wait") == 0) {
        *status = wait_all();
    } else if (strcmp(name, "kill") == 0) {
        *status = send_signal(words);
    } else if (strcmp(name, "cd") == 0) {
        s32 error = chdir(words[1] != NULL ? words[1] : "/");
        *status = error < 0 ? complain("cd", words[1], error) : 0;
    } else if (strcmp(name, "exit") == 0) {
        leaving = true;
    } else {
        return false;
    }
    return true;
}

/* ---- running a pipeline */

/* The words of a stage as one text again, for the operator and for job lists. */
static void join(const struct stage *stage, char *text, u32 size) {
    u32 length = 0;
    u32 i;

    text[0] = 0;
    for (i = 0; i < stage->count; i++) {
        if (i > 0 && length < size - 1) {
            text[length++] = ' ';
        }
        strcopy(text + length, stage->words[i], size - length);
        length += strlen(text + length);
    }
}

/* In the child: makes fd stand for a file. */
static void redirect(u32 fd, const char *path, u32 flags) {
    s32 file = open(path, flags);

    if (file < 0) {
        complain("sh", path, file);
        exit(1);
    }
    dup((u32)file, fd);
    close((u32)file);
}

/* In the child: becomes the program, or lets the kernel do its own command. */
static void become(const struct stage *stage) {
    char text[256];
    s32 result;

    if (stage->input != NULL) {
        redirect(0, stage->input, OPEN_READ);
    }
    if (stage->output != NULL) {
        redirect(1, stage->output,
                 OPEN_WRITE | OPEN_CREATE | (stage->append ? OPEN_APPEND : OPEN_TRUNCATE));
    }
    result = exec(stage->words);
    if (result == -E_NOENT) {
        join(stage, text, sizeof text);
        result = operator(text);
    }
    if (result == -E_NOENT) {
        printf("%s: no such command or program; try help\n", stage->words[0]);
    } else if (result < 0) {
        complain("sh", stage->words[0], result);
    }
    exit(result < 0 ? 127 : (u32)result);
}

static struct job *new_job(u32 count) {
    u32 i;

    for (i = 0; i < MAX_JOBS; i++) {
        struct job *job = &jobs[i];

        if (job->group == 0) {
            u32 length;

            job->left = 0;
            job->stopped = false;
            job->status = 127;
            join(&stages[0], job->text, sizeof job->text);
            length = strlen(job->text);
            if (count > 1 && length < sizeof job->text - 7) {
                strcopy(job->text + length, " | ...", 7);
            }
            return job;
        }
    }
    printf("sh: too many jobs\n");
    return NULL;
}

static void add_child(struct job *job, s32 pid) {
    u32 i;

    for (i = 0; i < COUNT_OF(children); i++) {
        if (children[i].pid == 0) {
            children[i].pid = pid;
            children[i].job = job;
            job->left++;
            job->last = pid;
            return;
        }
    }
}

/* Starts one stage between the pipe it reads from and a new one. */
static s32 start_stage(const struct stage *stage, struct job *job, bool in_background, s32 *input,
                       bool more) {
    s32 ends[2] = {-1, -1};
    s32 child;

    if (more && pipe(ends) < 0) {
        return -E_NOMEM;
    }
    child = fork();
    if (child == 0) {
        if (interactive) {
            group(0, job->group);
            if (!in_background) {
                foreground(job->group);
            }
        }
        signal(SIG_INT, DEFAULT_ACTION);
        signal(SIG_TSTP, DEFAULT_ACTION);
        if (*input >= 0) {
            dup((u32)*input, 0);
            close((u32)*input);
        }
        if (more) {
            dup((u32)ends[1], 1);
            close((u32)ends[0]);
            close((u32)ends[1]);
        }
        become(stage);
    }
    if (*input >= 0) {
        close((u32)*input);
    }
    if (more) {
        close((u32)ends[1]);
    }
    *input = ends[0];
    if (child > 0) {
        if (job->group == 0) {
            job->group = (u32)child;
        }
        if (interactive) {
            group((u32)child, job->group); /* whoever comes first, we or the child */
        }
        add_child(job, child);
    }
    return child;
}

static s32 run_pipeline(u32 count, bool in_background) {
    char text[256];
    struct job *job;
    s32 input = -1;
    s32 status;
    u32 i;

    if (count == 1 && built_in(stages[0].words, &status)) {
        return status;
    }
    if (count == 1 && !in_background && stages[0].output == NULL && stages[0].input == NULL) {
        join(&stages[0], text, sizeof text);
        status = operator(text);
        if (status != -E_NOENT) {
            return status;
        }
    }
    job = new_job(count);
    if (job == NULL) {
        return 1;
    }
    for (i = 0; i < count; i++) {
        s32 child = start_stage(&stages[i], job, in_background, &input, i + 1 < count);

        if (child < 0) {
            complain("sh", stages[i].words[0], child);
            break;
        }
    }
    if (job->group == 0) {
        return 1;
    }
    if (in_background) {
        printf("[%u] %u\n", number_of(job), job->group);
        return 0;
    }
    if (interactive) {
        foreground(job->group);
    }
    return (s32)wait_for(job);
}

/* ---- reading a line */

static bool is_special(char c) {
    return c == '|' || c == '<' || c == '>' || c == '&' || c == ';';
}

/* Cuts one word out of the line; NULL if there is none. What followed it is in *next, because the
   word's terminator takes that place. */
static char *cut_word(char **at, char *next) {
    char *word;
    char *to;
    bool quoted = false;

    while (**at == ' ') {
        ++*at;
    }
    *next = **at;
    if (**at == 0 || is_special(**at)) {
        return NULL;
    }
    word = to = *at;
    while (**at != 0 && (quoted || (**at != ' ' && !is_special(**at)))) {
        if (**at == '"') {
            quoted = !quoted;
        } else {
            *to++ = **at;
        }
        ++*at;
    }
    while (**at == ' ') {
        ++*at;
    }
    *next = **at;
    *to = 0;
    return word;
}

/* Reads one stage; the character that ended it, or 1 after an error. */
static char parse_stage(char **at, struct stage *stage) {
    char next;
    char *word;

    memset(stage, 0, sizeof *stage);
    for (;;) {
        word = cut_word(at, &next);
        if (word != NULL && stage->count < MAX_WORDS) {
            stage->words[stage->count++] = word;
        }
        while (next == '<' || next == '>') {
            char direction = next;

            ++*at;
            if (direction == '>' && **at == '>') {
                stage->append = true;
                ++*at;
            }
            word = cut_word(at, &next);
            if (word == NULL) {
                printf("sh: %c what?\n", direction);
                return 1;
            }
            *(direction == '<' ? &stage->input : &stage->output) = word;
        }
        if (next == 0 || next == '|' || next == ';' || next == '&') {
            if (next != 0) {
                ++*at;
            }
            return next;
        }
    }
}

static void run_line(char *line) {
    char *at = line;

    while (*at != 0 && !leaving) {
        u32 count = 0;
        char end;
        s32 status = 0;

        do {
            end = parse_stage(&at, &stages[count]);
            count += stages[count].count > 0 || end == '|';
        } while (end == '|' && count < MAX_STAGES);
        if (end == 1 || (count > 0 && stages[count - 1].count == 0) || end == '|') {
            printf("sh: cannot make sense of this line\n");
            status = 1;
        } else if (count > 0) {
            status = run_pipeline(count, end == '&');
        }
        if (status != 0 && status < STATUS_KILLED && unattended && count > 0 &&
            stages[0].words[0] != NULL && status > 1) {
            printf("%s: exit status %d\n", stages[0].words[0], status);
        }
        if (status != 0 && unattended) {
            verdict(count > 0 && stages[0].words[0] != NULL ? stages[0].words[0] : "sh");
        }
        if (end == 1) {
            return;
        }
    }
}

int main(int argc, char **argv) {
    static char line[LINE_BYTES];

    if (argc > 2 && strcmp(argv[1], "-c") == 0) {
        strcopy(line, argv[2], sizeof line);
        run_line(line);
        return 0;
    }
    interactive = true;
    signal(SIG_INT, IGNORE_SIGNAL);
    signal(SIG_TSTP, IGNORE_SIGNAL);
    foreground(0);
    if (argc > 2) {
        unattended = true;
        strcopy(line, argv[2], sizeof line);
        run_line(line);
        unattended = false;
    }
    while (!leaving) {
        s32 length;

        report_jobs();
        printf("kseg> ");
        length = read(0, line, sizeof line - 1);
        if (length > 0) {
            line[length - 1] = 0; /* instead of its newline */
            run_line(line);
        }
    }
    return 0;
}
