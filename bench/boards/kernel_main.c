/* Kernel-mode image: the program runs in kseg0, on whatever board it is linked with. */
#include "board.h"

void kernel_main(const char *argument) __attribute__((noreturn));
void kernel_trap(void) __attribute__((noreturn));
void secondary_start(void);

/* Read by secondary_start. */
struct {
    void (*entry)(u32 cpu);
    u8 *stacks;
    u32 stack_size;
} secondary;

u32 start_cpus(void (*entry)(u32 cpu), u8 *stacks, u32 stack_size)
{
    secondary.entry = entry;
    secondary.stacks = stacks;
    secondary.stack_size = stack_size;
    return start_processors((u32)secondary_start);
}

void kernel_main(const char *argument)
{
    u32 laps = bench_parse(&argument);
    bench_run(laps, bench_parse(&argument));
    power_off();
}

void kernel_trap(void)
{
    for (const char *text = "bench: unexpected exception\n"; *text; text++)
        put_char(*text);
    power_off();
}
