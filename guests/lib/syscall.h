/*
 * System calls: number in v0, arguments in a0-a2, result in v0; -1 means refused.
 * Shared by the kernel and the user library, assembly included.
 */
#ifndef SYSCALL_H
#define SYSCALL_H

#define SYS_EXIT 1   /* (status) */
#define SYS_WRITE 2  /* (fd, text, length) -> length; fd 1 is the console */
#define SYS_READ 3   /* (fd, buffer, size) -> length of one line with its newline, 0 at the end */
#define SYS_GETPID 4 /* () -> pid */
#define SYS_YIELD 5  /* () */
#define SYS_SLEEP 6  /* (milliseconds); refused without a timer */
#define SYS_SBRK 7   /* (bytes) -> previous end of the heap */
#define SYS_SPAWN 8  /* (command) -> pid */
#define SYS_WAIT 9   /* (pid or 0 for any, &status) -> pid */
#define SYS_TIME 10  /* () -> milliseconds since boot */
#define SYS_CPU 11   /* () -> number of the CPU we happen to be on */
#define SYS_PREEMPTED 12 /* () -> how often our quantum ran out */

#endif
