/* System calls: what user programs may ask for. Arguments are checked, never trusted. */
#include "kernel.h"

const char *error_name(s32 error) {
    static const char *const names[E_LAST] = {
        [E_PERM] = "not permitted", [E_NOENT] = "no such file", [E_INTR] = "interrupted",
        [E_IO] = "input/output error", [E_TOOBIG] = "too long", [E_NOEXEC] = "not a program",
        [E_BADF] = "bad descriptor", [E_CHILD] = "no such process", [E_AGAIN] = "too many processes",
        [E_NOMEM] = "out of memory", [E_FAULT] = "bad address", [E_BUSY] = "in use", [E_EXIST] = "exists",
        [E_NODEV] = "no such device", [E_NOTDIR] = "not a directory", [E_ISDIR] = "is a directory",
        [E_INVAL] = "invalid argument", [E_MFILE] = "too many open files", [E_NOSPC] = "no space",
        [E_PIPE] = "nobody reads", [E_NOTEMPTY] = "not empty",
    };

    return error < 0 && error > -E_LAST && names[-error] != NULL ? names[-error] : "unknown error";
}

/* ---- descriptors */

static struct file *file_of(const struct process *process, u32 fd) {
    return fd < MAX_FILES ? process->files[fd] : NULL;
}

/* Puts a file at the lowest free descriptor, and closes it if there is none. */
static s32 install(struct process *process, struct file *file) {
    s32 fd;

    for (fd = 0; fd < MAX_FILES; fd++) {
        if (process->files[fd] == NULL) {
            process->files[fd] = file;
            return fd;
        }
    }
    file_close(file);
    return -E_MFILE;
}

static s32 sys_close(struct process *process, u32 fd) {
    struct file *file = file_of(process, fd);

    if (file == NULL) {
        return -E_BADF;
    }
    process->files[fd] = NULL;
    file_close(file);
    return 0;
}

static s32 sys_dup(struct process *process, u32 fd, u32 wanted) {
    struct file *file = file_of(process, fd);

    if (file == NULL || wanted >= MAX_FILES) {
        return -E_BADF;
    }
    if (fd != wanted) {
        sys_close(process, wanted);
        process->files[wanted] = file_share(file);
    }
    return (s32)wanted;
}

static s32 sys_pipe(struct process *process, u32 address) {
    struct file *reader, *writer;
    s32 fds[2];
    s32 error = file_pipe(&reader, &writer);

    if (error != 0) {
        return error;
    }
    fds[0] = install(process, reader);
    fds[1] = install(process, writer);
    error = fds[0] < 0 || fds[1] < 0 ? -E_MFILE
            : copy_out(process->thread->space, address, fds, sizeof fds) ? 0 : -E_FAULT;
    if (error != 0) {
        sys_close(process, (u32)fds[0]);
        sys_close(process, (u32)fds[1]);
    }
    return error;
}

/*
 * Reading and writing go through memory of the kernel: a page for files, where each call is a
 * transaction; on the stack for the rest.
 */
static s32 sys_write(struct process *process, u32 fd, u32 from, u32 length) {
    struct file *file = file_of(process, fd);
    char small[256];
    bool large = file != NULL && file->kind >= FILE_DISK;
    u32 size = large ? PAGE_SIZE : sizeof small;
    char *buffer = large ? page_take() : small;
    u32 done = 0;
    s32 wrote = 0;

    if (file == NULL || buffer == NULL) {
        return file == NULL ? -E_BADF : -E_NOMEM;
    }
    while (done < length) {
        u32 bytes = length - done < size ? length - done : size;

        wrote = copy_in(process->thread->space, buffer, from + done, bytes)
                    ? file_write(file, buffer, bytes) : -E_FAULT;
        if (wrote <= 0) {
            break;
        }
        done += (u32)wrote;
    }
    if (large) {
        page_free(buffer);
    }
    if (wrote == -E_PIPE) {
        signal_send((s32)process->thread->pid, SIG_PIPE);
    }
    return done > 0 ? (s32)done : wrote;
}

static s32 sys_read(struct process *process, u32 fd, u32 to, u32 size) {
    struct file *file = file_of(process, fd);
    char small[256];
    bool large = file != NULL && file->kind >= FILE_DISK;
    u32 limit = large ? PAGE_SIZE : sizeof small;
    char *buffer = large ? page_take() : small;
    s32 got;

    if (file == NULL || buffer == NULL) {
        return file == NULL ? -E_BADF : -E_NOMEM;
    }
    got = file_read(file, buffer, size < limit ? size : limit);
    if (got > 0 && !copy_out(process->thread->space, to, buffer, (u32)got)) {
        got = -E_FAULT;
    }
    if (large) {
        page_free(buffer);
    }
    return got;
}

