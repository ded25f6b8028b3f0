/*
 * Signals. Sending one sets a bit; the process itself acts on it, on its way back to user mode
 * (exception.c), so a signal never finds it in the middle of the kernel. What makes the way short:
 * an interruptible sleep ends, and a process running on another CPU gets an IPI.
 *
 * A handler runs on the user's stack, above a copy of the interrupted registers; it returns to
 * the restorer, a system call that puts them back.
 */
#include "bugs.h"
#include "kernel.h"

#define BIT(signal) (1u << (signal))
#define STOPPING (BIT(SIG_STOP) | BIT(SIG_TSTP) | BIT(SIG_TTIN))
#define UNBLOCKABLE (BIT(SIG_KILL) | BIT(SIG_STOP))

/* What a handler's stack holds, lowest address last pushed. */
struct interruption {
    u32 arguments[4]; /* words every C function may scribble on */
    struct trapframe frame;
    u32 blocked;
};

static bool is_ignored(const struct process *process, u32 signal) {
    u32 handler = process->handlers[signal];

    return handler == SIG_IGNORE ||
           (handler == SIG_DEFAULT && (signal == SIG_CHLD || signal == SIG_CONT));
}

bool signal_waiting(const struct thread *thread) {
    const struct process *process = thread->process;

    return process != NULL && (process->pending & ~process->blocked) != 0;
}

bool signal_post(struct thread *thread, u32 signal) {
    struct process *process = thread->process;

    if (process == NULL || thread->state == ZOMBIE) {
        return false;
    }
    if (signal == SIG_CONT) {
        process->pending &= ~STOPPING;
        if (thread->state == STOPPED) {
            thread_interrupt(thread);
        }
    } else if (BIT(signal) & STOPPING) {
        process->pending &= ~BIT(SIG_CONT);
    }
    if (is_ignored(process, signal)) {
        return false;
    }
    process->pending |= BIT(signal);
    if (thread->state != STOPPED ? signal_waiting(thread) : signal == SIG_KILL) {
        thread_interrupt(thread);
    }
    return true;
}

s32 signal_send(s32 pid, u32 signal) {
    u32 irqs;
    s32 result = -E_CHILD;
    u32 i;

    if (signal >= SIGNALS) {
        return -E_INVAL;
    }
    irqs = spin_lock(&sched_lock);
    for (i = 0; i < MAX_THREADS; i++) {
        struct thread *thread = &threads[i];
        struct process *process = thread->process;

        if (thread->state != FREE && process != NULL &&
            (pid > 0 ? thread->pid == (u32)pid : process->group == (u32)-pid)) {
            bool cares = signal != 0 && signal_post(thread, signal);

            result = result == 1 || cares;
        }
    }
    spin_unlock(&sched_lock, irqs);
    return result;
}

/* Takes the next signal to act on, 0 if there is none. */
static u32 take(struct process *process, u32 *handler) {
    u32 irqs = spin_lock(&sched_lock);
    u32 waiting = process->pending & ~process->blocked;
    u32 signal = 0;

    if (waiting != 0) {
        while (!(waiting & BIT(signal))) {
            signal++;
        }
        process->pending &= ~BIT(signal);
        *handler = process->handlers[signal];
        if (*handler == SIG_DEFAULT && (BIT(signal) & STOPPING)) {
            thread_stop();
        }
    }
    if (process->pausing && signal == 0) {
        process->pausing = false;
        process->blocked = process->blocked_before_pause;
    }
    spin_unlock(&sched_lock, irqs);
    return signal;
}

/* Makes the process continue in the handler. False if its stack is no good. */
static bool call_handler(struct process *process, struct trapframe *frame, u32 signal,
                         u32 handler) {
    struct interruption saved;
    u32 sp = (frame->reg[REG_SP] - sizeof saved) & ~7u;

    memset(saved.arguments, 0, sizeof saved.arguments);
    saved.frame = *frame;
    saved.blocked = process->pausing ? process->blocked_before_pause : process->blocked;
    process->pausing = false;
    if (!copy_out(process->thread->space, sp, &saved, sizeof saved)) {
        return false;
    }
    process->blocked |= BIT(signal);
    frame->reg[REG_A0] = signal;
    frame->reg[REG_SP] = sp;
    frame->reg[REG_RA] = process->restorer;
    frame->reg[REG_T9] = handler;
    frame->epc = handler;
    return true;
}

