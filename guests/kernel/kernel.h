/*
 * Everything one part of the kernel knows about another. Small enough for one
 * header; each section names the file that implements it.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include "../lib/format.h"
#include "../lib/string.h"
#include "../lib/syscall.h"
#include "../lib/types.h"
#include "board.h"
#include "mips.h"

#define MAX_CPUS 32
#define MAX_THREADS 80

/* ---- lock.c: spin locks. They hold interrupts off, so a holder is never preempted. */

struct spinlock {
    u32 held;
};

/* Takes the lock; returns the interrupt state to pass to spin_unlock. */
u32 spin_lock(struct spinlock *lock);
void spin_unlock(struct spinlock *lock, u32 irqs);

/* ---- trap.S, exception.c */

/* What an exception saves. trap.S knows these offsets. */
struct trapframe {
    u32 reg[32]; /* by number; 0, k0 and k1 are unused */
    u32 lo;
    u32 hi;
    u32 status;
    u32 cause;
    u32 epc;
    u32 badvaddr;
};

enum { REG_V0 = 2, REG_A0 = 4, REG_A1, REG_A2, REG_A3, REG_T9 = 25, REG_SP = 29, REG_RA = 31 };

/* An exception that a test expects: filled in by trap(), which then resumes after the call. */
struct probe {
    u32 saved[11]; /* s0-s8, sp, ra */
    u32 hit;       /* did an exception happen? */
    u32 code;
    u32 cause;
    u32 status;
    u32 epc;
    u32 badvaddr;
    u32 context;
    u32 entryhi;
    u32 a0; /* register a0 at the exception: "was the target left alone?" */
};

/* Calls function(a, b) and returns its result, 0 if it was cut short by an exception. */
u32 probe_call(struct probe *probe, u32 (*function)(u32, u32), u32 a, u32 b);
void trap_return(struct trapframe *frame) __attribute__((noreturn));
const char *exception_name(u32 code);

/* ---- pages.c: physical memory, one page at a time; pages may have several owners */

void pages_init(u32 first_free, u32 memory_end);
void *page_alloc(void); /* zeroed, as a kseg0 address; NULL when memory is full */
void *page_take(void);  /* the same, holding whatever it held */
void page_share(void *page);
void page_free(void *page); /* gives up one share */
u32 page_owners(const void *page);
u32 pages_free(void);

/* ---- tlb.c: the TLB and its refill */

void tlb_reset(void);
void tlb_write(u32 slot, u32 entryhi, u32 entrylo);
void tlb_read(u32 slot, u32 *entryhi, u32 *entrylo);
s32 tlb_probe(u32 entryhi); /* slot, or -1 */
void tlb_forget_asid(u32 asid);
/* Replaces the entry for this page, if this CPU's TLB has one. */
void tlb_update(u32 asid, u32 vaddr, u32 entrylo);

/* ---- space.c: address spaces */

#define MAX_REGIONS 4

/* Part of an address space: what its pages are when they are first touched. */
struct region {
    u32 start;
    u32 end;
    bool writable;
    const u8 *file; /* where the first file_bytes come from; the rest is zero */
    u32 file_bytes;
};

struct space {
    u32 **directory; /* USER_END / 4 MB page tables; the refill handler walks it */
    u32 asid;
    u32 stale_on;    /* CPUs whose TLB may hold entries that are no longer true */
    struct region regions[MAX_REGIONS];
    u32 region_count;
    u32 heap_start;
    u32 heap_end;
    u32 faults; /* pages made at their first touch */
    u32 copies; /* pages copied because they were shared and written */
};

#define STACK_TOP 0x7ffff000
#define STACK_LIMIT (STACK_TOP - 16 * PAGE_SIZE)

extern u32 *empty_directory[PAGE_SIZE / 4];

