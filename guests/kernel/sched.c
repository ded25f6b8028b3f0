/*
 * Threads: one table, one ready queue for all CPUs, round robin. Each CPU has a scheduler
 * loop on a stack of its own; threads switch to that loop and it switches to the next one.
 * sched_lock is held across every switch and released by the other side, so no CPU can
 * pick up a thread that has not quite left its stack.
 */
#include "kernel.h"

#define CONTEXT_SP 9
#define CONTEXT_RA 10
#define STACK_MARK 0x57acc0de /* at the low end of a kernel stack: overwritten = overflowed */

struct cpu cpus[MAX_CPUS];
struct thread threads[MAX_THREADS];
u32 quantum_cycles = QUANTUM_DEFAULT;

extern u8 *cpu_kernel_stack[MAX_CPUS];

static struct spinlock sched_lock;
static struct thread *ready_first;
static struct thread *ready_last;
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

/* ---- the ready queue; sched_lock held */

static void make_ready(struct thread *thread) {
    u32 self = cpu_number();
    u32 i;

    thread->state = READY;
    thread->timed = false;
    thread->channel = NULL;
    thread->next = NULL;
    if (ready_last != NULL) {
        ready_last->next = thread;
    } else {
        ready_first = thread;
    }
    ready_last = thread;

    /* An idle CPU sleeps in WAIT: tell one that may run this thread. */
    if (cpus[self].idle && (thread->allowed_cpus & (1u << self))) {
        return;
    }
    for (i = 0; i < MAX_CPUS; i++) {
        if (i != self && cpus[i].idle && (thread->allowed_cpus & (1u << i))) {
            cpus[i].idle = false; /* the next thread shall wake another one */
            ipi_send(i);
            return;
        }
    }
}

static struct thread *take_ready(u32 cpu) {
    struct thread *before = NULL;
    struct thread *thread;

    for (thread = ready_first; thread != NULL; before = thread, thread = thread->next) {
        if (thread->allowed_cpus & (1u << cpu)) {
            break;
        }
    }
    if (thread == NULL) {
        return NULL;
    }
    if (before != NULL) {
        before->next = thread->next;
    } else {
        ready_first = thread->next;
    }
    if (ready_last == thread) {
        ready_last = before;
    }
    return thread;
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
    thread->state = FREE;
}

/* Runs a thread until it leaves; true if it is dead and nobody will wait for it. */
static bool run(struct cpu *cpu, struct thread *thread) {
    thread->state = RUNNING;
    thread->switches++;
    cpu->switches++;
    cpu->thread = thread;
    cpu->idle = false;
    cpu->resched = false;
    cpu_kernel_stack[cpu->number] = (u8 *)thread->stack + PAGE_SIZE;
    space_activate(thread->space);
    quantum_start();
    switch_context(cpu->context, thread->context);
    cpu->thread = NULL;
    space_activate(NULL);
    return thread->state == ZOMBIE && thread->parent == NULL;
}

void schedule_loop(void) {
    struct cpu *cpu = &cpus[cpu_number()];

    for (;;) {
        u32 irqs = spin_lock(&sched_lock);
        struct thread *thread = take_ready(cpu->number);

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

    make_ready(thread);
    leave(thread);
    spin_unlock(&sched_lock, irqs);
}

bool sleep_on(const void *channel, struct spinlock *lock, u32 milliseconds) {
    struct thread *thread;
    u32 irqs = 0;

    if (lock != &sched_lock) {
        irqs = spin_lock(&sched_lock);
        spin_unlock(lock, irqs); /* whoever wakes us needs sched_lock, so nothing is missed */
    }
    thread = cpus[cpu_number()].thread;
    thread->state = BLOCKED;
    thread->channel = channel;
    thread->next = blocked_first;
    blocked_first = thread;
    thread->timed_out = false;
    if (milliseconds != 0) {
        thread->timed = true;
        thread->deadline = clock_ms() + milliseconds;
        clock_arm(thread->deadline);
    }
    leave(thread);
    if (lock != &sched_lock) {
        spin_unlock(&sched_lock, irqs);
        spin_lock(lock);
    }
    return !thread->timed_out;
}

static void wake_up_locked(const void *channel) {
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
            thread->timed_out = true;
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
            }
        }
    }
    thread->status = status;
    thread->state = ZOMBIE;
    if (thread->parent != NULL) {
        wake_up_locked(thread->parent);
    }
    leave(thread);
    panic("a dead thread ran");
}

bool thread_wait(u32 pid, u32 *which, u32 *status) {
    u32 irqs = spin_lock(&sched_lock);
    struct thread *self = cpus[cpu_number()].thread;

    for (;;) {
        bool any = false;
        u32 i;

        for (i = 0; i < MAX_THREADS; i++) {
            struct thread *child = &threads[i];

            if (child->state == FREE || child->parent != self || (pid != 0 && child->pid != pid)) {
                continue;
            }
            any = true;
            if (child->state == ZOMBIE) {
                child->parent = NULL;
                *which = child->pid;
                *status = child->status;
                spin_unlock(&sched_lock, irqs);
                release(child);
                return true;
            }
        }
        if (!any) {
            spin_unlock(&sched_lock, irqs);
            return false;
        }
        sleep_on(self, &sched_lock, 0); /* a child's end wakes its parent */
    }
}
