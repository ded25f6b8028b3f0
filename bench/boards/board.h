/* What every board without an operating system offers, and what its start-up code calls. */
#ifndef BOARD_H
#define BOARD_H

#include "bench.h"

#define REGISTER(address) (*(volatile u32 *)(address))

void power_off(void) __attribute__((noreturn));
/* Writes a device register and reads it back, so many times; returns what was read, added up. */
u32 poll_device(u32 times);
/* Starts all other CPUs in kernel mode at `pc`, each with its number in a0; returns how many CPUs there are. */
u32 start_processors(u32 pc);

#endif