void space_init(void);
struct space *space_new(void);
/* A copy that shares its pages until one of the two writes. */
struct space *space_fork(struct space *parent);
void space_free(struct space *space);
void space_activate(struct space *space); /* NULL: no user memory; interrupts off */
bool space_add_region(struct space *space, const struct region *region);
/* Takes the right to write from a region whose pages have been filled in by copy_out. */
void space_seal(struct space *space, u32 region);
/* Makes an access possible if it is legal. */
bool space_fault(struct space *space, u32 vaddr, bool write);
bool copy_in(struct space *space, void *to, u32 from, u32 length);
bool copy_out(struct space *space, u32 to, const void *from, u32 length);
bool copy_in_string(struct space *space, char *to, u32 from, u32 size);

/* ---- sched.c: threads */

enum thread_state { FREE, READY, RUNNING, BLOCKED, STOPPED, ZOMBIE };
enum wake { WOKEN, TIMED_OUT, INTERRUPTED };

/* 0 is the most urgent. */
#define PRIORITIES 8
#define PRIORITY_KERNEL 1
#define PRIORITY_USER 3
#define PRIORITY_BATCH 6

/* What a process and its children have used. */
struct usage {
    u32 cpu_us;
    u32 calls;
    u32 faults; /* pages made when they were first touched */
    u32 copies; /* pages copied because they were shared and written */
    u32 sectors_read;
    u32 sectors_written;
};

struct thread {
    u32 context[11]; /* s0-s8, sp, ra: switch_context knows */
    enum thread_state state;
    u32 pid;
    char name[16];
    void *stack; /* one page */
    struct space *space;
    struct process *process; /* NULL: a thread of the kernel's own */
    struct thread *parent;   /* who may wait for us; NULL: nobody will */
    u32 status;
    bool reported; /* that it is stopped */
    u32 priority;
    const void *channel; /* what a blocked thread waits for */
    bool timed;
    u32 deadline; /* clock_ms() at which a timed wait ends */
    bool interruptible; /* a signal ends the wait */
    enum wake woken_by;
    u32 allowed_cpus;
    u32 switches; /* times it was given a CPU */
    u32 preempted;
    u32 used_us;  /* CPU time */
    u32 cycles_left; /* what did not make a whole microsecond yet */
    struct usage reaped;  /* what the last child that was waited for had used */
    struct probe *probe;
    struct file *output; /* where kprintf goes instead of the console */
    void (*entry)(void *);
    void *argument;
    struct thread *next; /* in a ready queue, or among the blocked */
};

struct cpu {
    u32 number;
    struct thread *thread; /* NULL: in the scheduler's own loop */
    u32 context[11];       /* of that loop */
    bool online;
    bool idle;
    bool resched; /* the quantum is over, or somebody more urgent is ready */
    u32 slice;    /* cycles of the quanta that ended since the thread got this CPU */
    u32 ticks;
    u32 ipis;
    u32 switches;
};

extern struct cpu cpus[MAX_CPUS];
extern struct thread threads[MAX_THREADS];
extern struct spinlock sched_lock; /* also guards the signals of processes */
extern u32 quantum_cycles;
extern u32 cpu_limit; /* no CPU that runs has this number or a higher one */

#define QUANTUM_DEFAULT 250000 /* 10 ms at 25 MHz */
#define ALL_CPUS 0xffffffff

static inline u32 cpu_number(void) {
    return mfc0(C0_CONTEXT) >> CONTEXT_CPU_SHIFT;
}

struct thread *current(void);
struct thread *thread_new(const char *name, void (*entry)(void *), void *argument);
void thread_start(struct thread *thread);
void thread_abandon(struct thread *thread); /* instead of starting it */
void thread_exit(u32 status) __attribute__((noreturn));
/* Waits for one child (pid, or 0 for any): its pid, 0 if none has anything to say (WAIT_NO_HANG),
   or an error. */
s32 thread_wait(u32 pid, u32 *status, u32 flags);
void yield(void);
/* Gives up the lock while blocked. False if the time (0: for ever) ran out. */
bool sleep_on(const void *channel, struct spinlock *lock, u32 milliseconds);
/* The same, but a signal to this process ends it too. */
enum wake sleep_interruptible(const void *channel, struct spinlock *lock, u32 milliseconds);
void wake_up(const void *channel);
void wake_up_locked(const void *channel); /* sched_lock is held */
/* Ends timed waits that are due and arms the clock for the next one. */
void wake_sleepers(u32 now);
/* There is a signal for this thread, which shall come to notice; sched_lock is held. */
void thread_interrupt(struct thread *thread);
void thread_set_priority(struct thread *thread, u32 priority);
void thread_stop(void); /* ourselves, until somebody interrupts; sched_lock is held */
void schedule_loop(void) __attribute__((noreturn));
void quantum_start(void);
void quantum_over(void);
void switch_context(u32 *save, u32 *load);

