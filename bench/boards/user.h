/* The agreement between the user-mode image's tiny kernel and its program. */
#ifndef USER_H
#define USER_H

#define SYS_NULL 0  /* returns a0 + 1 */
#define SYS_PUTC 1  /* writes the character a0 */
#define SYS_EXIT 2
#define SYS_TIMER 3 /* interrupts every a0 cycles from now on, counting in the word at a1; 0: off */

/* Virtual addresses of the program: text, data and bss from USER_BASE, stack below USER_STACK. */
#define USER_BASE 0x00400000
#define USER_STACK 0x7ffff000

#endif
