/* User processes: starting a program in a fresh address space, fork, exec, the end. */
#include "kernel.h"

/* A process has the slot of its thread. */
static struct process processes[MAX_THREADS];

/* Arguments on their way into a new program: strings one after the other, in a page of the kernel. */
struct arguments {
    u32 count;
    u32 length;
    char text[PAGE_SIZE / 2];
};

/* Lays out the strings, then argv, then the words a C function may use for its arguments. */
static bool push_arguments(struct space *space, const struct arguments *arguments,
                           struct trapframe *frame) {
    u32 at = STACK_TOP - ((arguments->length + 7) & ~7u);
    u32 argv[MAX_ARGS + 1];
    u32 offset = 0;
    u32 i;

    for (i = 0; i < arguments->count; i++) {
        argv[i] = at + offset;
        offset += strlen(arguments->text + offset) + 1;
    }
    argv[i] = 0;
    if (!copy_out(space, at, arguments->text, arguments->length)) {
        return false;
    }
    at -= sizeof argv + 4; /* keeps 8-byte alignment */
    if (!copy_out(space, at, argv, (i + 1) * 4)) {
        return false;
    }
    memset(frame->reg, 0, sizeof frame->reg);
    frame->reg[REG_A0] = arguments->count;
    frame->reg[REG_A1] = at;
    frame->reg[REG_SP] = at - 16;
    return true;
}

/* Makes the space of a program about to start, and the registers it starts with. */
static s32 prepare(const struct program *program, const char *path,
                   const struct arguments *arguments, struct trapframe *frame,
                   struct space **result) {
    struct space *space = space_new();
    s32 error;

    if (space == NULL) {
        return -E_NOMEM;
    }
    error = program == NULL ? program_load_file(space, path, &frame->epc)
            : program_load(space, program, &frame->epc) ? 0 : -E_NOEXEC;
    if (error != 0) {
        space_free(space);
        return error;
    }
    if (!push_arguments(space, arguments, frame)) {
        space_free(space);
        return -E_NOMEM;
    }
    *result = space;
    return 0;
}

static void enter_user(void *frame) {
    trap_return(frame);
}

static struct trapframe *first_frame(const struct thread *thread) {
    return (struct trapframe *)((u32)thread->stack + PAGE_SIZE) - 1;
}

/* A thread that will enter user mode as its first trapframe says. */
static struct thread *new_process(const char *name) {
    struct thread *thread = thread_new(name, enter_user, NULL);
    struct process *process;

    if (thread == NULL) {
        return NULL;
    }
    process = &processes[thread - threads];
    memset(process, 0, sizeof *process);
    process->thread = thread;
    process->group = thread->pid;
    process->directory[0] = '/';
    thread->priority = PRIORITY_USER;
    thread->argument = first_frame(thread);
    thread->process = process;
    return thread;
}

/* ---- from the kernel */

/* Splits a command into its words. */
static void split(const char *command, struct arguments *arguments) {
    arguments->count = 0;
    arguments->length = 0;
    while (*command != 0 && arguments->count < MAX_ARGS) {
        while (*command == ' ') {
            command++;
        }
        if (*command == 0) {
            break;
        }
        while (*command != 0 && *command != ' ' &&
               arguments->length < sizeof arguments->text - 1) {
            arguments->text[arguments->length++] = *command++;
        }
        arguments->text[arguments->length++] = 0;
        arguments->count++;
    }
}

static struct thread *prepare_start(const struct arguments *arguments, const char **reason) {
    const struct program *program = program_find(arguments->text);
    struct thread *thread;
    struct trapframe *frame;
    u32 i;

    if (program == NULL) {
        *reason = "no such program";
        return NULL;
    }
    thread = new_process(program->name);
    if (thread == NULL) {
        *reason = "too many processes";
        return NULL;
    }
    frame = first_frame(thread);
    if (prepare(program, NULL, arguments, frame, &thread->space) != 0) {
        thread_abandon(thread);
        *reason = "out of memory";
        return NULL;
    }
    /* User mode and interrupts on, as the "previous" pair that RFE will pop. */
    frame->status = IRQ_USED | ST_KUP | ST_IEP;
    if (console_group() != 0) {
        thread->process->group = console_group(); /* so that ^C reaches it */
    }
    for (i = 0; i < 3; i++) {
        thread->process->files[i] = file_console();
    }
    return thread;
}

struct thread *process_prepare_words(const char *first, const char *second, const char *rest) {
    struct arguments *arguments = page_alloc();
    struct thread *thread = NULL;
    const char *words[] = {first, second, rest};
    const char *reason;
    u32 i;

    if (arguments != NULL) {
        for (i = 0; i < COUNT_OF(words); i++) {
            strcopy(arguments->text + arguments->length, words[i],
                    sizeof arguments->text - arguments->length);
            arguments->length += strlen(words[i]) + 1;
        }
        arguments->count = COUNT_OF(words);
        thread = prepare_start(arguments, &reason);
        page_free(arguments);
    }
    return thread;
}

struct thread *process_start_words(const char *first, const char *second, const char *rest) {
    struct thread *thread = process_prepare_words(first, second, rest);

    if (thread != NULL) {
        thread_start(thread);
    }
    return thread;
}

void process_detach(struct thread *thread, struct file *output) {
    struct process *process = thread->process;
    u32 fd;

    for (fd = 0; fd <= 2; fd++) {
        file_close(process->files[fd]);
    }
    process->files[0] = file_nothing();
    process->files[1] = output;
    process->files[2] = file_share(output);
    process->group = thread->pid;
}