/* ---- mutex.c: locks to hold for long: who must wait sleeps */

struct mutex {
    struct spinlock lock;
    struct thread *owner;
};

void mutex_lock(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);

/* ---- load.c, proc.c, syscall.c: user processes */

struct program {
    const char *name;
    const u8 *start;
    const u8 *end;
};

extern const struct program programs[];
const struct program *program_find(const char *name);
/* Describe or fill in the regions of a new space; *entry becomes where the program starts. */
bool program_load(struct space *space, const struct program *program, u32 *entry);
s32 program_load_file(struct space *space, const char *path, u32 *entry);

#define MAX_FILES 16
#define MAX_ARGS 16

struct process {
    struct thread *thread;
    u32 group; /* jobs: what ^C and ^Z go to */
    struct file *files[MAX_FILES];
    char directory[PATH_BYTES]; /* the current one */
    /* Signals, as masks; sched_lock guards them. */
    u32 pending;
    u32 blocked;
    u32 blocked_before_pause;
    bool pausing;
    u32 handlers[SIGNALS];
    u32 restorer;     /* user code that ends a handler */
    u32 interrupted;  /* number of a system call to be made again, 0: none */
    bool alarm;
    u32 alarm_at;     /* clock_ms() */
    /* Accounting. */
    u32 calls;
    u32 sectors_read;
    u32 sectors_written;
    struct usage children; /* what those that have ended have used */
};

/* Starts a program; the first word of the command names it. NULL and a reason on failure. */
struct thread *process_start(const char *command, const char **reason);
/* The same with three words, which may hold spaces; NULL on failure. */
struct thread *process_start_words(const char *first, const char *second, const char *rest);
/* Starts one and waits; returns its exit status. */
u32 process_run(const char *command);
/* The same, to be started by the caller. */
struct thread *process_prepare_words(const char *first, const char *second, const char *rest);
/* No input, ^C is for others, and output goes to this file. */
void process_detach(struct thread *thread, struct file *output);
/* Adds up what a process has used. */
void process_usage(const struct thread *thread, struct usage *usage);
/* Only in a process: */
s32 process_fork(const struct trapframe *frame);
s32 process_exec(struct trapframe *frame, u32 argv);
void process_exit(u32 status) __attribute__((noreturn));
void syscall(struct trapframe *frame);
const char *error_name(s32 error);

/* ---- signal.c */

/* To one thread; sched_lock is held. False if the process does not care. */
bool signal_post(struct thread *thread, u32 signal);
/* To a process, or to all of a group (a negative number). */
s32 signal_send(s32 pid, u32 signal);
/* Is one to be delivered? sched_lock is held. */
bool signal_waiting(const struct thread *thread);
/* Does what the pending signals ask for, on the way back to user mode. */
void signal_deliver(struct trapframe *frame);
s32 signal_return(struct trapframe *frame);
s32 signal_handler(u32 signal, u32 handler, u32 restorer);
s32 signal_mask(u32 mask);
s32 signal_pause(u32 mask);
s32 signal_alarm(u32 milliseconds);
void signal_alarms(u32 now); /* sched_lock is held */
u32 signal_of_exception(u32 code);

/* ---- file.c, pipe.c: what a descriptor stands for */

enum file_kind { FILE_UNUSED, FILE_NOTHING, FILE_CONSOLE, FILE_PIPE, FILE_DISK, FILE_HOST };

struct file {
    enum file_kind kind;
    u32 owners; /* descriptors that stand for it */
    bool readable;
    bool writable;
    bool append;
    u32 offset;
    u32 number; /* inode or handle */
    struct pipe *pipe;
};

