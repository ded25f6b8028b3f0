/*
 * Threads: one table, and one ready queue for each priority, shared by all CPUs. Each CPU has a
 * scheduler loop on a stack of its own; threads switch to that loop and it switches to the next
 * one. sched_lock is held across every switch and released by the other side, so no CPU can
 * pick up a thread that has not quite left its stack.
 *
 * The most urgent ready thread runs; equals take turns, a quantum each. One turn in sixteen goes
 * to the least urgent instead, so that nobody starves.
 */
#include "bugs.h"
#include "kernel.h"

#define CONTEXT_SP 9
#define CONTEXT_RA 10
#define STACK_MARK 0x57acc0de /* at the low end of a kernel stack: overwritten = overflowed */
#define CYCLES_PER_US 25

struct cpu cpus[MAX_CPUS];
struct thread threads[MAX_THREADS];
u32 quantum_cycles = QUANTUM_DEFAULT;
u32 cpu_limit = 1;

extern u8 *cpu_kernel_stack[MAX_CPUS];

struct spinlock sched_lock;

struct queue {
    struct thread *first;
    struct thread *last;
};

static struct queue ready[PRIORITIES];
static struct thread *blocked_first; /* short, so that waking is quick: interrupts are off */
static u32 next_pid = 1;

struct thread *current(void) {
    u32 irqs = irq_save(); /* or we might ask one CPU and be moved to another */
    struct thread *thread = cpus[cpu_number()].thread;

    irq_restore(irqs);
    return thread;
}

void quantum_start(void) {
    mtc0(C0_COUNT, 0);
    mtc0(C0_COMPARE, quantum_cycles);
}

void quantum_over(void) {
    struct cpu *cpu = &cpus[cpu_number()];

    cpu->slice += quantum_cycles;
    quantum_start(); /* writing COMPARE also lowers the line */
    cpu->ticks++;
    cpu->resched = true;
}

/* ---- the ready queues; sched_lock held */

static void enqueue(struct thread *thread) {
    struct queue *queue = &ready[thread->priority];

    thread->state = READY;
    thread->timed = false;
    thread->channel = NULL;
    thread->next = NULL;
    if (queue->last != NULL) {
        queue->last->next = thread;
    } else {
        queue->first = thread;
    }
    queue->last = thread;
}

/* Finds a CPU for a thread that became ready: an idle one, or the one doing the least urgent work. */
static void claim_cpu(const struct thread *thread) {
    u32 self = cpu_number();
    struct cpu *worst = NULL;
    u32 i;

    if (cpus[self].idle && (thread->allowed_cpus & (1u << self))) {
        return; /* we are in an interrupt of the scheduler's loop: it will look at the queue */
    }
    for (i = 0; i < cpu_limit; i++) {
        struct cpu *cpu = &cpus[i];

        if (!(thread->allowed_cpus & (1u << i))) {
            continue;
        }
        if (i != self && cpu->idle) {
            cpu->idle = false; /* the next thread shall wake another one */
            ipi_send(i);
            return;
        }
        if (cpu->online && cpu->thread != NULL && !cpu->resched &&
            cpu->thread->priority > thread->priority &&
            (worst == NULL || cpu->thread->priority > worst->thread->priority)) {
            worst = cpu;
        }
    }
    if (worst != NULL) {
        worst->resched = true; /* seen on the way out of its next trap; an IPI is one */
        if (worst->number != self) {
            ipi_send(worst->number);
        }
    }
}

static void make_ready(struct thread *thread) {
    enqueue(thread);
    claim_cpu(thread);
}

static void unlink_ready(struct queue *queue, struct thread *before, struct thread *thread) {
    if (before != NULL) {
        before->next = thread->next;
    } else {
        queue->first = thread->next;
    }
    if (queue->last == thread) {
        queue->last = before;
    }
}

static struct thread *take_from(struct queue *queue, u32 cpu) {
    struct thread *before = NULL;
    struct thread *thread;

    for (thread = queue->first; thread != NULL; before = thread, thread = thread->next) {
        if (thread->allowed_cpus & (1u << cpu)) {
            break;
        }
    }
    if (thread != NULL) {
        unlink_ready(queue, before, thread);
    }
    return thread;
}

