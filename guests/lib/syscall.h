/*
 * System calls: number in v0, arguments in a0-a3, result in v0; a result from -1 to -40 is an
 * error, negated. Shared by the kernel and the user library, assembly included.
 */
#ifndef SYSCALL_H
#define SYSCALL_H

#define SYS_EXIT 1       /* (status) */
#define SYS_WRITE 2      /* (fd, data, length) -> length */
#define SYS_READ 3       /* (fd, buffer, size) -> length, 0 at the end; the console gives lines */
#define SYS_GETPID 4     /* () -> pid */
#define SYS_YIELD 5      /* () */
#define SYS_SLEEP 6      /* (milliseconds); an error without a timer */
#define SYS_SBRK 7       /* (bytes) -> previous end of the heap */
#define SYS_FORK 8       /* () -> pid of the child; 0 in the child */
#define SYS_WAIT 9       /* (pid or 0 for any, &status, WAIT_ flags) -> pid, 0: none yet */
#define SYS_TIME 10      /* () -> milliseconds since boot */
#define SYS_CPU 11       /* () -> number of the CPU we happen to be on */
#define SYS_PREEMPTED 12 /* () -> how often our quantum ran out */
#define SYS_EXEC 13      /* (argv); argv[0] names the program */
#define SYS_OPEN 14      /* (path, OPEN_ flags) -> fd */
#define SYS_CLOSE 15     /* (fd) */
#define SYS_PIPE 16      /* (fds[2]): read end, write end */
#define SYS_DUP 17       /* (fd, wanted fd) -> that fd */
#define SYS_SEEK 18      /* (fd, offset from the start) */
#define SYS_STAT 19      /* (path, struct stat *) */
#define SYS_LIST 20      /* (path, index, name[NAME_BYTES]) -> 1, 0 at the end */
#define SYS_MKDIR 21     /* (path) */
#define SYS_REMOVE 22    /* (path): a file or an empty directory */
#define SYS_RENAME 23    /* (from, to): what was at "to" is replaced, all or nothing */
#define SYS_CHDIR 24     /* (path) */
#define SYS_KILL 25      /* (pid, or -group; signal) */
#define SYS_SIGNAL 26    /* (signal, handler, restorer) -> previous handler */
#define SYS_SIGRETURN 27 /* back to what a signal interrupted */
#define SYS_SIGMASK 28   /* (signals to block, as a mask) -> previous mask */
#define SYS_PAUSE 29     /* (mask): waits for a signal, with this mask meanwhile */
#define SYS_ALARM 30     /* (milliseconds, 0: none) */
#define SYS_GROUP 31     /* (pid, group): moves a process to a group; 0: its own */
#define SYS_FOREGROUND 32 /* (group): whom the console's ^C and ^Z are for */
#define SYS_NICE 33      /* (pid or 0, priority 0 to 7) -> previous priority */
#define SYS_OPERATOR 34  /* (command): one of the kernel's own commands; its output to our fd 1 */
#define SYS_VERDICT 35   /* (reason): this run has failed */
#define SYS_GETPPID 36   /* () -> pid of who waits for us, 0: nobody */

#define E_PERM 1
#define E_NOENT 2
#define E_INTR 4
#define E_IO 5
#define E_TOOBIG 7
#define E_NOEXEC 8
#define E_BADF 9
#define E_CHILD 10
#define E_AGAIN 11
#define E_NOMEM 12
#define E_FAULT 14
#define E_BUSY 16
#define E_EXIST 17
#define E_NODEV 19
#define E_NOTDIR 20
#define E_ISDIR 21
#define E_INVAL 22
#define E_MFILE 24
#define E_NOSPC 28
#define E_PIPE 32
#define E_NOTEMPTY 39
#define E_LAST 40

/* What wait() reports: an exit status below 128, or one of these plus the signal. */
#define STATUS_KILLED 128
#define STATUS_STOPPED 256

#define WAIT_NO_HANG 1 /* do not wait: 0 if nobody has anything to report */
#define WAIT_STOPPED 2 /* report stopped children too */

#define OPEN_READ 1
#define OPEN_WRITE 2
#define OPEN_CREATE 4
#define OPEN_EXCLUSIVE 8
#define OPEN_TRUNCATE 16
#define OPEN_APPEND 32

#define NAME_BYTES 28 /* of a name in a directory, its terminator included */

#define SIG_HUP 1
#define SIG_INT 2
#define SIG_ILL 4
#define SIG_TRAP 5
#define SIG_BUS 7
#define SIG_FPE 8
#define SIG_KILL 9
#define SIG_USR1 10
#define SIG_SEGV 11
#define SIG_USR2 12
#define SIG_PIPE 13
#define SIG_ALRM 14
#define SIG_TERM 15
#define SIG_CHLD 17
#define SIG_CONT 18
#define SIG_STOP 19
#define SIG_TSTP 20
#define SIG_TTIN 21
#define SIGNALS 32

#define SIG_DEFAULT 0 /* in place of a handler */
#define SIG_IGNORE 1

#ifndef __ASSEMBLER__

#include "types.h"

enum { STAT_FILE = 1, STAT_DIRECTORY, STAT_DEVICE };

struct stat {
    u32 type;
    u32 size;
    u32 inode;
    u32 links;
};

/* The longest path the kernel takes, with its terminator. */
#define PATH_BYTES 96

#endif
#endif