struct file *file_new(enum file_kind kind); /* NULL: too many */
struct file *file_console(void);
struct file *file_nothing(void); /* empty to read, and forgets what is written */
s32 file_open(const char *path, u32 flags, struct file **file);
s32 file_pipe(struct file **reader, struct file **writer);
struct file *file_share(struct file *file);
void file_close(struct file *file);
/* Bytes moved, 0 at the end, or an error. */
s32 file_read(struct file *file, void *data, u32 length);
s32 file_write(struct file *file, const void *data, u32 length);
s32 file_seek(struct file *file, u32 offset);
bool file_is_open(u32 inode); /* 0: is any? */

struct pipe *pipe_new(void);
s32 pipe_read(struct pipe *pipe, void *data, u32 length);
s32 pipe_write(struct pipe *pipe, const void *data, u32 length);
void pipe_close(struct pipe *pipe, bool reader);

/* ---- path.c: names. /host is the host's directory (emufs), all else our file system */

/* Makes a path absolute and takes "." and ".." out. False if it is too long. */
bool path_clean(const char *directory, const char *path, char *clean);
s32 path_stat(const char *path, struct stat *stat);
s32 path_list(const char *path, u32 index, char *name);
s32 path_make_directory(const char *path);
s32 path_remove(const char *path);
s32 path_rename(const char *from, const char *to);

/* Files of the host. A name of "" is its directory; lengths or errors come back. */
s32 host_open(const char *name, u32 operation, u32 *handle, bool *directory);
void host_close(u32 handle);
s32 host_transfer(u32 operation, u32 handle, u32 *offset, void *data, u32 length);

/* ---- fs.c, dir.c and others (fs.h): our own file system, on the first disk or in memory. Each call
   is all or nothing, whatever happens meanwhile, and lasts once it has returned. */

s32 fs_open(const char *path, u32 flags, u32 *inode);
s32 fs_stat(const char *path, struct stat *stat);
s32 fs_make_directory(const char *path);
s32 fs_remove(const char *path);
s32 fs_rename(const char *from, const char *to);
s32 fs_list(const char *path, u32 index, char *name);
s32 fs_read(u32 inode, u32 offset, void *data, u32 length);
s32 fs_write(u32 inode, u32 *offset, bool append, const void *data, u32 length);
s32 fs_format(void);

/* ---- bus.c: LAMEbus */

#define NO_SLOT 0xffffffff

void bus_init(void);
/* Base address of the nth device of a kind, 0 if there is none. */
u32 bus_find(enum device_id id, u32 nth);
void bus_on_interrupt(u32 base, void (*handler)(u32 base));
void bus_interrupt(void);
void bus_list(void);
void bus_accept_interrupts(u32 slots); /* by this CPU */
u32 bus_ram_size(void);
u32 bus_cpu_mask(void);
void bus_cpu_enable(u32 mask);
u32 bus_cpu_region(u32 cpu);
u32 bus_controller(void);
bool board_is_new(void);

/* ---- console.c */

void console_init(void);
void console_write(const char *text, u32 length);
/* Reads one line with editing; the terminator is dropped. Its length, or an error: E_INTR, or
   E_NODEV at ^D on an empty line. */
s32 console_read_line(char *line, u32 size);
void console_flush(void); /* sleeps until everything is out */
/* Interrupts are off and other CPUs stopped: from here on output is polled, and a lock one of
   them may have held does not matter. */
void console_seize(void);
/* The group of processes that ^C and ^Z are for. */
void console_foreground(u32 group);
u32 console_group(void); /* 0: nobody yet */
void console_drain(void);
u32 console_sent_interrupts(void); /* one for each character that left */
void kprintf(const char *text, ...) __attribute__((format(printf, 1, 2)));

/* ---- clock.c: the LAMEbus timer */

void clock_init(void);
bool clock_present(void);
u32 clock_ms(void); /* since boot */
u32 clock_us(void); /* since boot; wraps after 71 minutes */
void clock_wall(u32 *seconds, u32 *nanoseconds);
void clock_sleep(u32 milliseconds);
void clock_arm(u32 deadline);
u32 clock_interrupts(void);
void beep(void);