/* ---- names */

/* A path from user memory, made absolute. */
static s32 take_path(const struct process *process, u32 address, char *clean) {
    char path[PATH_BYTES];

    if (!copy_in_string(process->thread->space, path, address, sizeof path)) {
        return -E_FAULT;
    }
    return path_clean(process->directory, path, clean) ? 0 : -E_TOOBIG;
}

static s32 sys_open(struct process *process, const char *path, u32 flags) {
    struct file *file;
    s32 error = file_open(path, flags, &file);

    return error == 0 ? install(process, file) : error;
}

static s32 sys_stat(struct process *process, const char *path, u32 address) {
    struct stat stat;
    s32 error = path_stat(path, &stat);

    if (error == 0 && !copy_out(process->thread->space, address, &stat, sizeof stat)) {
        error = -E_FAULT;
    }
    return error;
}

static s32 sys_list(struct process *process, const char *path, u32 index, u32 address) {
    char name[NAME_BYTES];
    s32 result = path_list(path, index, name);

    if (result == 1 && !copy_out(process->thread->space, address, name, sizeof name)) {
        result = -E_FAULT;
    }
    return result;
}

static s32 sys_chdir(struct process *process, const char *path) {
    struct stat stat;
    s32 error = path_stat(path, &stat);

    if (error == 0 && stat.type != STAT_DIRECTORY) {
        error = -E_NOTDIR;
    }
    if (error == 0) {
        strcopy(process->directory, path, sizeof process->directory);
    }
    return error;
}

static s32 sys_rename(struct process *process, const char *from, u32 address) {
    char to[PATH_BYTES];
    s32 error = take_path(process, address, to);

    return error == 0 ? path_rename(from, to) : error;
}

/* The calls whose first argument is a path. */
static s32 path_call(struct process *process, u32 number, const struct trapframe *frame) {
    u32 a1 = frame->reg[REG_A1];
    u32 a2 = frame->reg[REG_A2];
    char path[PATH_BYTES];
    s32 error = take_path(process, frame->reg[REG_A0], path);

    if (error != 0) {
        return error;
    }
    switch (number) {
    case SYS_OPEN:
        return sys_open(process, path, a1);
    case SYS_STAT:
        return sys_stat(process, path, a1);
    case SYS_LIST:
        return sys_list(process, path, a1, a2);
    case SYS_MKDIR:
        return path_make_directory(path);
    case SYS_REMOVE:
        return path_remove(path);
    case SYS_RENAME:
        return sys_rename(process, path, a1);
    default:
        return sys_chdir(process, path);
    }
}

/* ---- processes */

static s32 sys_sbrk(struct space *space, s32 bytes) {
    u32 old = space->heap_end;
    u32 end = old + (u32)bytes;

    /* The heap only grows. */
    if (bytes < 0 || end < old || end > STACK_LIMIT) {
        return -E_NOMEM;
    }
    space->heap_end = end;
    return (s32)old;
}

static s32 sys_wait(struct space *space, u32 pid, u32 status_address, u32 flags) {
    u32 status;
    s32 which = thread_wait(pid, &status, flags);

    if (which > 0 && status_address != 0 &&
        !copy_out(space, status_address, &status, sizeof status)) {
        return -E_FAULT;
    }
    return which;
}

static s32 sys_sleep(u32 milliseconds) {
    static const char nobody_wakes_this[1];
    u32 irqs;
    enum wake wake;

    if (!clock_present()) {
        return -E_NODEV;
    }
    if (milliseconds == 0) {
        yield();
        return 0;
    }
    irqs = spin_lock(&sched_lock);
    wake = sleep_interruptible(nobody_wakes_this, &sched_lock, milliseconds);
    spin_unlock(&sched_lock, irqs);
    return wake == INTERRUPTED ? -E_INTR : 0;
}

static struct thread *process_by_pid(u32 pid) {
    u32 i;

    for (i = 0; i < MAX_THREADS; i++) {
        if (threads[i].state != FREE && threads[i].process != NULL && threads[i].pid == pid) {
            return &threads[i];
        }
    }
    return NULL;
}

static s32 sys_group(struct thread *self, u32 pid, u32 group) {
    struct thread *thread = pid != 0 ? process_by_pid(pid) : self;

    if (thread == NULL || (thread != self && thread->parent != self)) {
        return -E_CHILD;
    }
    thread->process->group = group != 0 ? group : thread->pid;
    return 0;
}

