/*
 * Everything one part of the kernel knows about another. Small enough for one
 * header; each section names the file that implements it.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include "../lib/format.h"
#include "../lib/string.h"
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

enum { REG_V0 = 2, REG_A0 = 4, REG_A1, REG_A2, REG_A3, REG_SP = 29, REG_RA = 31 };

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

/* ---- pages.c: physical memory, one page at a time */

void pages_init(u32 first_free, u32 end);
void *page_alloc(void); /* zeroed, as a kseg0 address; NULL when memory is full */
void page_free(void *page);
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

struct space {
    u32 **directory; /* USER_END / 4 MB page tables; the refill handler walks it */
    u32 asid;
    u32 stale_on;    /* CPUs whose TLB may hold entries of this ASID's previous owner */
    u32 heap_start;
    u32 heap_end;
};

#define STACK_TOP 0x7ffff000
#define STACK_LIMIT (STACK_TOP - 16 * PAGE_SIZE)

extern u32 *empty_directory[PAGE_SIZE / 4];

void space_init(void);
struct space *space_new(void);
void space_free(struct space *space);
void space_activate(struct space *space); /* NULL: no user memory; interrupts off */
/* Maps a fresh zeroed page; returns its kseg0 address or NULL. */
void *space_map(struct space *space, u32 vaddr, bool writable);
/* Makes an access possible if it is legal. */
bool space_fault(struct space *space, u32 vaddr, bool write);
bool copy_in(struct space *space, void *to, u32 from, u32 length);
bool copy_out(struct space *space, u32 to, const void *from, u32 length);
bool copy_in_string(struct space *space, char *to, u32 from, u32 size);

/* ---- sched.c: threads */

enum thread_state { FREE, READY, RUNNING, BLOCKED, ZOMBIE };

struct thread {
    u32 context[11]; /* s0-s8, sp, ra: switch_context knows */
    enum thread_state state;
    u32 pid;
    char name[16];
    void *stack; /* one page */
    struct space *space;
    struct thread *parent; /* who may wait for us; NULL: nobody will */
    u32 status;
    const void *channel; /* what a blocked thread waits for */
    bool timed;
    u32 deadline; /* clock_ms() at which a timed wait ends */
    bool timed_out;
    u32 allowed_cpus;
    u32 switches; /* times it was given a CPU */
    u32 preempted;
    struct probe *probe;
    void (*entry)(void *);
    void *argument;
    struct thread *next; /* in the ready queue, or among the blocked */
};

struct cpu {
    u32 number;
    struct thread *thread; /* NULL: in the scheduler's own loop */
    u32 context[11];       /* of that loop */
    bool online;
    bool idle;
    bool resched; /* the quantum is over */
    u32 ticks;
    u32 ipis;
    u32 switches;
};

extern struct cpu cpus[MAX_CPUS];
extern struct thread threads[MAX_THREADS];
extern u32 quantum_cycles;

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
/* Waits for one child (pid, or 0 for any); false if there is none. */
bool thread_wait(u32 pid, u32 *which, u32 *status);
void yield(void);
/* Gives up the lock while blocked. False if the time (0: for ever) ran out. */
bool sleep_on(const void *channel, struct spinlock *lock, u32 milliseconds);
void wake_up(const void *channel);
/* Ends timed waits that are due and arms the clock for the next one. */
void wake_sleepers(u32 now);
void schedule_loop(void) __attribute__((noreturn));
void quantum_start(void);
void switch_context(u32 *save, u32 *load);

/* ---- proc.c, syscall.c: user processes */

struct program {
    const char *name;
    const u8 *start;
    const u8 *end;
};

extern const struct program programs[];
const struct program *program_find(const char *name);
/* Starts a program; the first word of the command names it. NULL and a reason on failure. */
struct thread *process_start(const char *command, const char **reason);
/* Starts one and waits; returns its exit status. */
u32 process_run(const char *command);
void syscall(struct trapframe *frame);

#define STATUS_KILLED 128 /* plus the exception code */

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
/* Reads one line with editing; the terminator is dropped. False at ^D on an empty line. */
bool console_read_line(char *line, u32 size);
void console_flush(void); /* sleeps until everything is out */
/* Interrupts are off and other CPUs stopped: from here on output is polled, and a lock one of
   them may have held does not matter. */
void console_seize(void);
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
enum { EMUFS_OK = 1, EMUFS_BAD_HANDLE, EMUFS_BAD_OPERATION, EMUFS_NO_FILE };
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

/* ---- commands */

void shell(void *boot_commands);
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
/* Runs count threads over a shared counter; returns its final value. */
u32 counter_run(u32 thread_count, u32 cpu_count, u32 increments, bool locked);

#endif