/* ---- devices */

void disk_init(void);
u32 disk_count(void);
u32 disk_sectors(u32 unit);
u32 disk_rpm(u32 unit);
/* Writes a pattern to a sector, reads it back, restores what was there: 0, error bits, or 1 for
   "reads back something else". */
u32 disk_verify(u32 unit, u32 sector);
/* 0, or the device's error bits. */
u32 disk_transfer(u32 unit, u32 sector, void *data, bool write);

void emufs_init(void);
bool emufs_present(void);
enum { EMUFS_OPEN = 1, EMUFS_CREATE, EMUFS_EXCLUSIVE, EMUFS_CLOSE, EMUFS_READ, EMUFS_READDIR,
       EMUFS_WRITE, EMUFS_SIZE, EMUFS_TRUNCATE };
enum { EMUFS_OK = 1, EMUFS_BAD_HANDLE, EMUFS_BAD_OPERATION, EMUFS_NO_FILE, EMUFS_BAD_SIZE,
       EMUFS_EXISTS, EMUFS_IS_DIRECTORY, EMUFS_MEDIA_ERROR, EMUFS_NO_HANDLES, EMUFS_NO_SPACE,
       EMUFS_NOT_DIRECTORY };
const char *emufs_error(u32 result);
u32 emufs_open(const char *path, u32 operation, u32 *handle, bool *directory);
u32 emufs_close(u32 handle);
/* Reads, lists or writes at *offset, which moves; *length becomes what was done. */
u32 emufs_transfer(u32 operation, u32 handle, u32 *offset, void *data, u32 *length);
u32 emufs_size(u32 handle, u32 *size);

void nic_init(void);
bool nic_present(void);
u32 nic_address(void);
bool nic_send(u32 to, const void *data, u32 length);
/* Payload length, or -1 if nothing came in time. */
s32 nic_receive(void *data, u32 size, u32 *from, u32 milliseconds);

void net_init(void);
/* Offers a frame's payload to the network's thread; from the card's interrupt. */
bool net_take(u32 from, const void *data, u32 length);

bool random_present(void);
u32 random_value(void);
bool trace_present(void);
void trace_code(u32 code);
void trace_dump(void);
void trace_stop(void);

/* ---- smp.c */

u32 smp_present(void);
u32 smp_online(void);
/* Starts CPUs until count of them run; returns how many do. */
u32 smp_start(u32 count);
void smp_stop_others(void);
void ipi_send(u32 cpu);
void ipi_interrupt(void);

/* ---- power.c: the end of a run and its verdict */

void verdict_fail(const char *reason, ...) __attribute__((format(printf, 1, 2)));
void power_off(void) __attribute__((noreturn));
void panic(const char *reason, ...) __attribute__((format(printf, 1, 2), noreturn));

/* ---- operator.c: the kernel's own commands, done by a thread on CPU 0 */

void operator_start(const char *boot_commands);
/* False if there is no such command. */
bool operator_run(const char *command, struct file *output, s32 *status);

/* ---- commands */

bool selftest(void);
bool counter_command(int argc, char **argv);
bool bench_command(int argc, char **argv);
bool rtc_command(int argc, char **argv);
bool beep_command(int argc, char **argv);
bool rand_command(int argc, char **argv);
bool disk_command(int argc, char **argv);
bool emufs_command(int argc, char **argv);
bool nic_command(int argc, char **argv);
bool trace_command(int argc, char **argv);
bool ping_command(int argc, char **argv);
bool send_command(int argc, char **argv);
bool net_command(int argc, char **argv);
bool batch_command(int argc, char **argv);
bool account_command(int argc, char **argv);
bool bugs_command(int argc, char **argv);
bool locktest_command(int argc, char **argv);
bool mkfs_command(int argc, char **argv);
bool fsck_command(int argc, char **argv);
/* Runs count threads over a shared counter; returns its final value. */
u32 counter_run(u32 thread_count, u32 cpu_count, u32 increments, bool locked);

#endif
