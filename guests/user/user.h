/* What user programs may use: the system calls, and printf. */
#ifndef USER_H
#define USER_H

#include "../lib/format.h"
#include "../lib/string.h"
#include "../lib/syscall.h"
#include "../lib/types.h"

void exit(u32 status) __attribute__((noreturn));
s32 write(u32 fd, const void *text, u32 length);
s32 read(u32 fd, void *buffer, u32 size);
u32 getpid(void);
void yield(void);
s32 sleep(u32 milliseconds); /* -1: no clock */
void *sbrk(s32 bytes); /* (void *)-1 when refused */
s32 spawn(const char *command);
s32 wait(u32 pid, u32 *status);
u32 time(void);
u32 cpu(void);
u32 preempted(void);

void printf(const char *text, ...) __attribute__((format(printf, 1, 2)));

int main(int argc, char **argv);

#endif
