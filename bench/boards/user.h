/* The agreement between the user-mode image's tiny kernel and its program. */
#ifndef USER_H
#define USER_H

#define SYS_NULL 0  /* returns a0 + 1 */
#define SYS_PUTC 1  /* writes the character a0 */
#define SYS_EXIT 2  /* ends the process; the first process's end turns the machine off */
#define SYS_TIMER 3 /* interrupts every a0 cycles from now on, counting in the word at a1; 0: off */
#define SYS_FORK 4  /* makes a second process of the first a0 pages and the stack; returns 1, there 0 */
#define SYS_YIELD 5 /* runs the other process; returns 0, or the a0 with which it ended */
#define SYS_POLL 6  /* poll_device (board.h), a0 times */
#define SYS_START 7 /* starts all other CPUs at a0, stacks of a2 bytes from a1; returns how many there are */

/* Virtual addresses of the program: text, data and bss from USER_BASE, stack below USER_STACK. */
#define USER_BASE 0x00400000
#define USER_STACK 0x7ffff000

#ifndef __ASSEMBLER__
#include "bench.h"

u32 sys_null(u32 value);
void sys_exit(u32 value) __attribute__((noreturn));
void sys_timer(u32 period, volatile u32 *counter);
u32 sys_fork(u32 pages);
u32 sys_yield(void);
u32 sys_poll(u32 times);

/* How many pages the program takes, for sys_fork. */
extern const u8 image_end[];
#define PROGRAM_PAGES (((u32)image_end - USER_BASE + 4095) / 4096)
#endif

#endif