static struct thread *take_ready(struct cpu *cpu) {
    bool backwards = cpu->switches % 16 == 15;
    struct thread *thread = NULL;
    u32 i;

    for (i = 0; i < PRIORITIES && thread == NULL; i++) {
        struct queue *queue = &ready[backwards ? PRIORITIES - 1 - i : i];

        if (queue->first != NULL) {
            thread = take_from(queue, cpu->number);
        }
    }
    return thread;
}

/* Takes a thread out of the list of those that wait. */
static void unblock(struct thread *thread) {
    struct thread **link = &blocked_first;

    while (*link != thread) {
        link = &(*link)->next;
    }
    *link = thread->next;
    make_ready(thread);
}

/* ---- switching; sched_lock held */

/* From a thread to its CPU's scheduler loop; returns when the thread is chosen again. */
static void leave(struct thread *thread) {
    if (*(u32 *)thread->stack != STACK_MARK) {
        panic("kernel stack of %s overflowed", thread->name);
    }
    switch_context(thread->context, cpus[cpu_number()].context);
}

/* Gives back what a dead thread held. It has no parent any more and is in no queue, so no lock
   is needed: taking an address space apart takes a while. */
static void release(struct thread *thread) {
    if (thread->space != NULL) {
        space_free(thread->space);
    }
    page_free(thread->stack);
    thread->space = NULL;
    thread->process = NULL;
    thread->state = FREE;
}

/* Runs a thread until it leaves; true if it is dead and nobody will wait for it. */
static bool run(struct cpu *cpu, struct thread *thread) {
    u32 cycles;

    thread->state = RUNNING;
    thread->switches++;
    cpu->switches++;
    cpu->thread = thread;
    cpu->idle = false;
    cpu->resched = false;
    cpu->slice = 0;
    cpu_kernel_stack[cpu->number] = (u8 *)thread->stack + PAGE_SIZE;
    space_activate(thread->space);
    quantum_start();
    switch_context(cpu->context, thread->context);
    cycles = cpu->slice + mfc0(C0_COUNT) + thread->cycles_left;
    thread->used_us += cycles / CYCLES_PER_US;
    thread->cycles_left = cycles % CYCLES_PER_US;
    cpu->thread = NULL;
    space_activate(NULL);
    return thread->state == ZOMBIE && thread->parent == NULL;
}

void schedule_loop(void) {
    struct cpu *cpu = &cpus[cpu_number()];

    for (;;) {
        u32 irqs = spin_lock(&sched_lock);
        struct thread *thread = take_ready(cpu);

        if (thread != NULL) {
            bool dead = run(cpu, thread);

            spin_unlock(&sched_lock, irqs);
            if (dead) {
                release(thread);
            }
            continue;
        }
        cpu->idle = true;
        spin_unlock(&sched_lock, irqs);
        /* Interrupts are still off: one that came since we looked makes WAIT return at once. */
        cpu_wait();
        irq_enable();
        __asm__ volatile("nop\n\tnop\n\tnop");
        irq_save();
    }
}

/* ---- what threads call */

/* Where a new thread wakes up, still holding sched_lock like everybody who was switched to. */
static void thread_first(void) {
    struct thread *thread = cpus[cpu_number()].thread;

    spin_unlock(&sched_lock, mfc0(C0_STATUS) | ST_IEC);
    thread->entry(thread->argument);
    thread_exit(0);
}

struct thread *thread_new(const char *name, void (*entry)(void *), void *argument) {
    u32 *stack = page_alloc();
    struct thread *thread = NULL;
    u32 irqs, i;

    if (stack == NULL) {
        return NULL;
    }
    irqs = spin_lock(&sched_lock);
    for (i = 0; i < MAX_THREADS && thread == NULL; i++) {
        if (threads[i].state == FREE) {
            thread = &threads[i];
        }
    }
    if (thread == NULL) {
        spin_unlock(&sched_lock, irqs);
        page_free(stack);
        return NULL;
    }
    memset(thread, 0, sizeof *thread);
    thread->state = BLOCKED;
    thread->pid = next_pid++;
    thread->parent = cpus[cpu_number()].thread;
    spin_unlock(&sched_lock, irqs);

