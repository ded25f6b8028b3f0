/*
 * The parts of the System/161 board the images use, from the System/161 2.0.8 manual ("LAMEbus",
 * "Mainboard", "Serial console"): addresses in kseg1.
 */
#ifndef SYS161_H
#define SYS161_H

#include "board.h"

#define SLOT(n) (0xbfe00000u + (n) * 0x10000u)
#define SLOT_CONFIG(n) (0xbfff0000u + (n) * 0x400u)
#define CONFIG_VENDOR 0x00u
#define CONFIG_DEVICE 0x04u
#define VENDOR_SYS161 1u
#define DEVICE_SERIAL 4u

#define POWER 0xbfff7e08u /* mainboard power register: writing 0 turns the machine off */
#define CPUS_PRESENT 0xbfff7e10u
#define CPUS_ENABLED 0xbfff7e14u
#define CPU_START(n) (0xbfff8300u + (n) * 0x400u) /* where a CPU starts, and beside it its a0 */

#define SERIAL_DATA 0x00u
#define SERIAL_WRITE_IRQ 0x04u
#define SERIAL_READ_IRQ 0x08u
#define SERIAL_READY 2u

#endif
