/*
 * The tiny kernel under the user-mode image.  It spreads the program over scattered physical pages,
 * maps them through a linear page table that the UTLB handler reads, and serves four system calls.
 */
#include "sys161.h"
#include "user.h"

/* Physical memory: kernel from 0, page table at 2 MB (sparse, 2 MB), frames from 4 MB. */
#define PAGE 4096u
#define PAGE_TABLE 0x80200000u
#define FRAMES 0x00400000u
#define FRAME_COUNT 512u
#define STACK_PAGES 8u

/* ENTRYLO */
#define WRITABLE 0x400u
#define VALID 0x200u

/* STATUS */
#define TIMER_ENABLE 0x8000u
#define PREVIOUS_USER 0x8u
#define PREVIOUS_ENABLE 0x4u

/* CAUSE */
#define CODE(cause) ((cause) >> 2 & 31)
#define CODE_INTERRUPT 0u
#define CODE_SYSCALL 8u

#define ASID_BITS (5u << 6)

struct frame {
    u32 reg[32];
    u32 hi, lo, status, cause, epc;
};
enum { V0 = 2, A0 = 4, A1 = 5 };

extern const u8 user_image[], user_image_end[];
void set_asid_and_table(u32 entryhi, u32 context);
void set_compare(u32 cycles);
void enter_user(u32 pc, u32 sp, u32 a0, u32 status) __attribute__((noreturn));
void kernel_main(const char *argument) __attribute__((noreturn));
void kernel_trap(struct frame *f);
void kernel_fault(void) __attribute__((noreturn));

static u32 timer_period;
static volatile u32 *timer_ticks; /* in user space */

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

/* Gives virtual page `page` the n-th frame in an order that leaves no two neighbours adjacent. */
static u32 map(u32 page, u32 n)
{
    u32 paddr = FRAMES + (n * 5 & (FRAME_COUNT - 1)) * PAGE;
    ((u32 *)PAGE_TABLE)[page] = paddr | WRITABLE | VALID;
    return paddr;
}

void kernel_main(const char *argument)
{
    u32 laps = bench_parse(argument);
    const u8 *from = user_image;
    for (u32 n = 0; n < FRAME_COUNT - STACK_PAGES; n++) {
        u32 *to = (u32 *)(0x80000000u + map(USER_BASE / PAGE + n, n));
        for (u32 i = 0; i < PAGE / 4 && from < user_image_end; i++, from += 4)
            to[i] = *(const u32 *)from;
    }
    for (u32 n = 1; n <= STACK_PAGES; n++)
        map(USER_STACK / PAGE - n, FRAME_COUNT - n);
    set_asid_and_table(ASID_BITS, PAGE_TABLE);
    enter_user(USER_BASE, USER_STACK - 16, laps, PREVIOUS_USER | PREVIOUS_ENABLE);
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

static void unexpected(const struct frame *f)
{
    put_text("bench: unexpected exception, cause ");
    put_hex(f->cause);
    put_text(" epc ");
    put_hex(f->epc);
    put_char('\n');
    power_off();
}

void kernel_trap(struct frame *f)
{
    u32 code = CODE(f->cause);
    if (code == CODE_INTERRUPT) {
        set_compare(timer_period); /* also clears the interrupt */
        ++*timer_ticks;
        return;
    }
    if (code != CODE_SYSCALL)
        unexpected(f);
    f->epc += 4;
    switch (f->reg[V0]) {
    case SYS_NULL: f->reg[V0] = f->reg[A0] + 1; break;
    case SYS_PUTC: put_char((int)f->reg[A0]); break;
    case SYS_TIMER: set_timer(f); break;
    case SYS_EXIT: power_off();
    default: unexpected(f);
    }
}

void kernel_fault(void)
{
    put_text("bench: exception in the kernel\n");
    power_off();
}
