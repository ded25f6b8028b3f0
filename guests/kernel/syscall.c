/* System calls: what user programs may ask for. Arguments are checked, never trusted. */
#include "../lib/syscall.h"
#include "kernel.h"

#define REFUSED 0xffffffff

static u32 sys_write(struct space *space, u32 fd, u32 text, u32 length) {
    char chunk[128];
    u32 done, bytes;

    if (fd != 1 && fd != 2) {
        return REFUSED;
    }
    for (done = 0; done < length; done += bytes) {
        bytes = length - done < sizeof chunk ? length - done : sizeof chunk;
        if (!copy_in(space, chunk, text + done, bytes)) {
            return REFUSED;
        }
        console_write(chunk, bytes);
    }
    return length;
}

static u32 sys_read(struct space *space, u32 fd, u32 buffer, u32 size) {
    char line[200];
    u32 length;

    if (fd != 0 || size < 2) {
        return REFUSED;
    }
    if (!console_read_line(line, size - 1 < sizeof line - 1 ? size - 1 : sizeof line - 1)) {
        return 0;
    }
    length = strlen(line);
    line[length++] = '\n';
    return copy_out(space, buffer, line, length) ? length : REFUSED;
}

static u32 sys_sbrk(struct space *space, s32 bytes) {
    u32 old = space->heap_end;
    u32 end = old + (u32)bytes;

    /* The heap only grows: giving pages back would mean telling other CPUs' TLBs. */
    if (bytes < 0 || end < old || end > STACK_LIMIT) {
        return REFUSED;
    }
    space->heap_end = end;
    return old;
}

static u32 sys_spawn(struct space *space, u32 command) {
    char words[128];
    const char *reason;
    struct thread *child;

    if (!copy_in_string(space, words, command, sizeof words)) {
        return REFUSED;
    }
    child = process_start(words, &reason);
    return child != NULL ? child->pid : REFUSED;
}

static u32 sys_wait(struct space *space, u32 pid, u32 status_address) {
    u32 which, status;

    if (!thread_wait(pid, &which, &status)) {
        return REFUSED;
    }
    if (status_address != 0 && !copy_out(space, status_address, &status, sizeof status)) {
        return REFUSED;
    }
    return which;
}

static u32 dispatch(struct trapframe *frame) {
    struct thread *thread = current();
    u32 a0 = frame->reg[REG_A0];
    u32 a1 = frame->reg[REG_A1];
    u32 a2 = frame->reg[REG_A2];

    switch (frame->reg[REG_V0]) {
    case SYS_EXIT:
        thread_exit(a0 & 127); /* from 128 on, a status means "killed" */
    case SYS_WRITE:
        return sys_write(thread->space, a0, a1, a2);
    case SYS_READ:
        return sys_read(thread->space, a0, a1, a2);
    case SYS_GETPID:
        return thread->pid;
    case SYS_YIELD:
        yield();
        return 0;
    case SYS_SLEEP:
        clock_sleep(a0);
        return clock_present() ? 0 : REFUSED;
    case SYS_SBRK:
        return sys_sbrk(thread->space, (s32)a0);
    case SYS_SPAWN:
        return sys_spawn(thread->space, a0);
    case SYS_WAIT:
        return sys_wait(thread->space, a0, a1);
    case SYS_TIME:
        return clock_ms();
    case SYS_CPU:
        return cpu_number();
    case SYS_PREEMPTED:
        return thread->preempted;
    default:
        return REFUSED;
    }
}

void syscall(struct trapframe *frame) {
    if (frame->cause & CAUSE_BD) {
        /* Returning would need the branch's target; no compiler puts a syscall there. */
        kprintf("%s (pid %u): system call in a delay slot; killed\n", current()->name,
                current()->pid);
        thread_exit(STATUS_KILLED + EX_SYS);
    }
    frame->epc += 4;
    frame->reg[REG_V0] = dispatch(frame);
}