void process_usage(const struct thread *thread, struct usage *usage) {
    const struct process *process = thread->process;
    const struct space *space = thread->space;

    if (process == NULL) {
        memset(usage, 0, sizeof *usage);
        usage->cpu_us = thread->used_us;
        return;
    }
    *usage = process->children;
    usage->cpu_us += thread->used_us;
    usage->calls += process->calls;
    usage->faults += space != NULL ? space->faults : 0;
    usage->copies += space != NULL ? space->copies : 0;
    usage->sectors_read += process->sectors_read;
    usage->sectors_written += process->sectors_written;
}

struct thread *process_start(const char *command, const char **reason) {
    struct arguments *arguments = page_alloc();
    struct thread *thread;

    if (arguments == NULL) {
        *reason = "out of memory";
        return NULL;
    }
    split(command, arguments);
    thread = prepare_start(arguments, reason);
    page_free(arguments);
    if (thread != NULL) {
        thread_start(thread);
    }
    return thread;
}

u32 process_run(const char *command) {
    const char *reason;
    struct thread *thread = process_start(command, &reason);
    u32 status;

    if (thread == NULL) {
        kprintf("%s: %s\n", command, reason);
        return 1;
    }
    thread_wait(thread->pid, &status, 0);
    return status;
}

/* ---- from a process */

s32 process_fork(const struct trapframe *frame) {
    struct thread *self = current();
    struct process *parent = self->process;
    struct thread *thread = new_process(self->name);
    struct process *process;
    struct trapframe *child;
    u32 i;

    if (thread == NULL) {
        return -E_AGAIN;
    }
    thread->space = space_fork(self->space);
    if (thread->space == NULL) {
        thread_abandon(thread);
        return -E_NOMEM;
    }
    process = thread->process;
    process->group = parent->group;
    memcpy(process->directory, parent->directory, sizeof process->directory);
    memcpy(process->handlers, parent->handlers, sizeof process->handlers);
    process->restorer = parent->restorer;
    process->blocked = parent->blocked;
    for (i = 0; i < MAX_FILES; i++) {
        process->files[i] = parent->files[i] != NULL ? file_share(parent->files[i]) : NULL;
    }
    thread->priority = self->priority;
    thread->allowed_cpus = self->allowed_cpus;
    child = first_frame(thread);
    *child = *frame;
    child->reg[REG_V0] = 0;
    i = thread->pid; /* once it runs, it may be gone before we say so */
    thread_start(thread);
    return (s32)i;
}

/* Collects argv from user memory. */
static s32 take_arguments(struct space *space, u32 argv, struct arguments *arguments) {
    for (arguments->count = 0;; arguments->count++) {
        u32 address;
        char *to = arguments->text + arguments->length;

        if (!copy_in(space, &address, argv + arguments->count * 4, 4)) {
            return -E_FAULT;
        }
        if (address == 0) {
            return arguments->count > 0 ? 0 : -E_INVAL;
        }
        if (arguments->count == MAX_ARGS ||
            !copy_in_string(space, to, address, sizeof arguments->text - arguments->length)) {
            return -E_TOOBIG;
        }
        arguments->length += strlen(to) + 1;
    }
}

static const char *last_name(const char *path) {
    const char *name = path;

    for (; *path != 0; path++) {
        if (*path == '/') {
            name = path + 1;
        }
    }
    return name;
}

/* From here on the process is another program. */
static void become(struct thread *thread, struct space *space, const char *name) {
    struct process *process = thread->process;
    struct space *old = thread->space;
    u32 irqs, i;

    irqs = irq_save();
    thread->space = space;
    space_activate(space);
    irq_restore(irqs);
    space->faults += old->faults; /* the account goes on */
    space->copies += old->copies;
    space_free(old);
    strcopy(thread->name, name, sizeof thread->name);
    irqs = spin_lock(&sched_lock);
    for (i = 0; i < SIGNALS; i++) {
        if (process->handlers[i] != SIG_IGNORE) {
            process->handlers[i] = SIG_DEFAULT; /* the code of the handlers is gone */
        }
    }
    spin_unlock(&sched_lock, irqs);
}

s32 process_exec(struct trapframe *frame, u32 argv) {
    struct thread *thread = current();
    struct arguments *arguments = page_alloc();
    const struct program *program;
    struct trapframe fresh = *frame;
    struct space *space;
    char path[PATH_BYTES];
    s32 error;

    if (arguments == NULL) {
        return -E_NOMEM;
    }
    error = take_arguments(thread->space, argv, arguments);
    program = error == 0 ? program_find(arguments->text) : NULL;
    if (error == 0 && program == NULL &&
        !path_clean(thread->process->directory, arguments->text, path)) {
        error = -E_TOOBIG;
    }
    if (error == 0) {
        error = prepare(program, path, arguments, &fresh, &space);
    }
    if (error == 0) {
        become(thread, space, program != NULL ? program->name : last_name(path));
    }
    page_free(arguments);
    if (error != 0) {
        return error;
    }
    *frame = fresh;
    return 0;
}

void process_exit(u32 status) {
    struct thread *thread = current();
    struct process *process = thread->process;
    struct space *space = thread->space;
    u32 irqs, i;

    for (i = 0; i < MAX_FILES; i++) {
        if (process->files[i] != NULL) {
            file_close(process->files[i]);
            process->files[i] = NULL;
        }
    }
    process->alarm = false;
    process->children.faults += space->faults; /* the account outlives the space */
    process->children.copies += space->copies;
    irqs = irq_save();
    thread->space = NULL;
    space_activate(NULL);
    irq_restore(irqs);
    space_free(space);
    thread_exit(status);
}
