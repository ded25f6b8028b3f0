/* What user programs may use: the system calls, and printf. */
#ifndef USER_H
#define USER_H

#include "../lib/format.h"
#include "../lib/string.h"
#include "../lib/syscall.h"
#include "../lib/types.h"

/* A result below 0 is an error, negated (E_NOENT, ...). lib/syscall.h says what each call does. */
void exit(u32 status) __attribute__((noreturn));
s32 write(u32 fd, const void *data, u32 length);
s32 read(u32 fd, void *buffer, u32 size);
s32 getpid(void);
s32 getppid(void);
void yield(void);
s32 sleep(u32 milliseconds);
void *sbrk(s32 bytes); /* an error as an address: see refused() */
s32 fork(void);
s32 exec(char *const *argv);
s32 wait(u32 pid, u32 *status, u32 flags);
u32 time(void);
u32 cpu(void);
u32 preempted(void);
s32 open(const char *path, u32 flags);
s32 close(u32 fd);
s32 pipe(s32 *fds);
s32 dup(u32 fd, u32 wanted);
s32 seek(u32 fd, u32 offset);
s32 stat(const char *path, struct stat *stat);
s32 list(const char *path, u32 index, char *name);
s32 mkdir(const char *path);
s32 remove(const char *path);
s32 rename(const char *from, const char *to);
s32 chdir(const char *path);
s32 kill(s32 pid, u32 signal);
s32 sigmask(u32 mask);
s32 pause(u32 mask);
s32 alarm(u32 milliseconds);
s32 group(u32 pid, u32 group);
s32 foreground(u32 group);
s32 nice(u32 pid, u32 priority);
s32 operator(const char *command);
s32 verdict(const char *reason);

/* Installs a handler, or SIG_DEFAULT or SIG_IGNORE in its place. */
s32 signal(u32 number, void (*handler)(u32 number));
#define DEFAULT_ACTION ((void (*)(u32))SIG_DEFAULT)
#define IGNORE_SIGNAL ((void (*)(u32))SIG_IGNORE)

/* ---- library.c */

static inline bool refused(const void *address) {
    return (u32)address > 0xffffff00;
}

/* Runs a command of simple words in a child; its pid or an error. */
s32 spawn(const char *command);
const char *error_text(s32 error);
/* Says what went wrong with what on the console, and returns 1, for main to do so too. */
int complain(const char *program, const char *what, s32 error);

void printf(const char *text, ...) __attribute__((format(printf, 1, 2)));

int main(int argc, char **argv);

#endif
