/* Exceptions, once trap.S has saved what was running. */
#include "kernel.h"

/* What the vectors look up by CPU number: directory for the refill, stack for entry from users. */
u32 **cpu_directory[MAX_CPUS];
u8 *cpu_kernel_stack[MAX_CPUS];

bool kills_are_quiet; /* while the self-test kills processes on purpose */

void probe_resume(void);
void trap(struct trapframe *frame);

const char *exception_name(u32 code) {
    static const char *const names[] = {
        "interrupt", "write to a read-only page", "bad load or fetch", "bad store",
        "misaligned or forbidden load or fetch", "misaligned or forbidden store",
        "bus error on fetch", "bus error", "system call", "breakpoint", "reserved instruction",
        "coprocessor unusable", "arithmetic overflow",
    };

    return code < COUNT_OF(names) ? names[code] : "unknown exception";
}

static void interrupt(u32 pending) {
    if (pending & IRQ_SOFT0) {
        mtc0(C0_CAUSE, 0); /* only a test raises it; that it came is all that matters */
    }
    if (pending & IRQ_LAMEBUS) {
        bus_interrupt();
    }
    if (pending & IRQ_IPI) {
        ipi_interrupt();
    }
    if (pending & IRQ_TIMER) {
        quantum_over(); /* of the running thread: our CPU's on-chip timer */
    }
}

/* A test expected this: note what the CPU says about it and skip to the test's end. */
static void probe_hit(struct thread *thread, struct trapframe *frame, u32 context, u32 entryhi) {
    struct probe *probe = thread->probe;

    thread->probe = NULL;
    probe->hit = 1;
    probe->code = (frame->cause >> CAUSE_CODE_SHIFT) & 31;
    probe->cause = frame->cause;
    probe->status = frame->status;
    probe->epc = frame->epc;
    probe->badvaddr = frame->badvaddr;
    probe->context = context;
    probe->entryhi = entryhi;
    probe->a0 = frame->reg[REG_A0];
    frame->reg[REG_A0] = (u32)probe;
    frame->epc = (u32)probe_resume;
}

static void kernel_exception(struct trapframe *frame, u32 code, u32 context, u32 entryhi) {
    struct thread *thread = cpus[cpu_number()].thread;

    if (thread != NULL && thread->probe != NULL) {
        probe_hit(thread, frame, context, entryhi);
        return;
    }
    /* A thread that has taken a user's memory may use it as the user would. */
    if (thread != NULL && thread->space != NULL && code >= EX_MOD && code <= EX_TLBS &&
        space_fault(thread->space, frame->badvaddr, code != EX_TLBL)) {
        return;
    }
    panic("%s in the kernel: cpu %u epc 0x%08x badvaddr 0x%08x ra 0x%08x", exception_name(code), cpu_number(),
          frame->epc, frame->badvaddr, frame->reg[REG_RA]);
}

/* Says what a process did that will kill it, unless it has a handler for that. */
static void report_fault(const struct thread *thread, const struct trapframe *frame, u32 code) {
    if (kills_are_quiet ||
        thread->process->handlers[signal_of_exception(code)] != SIG_DEFAULT) {
        return;
    }
    kprintf("%s (pid %u): %s at 0x%08x", thread->name, thread->pid, exception_name(code),
            frame->epc);
    if (code >= EX_MOD && code <= EX_ADES) {
        kprintf(", address 0x%08x", frame->badvaddr);
    }
    kprintf("\n");
}

/* A signal for our own mistake. Blocking or ignoring it is no way out: the instruction would fault
   again for ever. */
static void fault_signal(struct thread *thread, u32 signal) {
    u32 irqs = spin_lock(&sched_lock);
    bool cares = signal_post(thread, signal) && !(thread->process->blocked & 1u << signal);

    spin_unlock(&sched_lock, irqs);
    if (!cares) {
        process_exit(STATUS_KILLED + signal);
    }
}

static void user_exception(struct trapframe *frame, u32 code) {
    struct thread *thread = current();

    irq_enable();
    switch (code) {
    case EX_SYS:
        syscall(frame);
        break;
    case EX_MOD:
    case EX_TLBL:
    case EX_TLBS:
        if (space_fault(thread->space, frame->badvaddr, code != EX_TLBL)) {
            break;
        }
        /* fall through */
    default:
        report_fault(thread, frame, code);
        fault_signal(thread, signal_of_exception(code));
    }
    irq_save(); /* trap.S restores with interrupts off */
}

static void deliver_signals(struct trapframe *frame) {
    struct thread *thread = cpus[cpu_number()].thread;

    if (signal_waiting(thread) || thread->process->interrupted != 0 || thread->process->pausing) {
        irq_enable();
        signal_deliver(frame);
        irq_save();
    }
}

void trap(struct trapframe *frame) {
    u32 context = mfc0(C0_CONTEXT);
    u32 entryhi = mfc0(C0_ENTRYHI);
    u32 code = (frame->cause >> CAUSE_CODE_SHIFT) & 31;
    struct cpu *cpu;

    if (code == EX_INT) {
        interrupt(frame->cause & frame->status & ST_IM);
    } else if (frame->status & ST_KUP) {
        user_exception(frame, code);
    } else {
        kernel_exception(frame, code, context, entryhi);
    }

    /* Threads are preempted on the way out, kernel threads too: whoever must not be has
       interrupts off and so never gets here. */
    cpu = &cpus[cpu_number()];
    if (cpu->resched && cpu->thread != NULL) {
        cpu->thread->preempted++;
        yield();
    }
    /* Signals are looked at last, with interrupts off: one that comes now is an interrupt, and so
       another trap. */
    if (frame->status & ST_KUP) {
        deliver_signals(frame);
    }
}
