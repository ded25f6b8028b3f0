/* Kernel-mode image for the System/161 board: the program runs in kseg0. */
#include "sys161.h"

void kernel_main(const char *argument) __attribute__((noreturn));
void kernel_trap(void) __attribute__((noreturn));

void kernel_main(const char *argument)
{
    bench_run(bench_parse(argument));
    power_off();
}

void kernel_trap(void)
{
    for (const char *text = "bench: unexpected exception\n"; *text; text++)
        put_char(*text);
    power_off();
}