static s32 sys_nice(struct thread *self, u32 pid, u32 priority) {
    struct thread *thread = pid != 0 ? process_by_pid(pid) : self;
    u32 previous;

    if (thread == NULL || priority >= PRIORITIES) {
        return thread == NULL ? -E_CHILD : -E_INVAL;
    }
    previous = thread->priority;
    thread_set_priority(thread, priority);
    if (thread == self) {
        yield(); /* somebody more urgent may be waiting now */
    }
    return (s32)previous;
}

static s32 sys_operator(struct process *process, u32 address) {
    char command[256];
    s32 status;

    if (!copy_in_string(process->thread->space, command, address, sizeof command)) {
        return -E_FAULT;
    }
    return operator_run(command, process->files[1], &status) ? status : -E_NOENT;
}

static s32 sys_verdict(struct space *space, u32 address) {
    char reason[64];

    if (!copy_in_string(space, reason, address, sizeof reason)) {
        return -E_FAULT;
    }
    verdict_fail("%s", reason);
    return 0;
}

static s32 dispatch(struct thread *thread, struct trapframe *frame) {
    struct process *process = thread->process;
    u32 a0 = frame->reg[REG_A0];
    u32 a1 = frame->reg[REG_A1];
    u32 a2 = frame->reg[REG_A2];

    switch (frame->reg[REG_V0]) {
    case SYS_EXIT:
        process_exit(a0 & 127); /* from 128 on, a status means "killed" */
    case SYS_WRITE:
        return sys_write(process, a0, a1, a2);
    case SYS_READ:
        return sys_read(process, a0, a1, a2);
    case SYS_GETPID:
        return (s32)thread->pid;
    case SYS_GETPPID:
        return thread->parent != NULL ? (s32)thread->parent->pid : 0;
    case SYS_YIELD:
        yield();
        return 0;
    case SYS_SLEEP:
        return sys_sleep(a0);
    case SYS_SBRK:
        return sys_sbrk(thread->space, (s32)a0);
    case SYS_FORK:
        return process_fork(frame);
    case SYS_EXEC:
        return process_exec(frame, a0);
    case SYS_WAIT:
        return sys_wait(thread->space, a0, a1, a2);
    case SYS_TIME:
        return (s32)clock_ms();
    case SYS_CPU:
        return (s32)cpu_number();
    case SYS_PREEMPTED:
        return (s32)thread->preempted;
    case SYS_OPEN:
    case SYS_STAT:
    case SYS_LIST:
    case SYS_MKDIR:
    case SYS_REMOVE:
    case SYS_RENAME:
    case SYS_CHDIR:
        return path_call(process, frame->reg[REG_V0], frame);
    case SYS_CLOSE:
        return sys_close(process, a0);
    case SYS_PIPE:
        return sys_pipe(process, a0);
    case SYS_DUP:
        return sys_dup(process, a0, a1);
    case SYS_SEEK:
        return file_of(process, a0) != NULL ? file_seek(file_of(process, a0), a1) : -E_BADF;
    case SYS_KILL:
        return a0 != 0 ? signal_send((s32)a0, a1) : -E_INVAL;
    case SYS_SIGNAL:
        return signal_handler(a0, a1, a2);
    case SYS_SIGRETURN:
        return signal_return(frame);
    case SYS_SIGMASK:
        return signal_mask(a0);
    case SYS_PAUSE:
        return signal_pause(a0);
    case SYS_ALARM:
        return signal_alarm(a0);
    case SYS_GROUP:
        return sys_group(thread, a0, a1);
    case SYS_FOREGROUND:
        console_foreground(a0 != 0 ? a0 : process->group);
        return 0;
    case SYS_NICE:
        return sys_nice(thread, a0, a1);
    case SYS_OPERATOR:
        return sys_operator(process, a0);
    case SYS_VERDICT:
        return sys_verdict(thread->space, a0);
    default:
        return -E_INVAL;
    }
}

void syscall(struct trapframe *frame) {
    struct thread *thread = current();
    u32 number = frame->reg[REG_V0];
    s32 result;

    if (frame->cause & CAUSE_BD) {
        /* Returning would need the branch's target; no compiler puts a syscall there. */
        kprintf("%s (pid %u): system call in a delay slot\n", thread->name, thread->pid);
        process_exit(STATUS_KILLED + SIG_ILL);
    }
    frame->epc += 4;
    thread->process->calls++;
    result = dispatch(thread, frame);
    if (number != SYS_EXEC || result != 0) {
        frame->reg[REG_V0] = (u32)result;
    }
    if (result == -E_INTR && number != SYS_SIGRETURN) {
        thread->process->interrupted = number;
    }
}
