/*
 * The end of a run. The power register has no room for an exit code, so the verdict goes
 * out twice: as the last line on the console, and, for a failure, through the trace
 * device's debugger request, which makes the machine's exit code 1.
 */
#include "kernel.h"

static bool failed;
static char failure[128];

static void fail(const char *reason, va_list args) {
    if (!failed) { /* the first failure is the one to look at */
        failed = true;
        format(failure, sizeof failure, reason, args);
    }
}

void verdict_fail(const char *reason, ...) {
    va_list args;

    va_start(args, reason);
    fail(reason, args);
    va_end(args);
}

void power_off(void) {
    console_flush();
    irq_save();
    smp_stop_others();
    console_seize();
    if (failed) {
        kprintf("verdict: FAIL (%s)\n", failure);
    } else {
        kprintf("verdict: pass\n");
    }
    console_drain();
    if (failed && trace_present()) {
        trace_stop();
    }
    write_register(bus_controller(), BUS_POWER, 0);
    for (;;) {
        /* The power fails a few milliseconds from now, with an interrupt that only CPU 0 gets. */
        if (cpu_number() == 0) {
            cpu_wait();
        }
    }
}

void panic(const char *reason, ...) {
    va_list args;

    irq_save();
    smp_stop_others();
    console_seize();
    failed = false; /* whatever went wrong before, this is what ended the run */
    va_start(args, reason);
    fail(reason, args);
    va_end(args);
    kprintf("\npanic: %s\n", failure);
    power_off();
}
