/*
 * The tiny kernel under the user-mode image.  It spreads the program over scattered physical pages,
 * maps them through a linear page table that the TLB refill handler reads, and serves its system calls.
 * There may be a second process, a copy of the first; CPUs other than the first only run user code of
 * the first process.
 */
#include "board.h"
#include "frame.h"
#include "mmu.h"
#include "user.h"

#define FRAME_COUNT 512u /* of a process */
#define STACK_PAGES 8u
#define MAX_CPUS 32u
#define ASID(process) (5 + (process))

/* CAUSE */
#define CODE(cause) ((cause) >> 2 & 31)
#define CODE_INTERRUPT 0u
#define CODE_SYSCALL 8u

extern const u8 user_image[], user_image_end[];
void set_compare(u32 cycles);
void secondary_start(void);
struct frame *kernel_main(const char *argument);
struct frame *secondary_main(u32 cpu);
struct frame *kernel_trap(struct frame *f);
void kernel_fault(void) __attribute__((noreturn));

static struct frame processes[2];
struct frame *current = processes; /* where the next exception is saved */
static u32 forked;

static u32 timer_period;
static volatile u32 *timer_ticks; /* in user space */

static struct {
    u32 entry, stacks, stack_size;
    struct frame frames[MAX_CPUS];
} secondary;

static void put_text(const char *text)
{
    while (*text)
        put_char(*text++);
}

static void put_hex(u32 value)
{
    for (int shift = 28; shift >= 0; shift -= 4)
        put_char("0123456789abcdef"[value >> shift & 15]);
}

static void unexpected(const struct frame *f)
{
    put_text("bench: unexpected exception, cause ");
    put_hex(f->cause);
    put_text(" epc ");
    put_hex(f->epc);
    put_char('\n');
    power_off();
}

/* The n-th frame of a process in an order that leaves no two neighbours adjacent: its physical address. */
static u32 frame_of(u32 process, u32 n)
{
    return FRAMES + (process * FRAME_COUNT + (n * 5 & (FRAME_COUNT - 1))) * PAGE;
}

static void map_all(u32 process)
{
    for (u32 n = 0; n < FRAME_COUNT - STACK_PAGES; n++)
        mmu_map(process, USER_BASE / PAGE + n, frame_of(process, n));
    for (u32 n = 1; n <= STACK_PAGES; n++)
        mmu_map(process, USER_STACK / PAGE - n, frame_of(process, FRAME_COUNT - n));
}

static void copy_page(u32 n)
{
    u32 *to = (u32 *)(KSEG0 + frame_of(1, n));
    const u32 *from = (const u32 *)(KSEG0 + frame_of(0, n));
    for (u32 i = 0; i < PAGE / 4; i++)
        to[i] = from[i];
}

struct frame *kernel_main(const char *argument)
{
    const u8 *from = user_image;
    mmu_flush();
    map_all(0);
    for (u32 n = 0; from < user_image_end; n++) {
        u32 *to = (u32 *)(KSEG0 + frame_of(0, n));
        for (u32 i = 0; i < PAGE / 4 && from < user_image_end; i++, from += 4)
            to[i] = *(const u32 *)from;
    }
    mmu_use(0, ASID(0));
    current->reg[A0] = bench_parse(&argument);
    current->reg[A1] = bench_parse(&argument);
    current->reg[SP] = USER_STACK - 16;
    current->epc = USER_BASE;
    current->status = USER_STATUS;
    return current;
}

static void set_timer(struct frame *f)
{
    timer_period = f->reg[A0];
    timer_ticks = (volatile u32 *)f->reg[A1];
    if (timer_period != 0) {
        set_compare(timer_period);
        f->status |= TIMER_ENABLE;
    } else {
        f->status &= ~TIMER_ENABLE;
    }
}

/* Copies the program's pages and the top of its stack, eagerly; the TLB may hold an earlier copy's. */
static void fork(struct frame *f)
{
    if (f != processes || forked || f->reg[A0] > FRAME_COUNT - STACK_PAGES)
        unexpected(f);
    map_all(1);
    for (u32 n = 0; n < f->reg[A0]; n++)
        copy_page(n);
    copy_page(FRAME_COUNT - 1);
    mmu_flush();
    f->reg[V0] = 0;
    processes[1] = *f;
    f->reg[V0] = 1;
    forked = 1;
}

static void switch_to(u32 process)
{
    current = &processes[process];
    mmu_use(process, ASID(process));
}

static void yield(struct frame *f)
{
    f->reg[V0] = 0;
    if (forked)
        switch_to(f == processes);
}

static void end(struct frame *f)
{
    if (f == processes)
        power_off();
    forked = 0;
    processes[0].reg[V0] = f->reg[A0];
    switch_to(0);
}

static void start_others(struct frame *f)
{
    secondary.entry = f->reg[A0];
    secondary.stacks = f->reg[A1];
    secondary.stack_size = f->reg[A2];
    f->reg[V0] = start_processors((u32)secondary_start);
}

struct frame *secondary_main(u32 cpu)
{
    struct frame *f = &secondary.frames[cpu];
    mmu_flush();
    mmu_use(0, ASID(0));
    f->reg[A0] = cpu;
    f->reg[SP] = secondary.stacks + (cpu + 1) * secondary.stack_size - 16;
    f->epc = secondary.entry;
    f->status = USER_STATUS;
    return f;
}

struct frame *kernel_trap(struct frame *f)
{
    u32 code = CODE(f->cause);
    if (code == CODE_INTERRUPT) {
        set_compare(timer_period); /* also clears the interrupt */
        ++*timer_ticks;
        return f;
    }
    if (code != CODE_SYSCALL)
        unexpected(f);
    f->epc += 4;
    switch (f->reg[V0]) {
    case SYS_NULL: f->reg[V0] = f->reg[A0] + 1; break;
    case SYS_PUTC: put_char((int)f->reg[A0]); break;
    case SYS_TIMER: set_timer(f); break;
    case SYS_EXIT: end(f); break;
    case SYS_FORK: fork(f); break;
    case SYS_YIELD: yield(f); break;
    case SYS_POLL: f->reg[V0] = poll_device(f->reg[A0]); break;
    case SYS_START: start_others(f); break;
    default: unexpected(f);
    }
    return current;
}

void kernel_fault(void)
{
    put_text("bench: exception in the kernel\n");
    power_off();
}
