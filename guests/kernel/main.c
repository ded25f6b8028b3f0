/* From the loader's jump to the first processes: everything that happens once. */
#include "bugs.h"
#include "kernel.h"

extern u8 kernel_end[];

void kernel_main(const char *boot_string);

/* The loader leaves the boot string at the top of memory; keep it before pages are handed out. */
static char boot_commands[1024];

void kernel_main(const char *boot_string) {
    strcopy(boot_commands, bugs_from_boot(boot_string), sizeof boot_commands);
    tlb_reset();
    space_init();
    space_activate(NULL);
    bus_init();
    pages_init((u32)kernel_end, KSEG0 + bus_ram_size());
    console_init();
    clock_init();
    disk_init();
    emufs_init();
    nic_init();
    cpus[0].online = true;
    bus_accept_interrupts(ALL_CPUS);
    mtc0(C0_STATUS, IRQ_USED);

    kprintf("kseg-demo: %u KB of memory, %u CPU%s, %u pages free\n", bus_ram_size() / 1024,
            smp_present(), smp_present() == 1 ? "" : "s", pages_free());
    net_init();
    bugs_announce();
    operator_start(boot_commands);
    schedule_loop();
}