    strcopy(thread->name, name, sizeof thread->name);
    stack[0] = STACK_MARK;
    thread->stack = stack;
    thread->entry = entry;
    thread->argument = argument;
    thread->allowed_cpus = ALL_CPUS;
    thread->priority = PRIORITY_KERNEL;
    /* A process starts from a trapframe at the very top of its stack (proc.c). */
    thread->context[CONTEXT_SP] = (u32)stack + PAGE_SIZE - sizeof(struct trapframe) - 32;
    thread->context[CONTEXT_RA] = (u32)thread_first;
    return thread;
}

void thread_start(struct thread *thread) {
    u32 irqs = spin_lock(&sched_lock);

    make_ready(thread);
    spin_unlock(&sched_lock, irqs);
}

void thread_abandon(struct thread *thread) {
    release(thread);
}

void yield(void) {
    u32 irqs = spin_lock(&sched_lock);
    struct thread *thread = cpus[cpu_number()].thread;

    enqueue(thread);
    if (!(thread->allowed_cpus & (1u << cpu_number()))) {
        claim_cpu(thread); /* we are moving; otherwise this CPU looks at the queue next anyway */
    }
    leave(thread);
    spin_unlock(&sched_lock, irqs);
}

/* Blocks the current thread; sched_lock held. */
static void block(struct thread *thread, const void *channel, u32 milliseconds) {
    thread->state = BLOCKED;
    thread->channel = channel;
    thread->next = blocked_first;
    blocked_first = thread;
    if (milliseconds != 0) {
        thread->timed = true;
        thread->deadline = clock_ms() + milliseconds;
        clock_arm(thread->deadline);
    }
    leave(thread);
}

static enum wake sleep_until(const void *channel, struct spinlock *lock, u32 milliseconds,
                             bool interruptible) {
    struct thread *thread;
    u32 irqs = 0;

    if (lock != &sched_lock) {
        irqs = spin_lock(&sched_lock);
        spin_unlock(lock, irqs); /* whoever wakes us needs sched_lock, so nothing is missed */
    }
    thread = cpus[cpu_number()].thread;
    thread->woken_by = WOKEN;
    thread->interruptible = interruptible;
    if (interruptible && !bug(BUG_SIGNAL) && signal_waiting(thread)) {
        thread->woken_by = INTERRUPTED;
    } else {
        block(thread, channel, milliseconds);
    }
    thread->interruptible = false;
    if (lock != &sched_lock) {
        spin_unlock(&sched_lock, irqs);
        spin_lock(lock);
    }
    return thread->woken_by;
}

bool sleep_on(const void *channel, struct spinlock *lock, u32 milliseconds) {
    return sleep_until(channel, lock, milliseconds, false) != TIMED_OUT;
}

enum wake sleep_interruptible(const void *channel, struct spinlock *lock, u32 milliseconds) {
    return sleep_until(channel, lock, milliseconds, true);
}

void thread_set_priority(struct thread *thread, u32 priority) {
    u32 irqs = spin_lock(&sched_lock);
    struct queue *queue = &ready[thread->priority];
    struct thread *other, *before = NULL;

    if (thread->state == READY) {
        for (other = queue->first; other != thread; other = other->next) {
            before = other;
        }
        unlink_ready(queue, before, thread);
        thread->priority = priority;
        make_ready(thread);
    }
    thread->priority = priority;
    spin_unlock(&sched_lock, irqs);
}

void thread_interrupt(struct thread *thread) {
    if (thread->state == STOPPED) {
        make_ready(thread);
    } else if (thread->state == BLOCKED && thread->interruptible) {
        thread->woken_by = INTERRUPTED;
        unblock(thread);
    } else if (thread->state == RUNNING) {
        u32 i;

        for (i = 0; i < MAX_CPUS; i++) {
            if (cpus[i].thread == thread && i != cpu_number()) {
                ipi_send(i); /* signals are looked at on the way out of a trap: here is one */
            }
        }
    }
}

void thread_stop(void) {
    struct thread *thread = cpus[cpu_number()].thread;

    thread->state = STOPPED;
    thread->reported = false;
    if (thread->parent != NULL) {
        wake_up_locked(thread->parent);
    }
    leave(thread);
}

