/*
 * The System/161 board: where LAMEbus devices are and what their registers mean.
 * One slot is 64 KB; slot 31 is the bus controller.
 */
#ifndef BOARD_H
#define BOARD_H

#include "../lib/types.h"

#define BUS_BASE 0xbfe00000 /* slot 0, through uncached kseg1 */
#define SLOT_BYTES 0x10000
#define SLOTS 32
#define CONTROLLER_SLOT 31

/* Slot 31, lower half: 1 KB of configuration for each slot. */
#define CONFIG_BYTES 0x400
#define CONFIG_VENDOR 0x0
#define CONFIG_DEVICE 0x4
#define CONFIG_REVISION 0x8

enum device_id {
    DEV_NONE = 0,
    DEV_OLD_BOARD = 1,
    DEV_TIMER = 2,
    DEV_DISK = 3,
    DEV_SERIAL = 4,
    DEV_SCREEN = 5,
    DEV_NIC = 6,
    DEV_EMUFS = 7,
    DEV_TRACE = 8,
    DEV_RANDOM = 9,
    DEV_BOARD = 10,
};

/* The controller's own registers, in its own configuration region. */
#define BUS_RAM_SIZE 0x200
#define BUS_IRQS 0x204
#define BUS_POWER 0x208
#define BUS_IRQ_ENABLE 0x20c
#define BUS_CPUS 0x210
#define BUS_CPU_ENABLE 0x214
#define BUS_SELF 0x218

/* Slot 31, upper half: 1 KB for each CPU. */
#define CPU_REGION 0x8000
#define CPU_REGION_BYTES 0x400
#define CPU_IRQ_ENABLE 0x000
#define CPU_IPI 0x004
#define CPU_CRAM_PC 0x300  /* a starting CPU takes its pc from here */
#define CPU_CRAM_ARG 0x304 /* and a0 from here */

#define TIMER_SECONDS 0x00
#define TIMER_NANOSECONDS 0x04
#define TIMER_RESTART 0x08
#define TIMER_IRQ 0x0c
#define TIMER_COUNTDOWN 0x10 /* microseconds */
#define TIMER_BEEP 0x14

#define SERIAL_DATA 0x00
#define SERIAL_WRITE_IRQ 0x04
#define SERIAL_READ_IRQ 0x08
#define SERIAL_IRQ_ENABLE 1
#define SERIAL_IRQ_READY 2

#define DISK_SECTORS 0x00
#define DISK_STATUS 0x04
#define DISK_SECTOR 0x08
#define DISK_RPM 0x0c
#define DISK_BUFFER 0x8000
#define DISK_READ 1
#define DISK_WRITE 3
#define DISK_COMPLETE 4
#define DISK_BAD_SECTOR 8
#define DISK_MEDIA_ERROR 16
#define SECTOR_BYTES 512

#define EMUFS_HANDLE 0x00
#define EMUFS_OFFSET 0x04
#define EMUFS_LENGTH 0x08
#define EMUFS_OPERATION 0x0c
#define EMUFS_RESULT 0x10
#define EMUFS_BUFFER 0x8000
#define EMUFS_BUFFER_BYTES 0x4000

#define NIC_RECEIVE_IRQ 0x00
#define NIC_TRANSMIT_IRQ 0x04
#define NIC_CONTROL 0x08
#define NIC_STATUS 0x0c
#define NIC_RECEIVE_BUFFER 0x8000
#define NIC_TRANSMIT_BUFFER 0x9000
#define NIC_START 2
#define NIC_FRAME_BYTES 4096
#define NIC_MAGIC 0xa4b3
#define NIC_BROADCAST 0xffff

#define TRACE_ON 0x00
#define TRACE_OFF 0x04
#define TRACE_CODE 0x08
#define TRACE_DUMP 0x0c
#define TRACE_STOP 0x10 /* debugger request: the run counts as failed */
#define TRACE_PROFILE 0x14

#define RANDOM_VALUE 0x00

static inline u32 read_register(u32 base, u32 offset) {
    return *(volatile u32 *)(base + offset);
}

static inline void write_register(u32 base, u32 offset, u32 value) {
    *(volatile u32 *)(base + offset) = value;
}

/* Device buffers take whole words only, so copies to and from them go through these. */
void buffer_read(void *to, u32 base, u32 offset, u32 length);
void buffer_write(u32 base, u32 offset, const void *from, u32 length);

#endif
