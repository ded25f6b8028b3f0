/*
 * Time, from the LAMEbus timer: a clock to read and a countdown for whoever sleeps. The
 * countdown is armed for the next sleeper only, so a machine with nothing to do is truly
 * idle. (Preemption is not here: that is each CPU's own COUNT/COMPARE.)
 */
#include "kernel.h"

static u32 timer;
static u32 boot_seconds, boot_nanoseconds;
static struct spinlock lock;
static bool armed;
static u32 armed_for;
static u32 interrupts;

void clock_wall(u32 *seconds, u32 *nanoseconds) {
    u32 again = timer != 0 ? read_register(timer, TIMER_SECONDS) : 0;

    do { /* two registers: the second may turn between reading them */
        *seconds = again;
        *nanoseconds = timer != 0 ? read_register(timer, TIMER_NANOSECONDS) : 0;
        again = timer != 0 ? read_register(timer, TIMER_SECONDS) : 0;
    } while (again != *seconds);
}

/* Time since boot in units of so many nanoseconds. */
static u32 since_boot(u32 unit) {
    u32 seconds, nanoseconds;

    clock_wall(&seconds, &nanoseconds);
    seconds -= boot_seconds;
    if (nanoseconds < boot_nanoseconds) {
        nanoseconds += 1000000000;
        seconds--;
    }
    return seconds * (1000000000 / unit) + (nanoseconds - boot_nanoseconds) / unit;
}

u32 clock_ms(void) {
    return since_boot(1000000);
}

u32 clock_us(void) {
    return since_boot(1000);
}

bool clock_present(void) {
    return timer != 0;
}

u32 clock_interrupts(void) {
    return interrupts;
}

static void clock_interrupt(u32 base) {
    u32 irqs = spin_lock(&lock);

    read_register(base, TIMER_IRQ); /* lowers the line */
    interrupts++;
    armed = false;
    spin_unlock(&lock, irqs);
    wake_sleepers(clock_ms());
}

void clock_init(void) {
    timer = bus_find(DEV_TIMER, 0);
    if (timer != 0) {
        clock_wall(&boot_seconds, &boot_nanoseconds);
        write_register(timer, TIMER_RESTART, 0);
        bus_on_interrupt(timer, clock_interrupt);
    }
}

void clock_arm(u32 deadline) {
    u32 irqs = spin_lock(&lock);

    if (timer != 0 && (!armed || (s32)(deadline - armed_for) < 0)) {
        s32 left = (s32)(deadline - clock_ms());

        armed = true;
        armed_for = deadline;
        /* Milliseconds are rounded down: one more, or we would come a moment too early. */
        write_register(timer, TIMER_COUNTDOWN, (u32)(left < 0 ? 1 : left + 1) * 1000);
    }
    spin_unlock(&lock, irqs);
}

void clock_sleep(u32 milliseconds) {
    static const char nobody_wakes_this[1];
    static struct spinlock sleep_lock;
    u32 irqs;

    if (timer == 0 || milliseconds == 0) {
        yield();
        return;
    }
    irqs = spin_lock(&sleep_lock);
    sleep_on(nobody_wakes_this, &sleep_lock, milliseconds);
    spin_unlock(&sleep_lock, irqs);
}

void beep(void) {
    if (timer != 0) {
        write_register(timer, TIMER_BEEP, 1);
    }
}
