/*
 * More than one CPU. A secondary CPU starts at the address in its CRAM with the argument
 * beside it; it takes no device interrupts (CPU 0 does), only its own timer and IPIs.
 *
 * All CPUs are started by a single write of the enable mask, and the ones not wanted yet
 * park: on System/161 a second write would start running CPUs afresh, and clearing a bit
 * does not stop one. So CPUs are stopped by asking them to, through an IPI.
 */
#include "kernel.h"

void secondary_start(void);
void secondary_main(u32 number);

u32 secondary_stack[MAX_CPUS]; /* where boot.S finds them: the stacks of the scheduler loops */

static u32 started; /* as a mask, CPU 0 left out */
static volatile u32 wanted = 1; /* CPUs that shall run threads, as a mask */
static volatile bool halting;
static volatile u32 halted;
static struct spinlock halted_lock;

u32 smp_present(void) {
    u32 mask = bus_cpu_mask();
    u32 count = 0;

    for (; mask != 0; mask >>= 1) {
        count += mask & 1;
    }
    return count;
}

u32 smp_online(void) {
    u32 count = 0;
    u32 i;

    for (i = 0; i < MAX_CPUS; i++) {
        count += ((volatile struct cpu *)&cpus[i])->online;
    }
    return count;
}

/* The end of this CPU's road; interrupts are off. */
static void halt(void) {
    u32 irqs = spin_lock(&halted_lock);

    cpus[cpu_number()].online = false;
    halted |= 1u << cpu_number();
    spin_unlock(&halted_lock, irqs);
    for (;;) {
        cpu_wait();
        write_register(bus_cpu_region(cpu_number()), CPU_IPI, 0);
    }
}

void secondary_main(u32 number) {
    tlb_reset();
    space_activate(NULL);
    cpus[number].number = number;
    bus_accept_interrupts(0);
    mtc0(C0_STATUS, IRQ_USED);
    while (!(wanted & (1u << number))) {
        cpu_wait(); /* an IPI ends it, although interrupts are off */
        write_register(bus_cpu_region(number), CPU_IPI, 0);
        if (halting) {
            halt();
        }
    }
    cpus[number].online = true;
    schedule_loop();
}

static void start_all(void) {
    u32 present = bus_cpu_mask();
    u32 i;

    for (i = 1; i < MAX_CPUS; i++) {
        void *stack = present & (1u << i) ? page_alloc() : NULL;

        if (stack != NULL) {
            secondary_stack[i] = (u32)stack + PAGE_SIZE - 16;
            write_register(bus_cpu_region(i), CPU_CRAM_PC, (u32)secondary_start);
            write_register(bus_cpu_region(i), CPU_CRAM_ARG, i);
            started |= 1u << i;
        }
    }
    bus_cpu_enable(started | 1);
}

u32 smp_start(u32 count) {
    u32 i;

    if (started == 0 && count > 1) {
        start_all();
    }
    for (i = 1; i < MAX_CPUS && smp_online() < count; i++) {
        volatile struct cpu *cpu = &cpus[i];

        if (!(started & (1u << i)) || cpu->online) {
            continue;
        }
        wanted |= 1u << i;
        if (cpu_limit <= i) {
            cpu_limit = i + 1;
        }
        ipi_send(i);
        while (!cpu->online) {
            clock_sleep(1);
        }
    }
    return smp_online();
}

/* For the end of the run. A CPU that does not answer is left behind: it may be the problem. */
void smp_stop_others(void) {
    u32 self = 1u << cpu_number();
    u32 others = started != 0 ? (started | 1) & ~self : 0;
    u32 patience;
    u32 i;

    halting = true;
    for (i = 0; i < MAX_CPUS; i++) {
        if (others & (1u << i)) {
            ipi_send(i);
        }
    }
    for (patience = 100000; patience > 0 && (halted & others) != others; patience--) {
    }
}

void ipi_send(u32 cpu) {
    write_register(bus_cpu_region(cpu), CPU_IPI, 1);
}

void ipi_interrupt(void) {
    u32 self = cpu_number();

    write_register(bus_cpu_region(self), CPU_IPI, 0);
    cpus[self].ipis++;
    /* Being woken is mostly all an IPI means: the scheduler loop looks at the queue again. */
    if (halting) {
        halt();
    }
}