void wake_up_locked(const void *channel) {
    struct thread **link = &blocked_first;

    while (*link != NULL) {
        struct thread *thread = *link;

        if (thread->channel == channel) {
            *link = thread->next;
            make_ready(thread);
        } else {
            link = &thread->next;
        }
    }
}

void wake_up(const void *channel) {
    u32 irqs = spin_lock(&sched_lock);

    wake_up_locked(channel);
    spin_unlock(&sched_lock, irqs);
}

void wake_sleepers(u32 now) {
    u32 irqs = spin_lock(&sched_lock);
    struct thread **link = &blocked_first;
    struct thread *next = NULL; /* the one to sleep on */

    while (*link != NULL) {
        struct thread *thread = *link;

        if (thread->timed && (s32)(now - thread->deadline) >= 0) {
            *link = thread->next;
            thread->woken_by = TIMED_OUT;
            make_ready(thread);
            continue;
        }
        if (thread->timed && (next == NULL || (s32)(thread->deadline - next->deadline) < 0)) {
            next = thread;
        }
        link = &thread->next;
    }
    if (next != NULL) {
        clock_arm(next->deadline);
    }
    signal_alarms(now);
    spin_unlock(&sched_lock, irqs);
}

void thread_exit(u32 status) {
    struct thread *thread;
    u32 i;

    spin_lock(&sched_lock);
    thread = cpus[cpu_number()].thread;
    for (i = 0; i < MAX_THREADS; i++) {
        if (threads[i].state != FREE && threads[i].parent == thread) {
            threads[i].parent = NULL; /* an orphan is released when it ends */
            if (threads[i].state == ZOMBIE) {
                release(&threads[i]); /* under the lock, which is slow but seldom */
            } else if (threads[i].state == STOPPED) {
                signal_post(&threads[i], SIG_KILL); /* nobody is left to continue it */
            }
        }
    }
    thread->status = status;
    thread->state = ZOMBIE;
    if (thread->parent != NULL) {
        signal_post(thread->parent, SIG_CHLD);
        wake_up_locked(thread->parent);
    }
    leave(thread);
    panic("a dead thread ran");
}

static void add_usage(struct usage *to, const struct usage *from) {
    to->cpu_us += from->cpu_us;
    to->calls += from->calls;
    to->faults += from->faults;
    to->copies += from->copies;
    to->sectors_read += from->sectors_read;
    to->sectors_written += from->sectors_written;
}

/* Has this child something to say? Then its status, which is not told twice; sched_lock held. */
static bool reports(struct thread *child, u32 flags, u32 *status) {
    if (child->state == ZOMBIE) {
        *status = child->status;
        return true;
    }
    if (child->state == STOPPED && (flags & WAIT_STOPPED) && !child->reported) {
        child->reported = true;
        *status = STATUS_STOPPED + SIG_TSTP;
        return true;
    }
    return false;
}

s32 thread_wait(u32 pid, u32 *status, u32 flags) {
    u32 irqs = spin_lock(&sched_lock);
    struct thread *self = cpus[cpu_number()].thread;
    s32 result = 0;

    for (;;) {
        bool any = false;
        u32 i;

        for (i = 0; i < MAX_THREADS; i++) {
            struct thread *child = &threads[i];

            if (child->state == FREE || child->parent != self || (pid != 0 && child->pid != pid)) {
                continue;
            }
            any = true;
            if (reports(child, flags, status)) {
                result = (s32)child->pid;
                if (child->state == ZOMBIE) {
                    process_usage(child, &self->reaped);
                    if (self->process != NULL) {
                        add_usage(&self->process->children, &self->reaped);
                    }
                    child->parent = NULL;
                    spin_unlock(&sched_lock, irqs);
                    release(child);
                    return result;
                }
                break;
            }
        }
        if (result != 0 || !any || (flags & WAIT_NO_HANG)) {
            spin_unlock(&sched_lock, irqs);
            return any ? result : -E_CHILD;
        }
        /* A child's end wakes its parent. */
        if (sleep_interruptible(self, &sched_lock, 0) == INTERRUPTED) {
            spin_unlock(&sched_lock, irqs);
            return -E_INTR;
        }
    }
}