void signal_deliver(struct trapframe *frame) {
    struct process *process = current()->process;
    u32 signal, handler;
    bool handled = false;

    while (!handled && (signal = take(process, &handler)) != 0) {
        if (handler == SIG_IGNORE) {
            continue;
        }
        if (handler != SIG_DEFAULT) {
            if (!call_handler(process, frame, signal, handler)) {
                process_exit(STATUS_KILLED + SIG_SEGV);
            }
            handled = true;
        } else if (!(BIT(signal) & (STOPPING | BIT(SIG_CHLD) | BIT(SIG_CONT)))) {
            process_exit(STATUS_KILLED + signal);
        }
    }
    if (process->interrupted != 0 && !handled) {
        /* The call was cut short for a signal that nobody handled: make it again. */
        frame->reg[REG_V0] = process->interrupted;
        frame->epc -= 4;
    }
    process->interrupted = 0;
}

s32 signal_return(struct trapframe *frame) {
    struct process *process = current()->process;
    struct interruption saved;
    u32 status = frame->status;

    if (!copy_in(process->thread->space, &saved, frame->reg[REG_SP], sizeof saved)) {
        process_exit(STATUS_KILLED + SIG_SEGV);
    }
    *frame = saved.frame;
    frame->status = status; /* never the user's word for that */
    signal_mask(saved.blocked);
    return (s32)frame->reg[REG_V0];
}

s32 signal_handler(u32 signal, u32 handler, u32 restorer) {
    struct process *process = current()->process;
    u32 irqs, previous;

    if (signal == 0 || signal >= SIGNALS || (BIT(signal) & UNBLOCKABLE)) {
        return -E_INVAL;
    }
    irqs = spin_lock(&sched_lock);
    previous = process->handlers[signal];
    process->handlers[signal] = handler;
    process->restorer = restorer;
    if (is_ignored(process, signal)) {
        process->pending &= ~BIT(signal);
    }
    spin_unlock(&sched_lock, irqs);
    return (s32)previous;
}

s32 signal_mask(u32 mask) {
    struct process *process = current()->process;
    u32 irqs = spin_lock(&sched_lock);
    u32 previous = process->blocked;

    process->blocked = mask & ~UNBLOCKABLE;
    spin_unlock(&sched_lock, irqs);
    return (s32)previous;
}

/*
 * Changing the mask and going to sleep are one step, under one lock: a signal that comes between
 * "is there one?" and "then I sleep" would otherwise be slept through.
 */
s32 signal_pause(u32 mask) {
    struct process *process = current()->process;
    u32 irqs;

    bool waiting = bug(BUG_SIGNAL) && (process->pending & ~mask) != 0;

    /* With the bug, a signal that comes here is seen by nobody: sleep_until does not look again. */
    irqs = spin_lock(&sched_lock);
    process->blocked_before_pause = process->blocked;
    process->blocked = mask & ~UNBLOCKABLE;
    process->pausing = true; /* the old mask comes back when the signal is delivered */
    if (!waiting) {
        sleep_interruptible(process, &sched_lock, 0);
    }
    spin_unlock(&sched_lock, irqs);
    return -E_INTR;
}

s32 signal_alarm(u32 milliseconds) {
    struct process *process = current()->process;
    u32 irqs = spin_lock(&sched_lock);

    process->alarm = milliseconds != 0;
    process->alarm_at = clock_ms() + milliseconds;
    if (process->alarm) {
        clock_arm(process->alarm_at);
    }
    spin_unlock(&sched_lock, irqs);
    return clock_present() ? 0 : -E_NODEV;
}

void signal_alarms(u32 now) {
    u32 i;

    for (i = 0; i < MAX_THREADS; i++) {
        struct process *process = threads[i].state != FREE ? threads[i].process : NULL;

        if (process == NULL || !process->alarm) {
            continue;
        }
        if ((s32)(now - process->alarm_at) >= 0) {
            process->alarm = false;
            signal_post(&threads[i], SIG_ALRM);
        } else {
            clock_arm(process->alarm_at);
        }
    }
}

u32 signal_of_exception(u32 code) {
    switch (code) {
    case EX_ADEL:
    case EX_ADES:
    case EX_IBE:
    case EX_DBE:
        return SIG_BUS;
    case EX_BP:
        return SIG_TRAP;
    case EX_RI:
    case EX_CPU:
        return SIG_ILL;
    case EX_OVF:
        return SIG_FPE;
    default:
        return SIG_SEGV;
    }
}
