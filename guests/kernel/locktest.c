/*
 * locktest: ten short races, each around one of the kernel's ways to keep things right. With the
 * right way none can fail, whatever the seed; with the bug of the same number (bugs.h), some
 * seeds make it fail. It is kept short, so that many seeds can be tried: the quantum is small and
 * the seed's, so preemption, and the order of CPUs, come at other places for each seed.
 *
 * Who waits for ever is noticed by the clock: then the test fails with "stuck".
 */
#include "bugs.h"
#include "fs.h"

#define WORKERS 3
#define PATIENCE_MS 400

static struct spinlock test_lock;
static u32 finished;
static bool go;
static char complaint[80];

static void complain(const char *text, ...) {
    va_list args;

    if (complaint[0] == 0) {
        va_start(args, text);
        format(complaint, sizeof complaint, text, args);
        va_end(args);
    }
}

/* ---- running workers */

static void (*work)(u32 number);

static void worker(void *number) {
    u32 irqs = spin_lock(&test_lock);

    while (!go) {
        sleep_on(&go, &test_lock, 0); /* all start together, or they might never meet */
    }
    spin_unlock(&test_lock, irqs);
    work((u32)number);
    irqs = spin_lock(&test_lock);
    finished++;
    wake_up(&finished);
    spin_unlock(&test_lock, irqs);
}

/* Runs count workers at once; complains if they do not all come to an end. */
static void run(u32 count, void (*what)(u32)) {
    u32 irqs, status, i;

    work = what;
    finished = 0;
    go = false;
    for (i = 0; i < count; i++) {
        struct thread *thread = thread_new("worker", worker, (void *)i);

        if (thread == NULL) {
            panic("locktest: no thread left");
        }
        thread->priority = PRIORITY_USER;
        thread_start(thread);
    }
    irqs = spin_lock(&test_lock);
    go = true;
    wake_up(&go);
    while (finished < count && sleep_on(&finished, &test_lock, PATIENCE_MS)) {
    }
    spin_unlock(&test_lock, irqs);
    if (finished < count) {
        complain("stuck: %u of %u threads wait for ever", count - finished, count);
        return;
    }
    for (i = 0; i < count; i++) {
        thread_wait(0, &status, 0);
    }
}

/* ---- 1: a counter */

#define INCREMENTS 500

static struct spinlock counter_lock;
static volatile u32 counter;

static void count(u32 number) {
    u32 i, irqs;

    (void)number;
    for (i = 0; i < INCREMENTS; i++) {
        if (bug(BUG_COUNTER)) {
            counter++;
        } else {
            irqs = spin_lock(&counter_lock);
            counter++;
            spin_unlock(&counter_lock, irqs);
        }
    }
}

static void test_counter(void) {
    counter = 0;
    run(WORKERS, count);
    if (counter != WORKERS * INCREMENTS) {
        complain("%u increments gave %u", WORKERS * INCREMENTS, counter);
    }
}

/* ---- 2: waiting for something */

#define ROUNDS 40

struct semaphore {
    struct spinlock lock;
    u32 tokens;
};

static struct semaphore ping, pong;

static void give(struct semaphore *semaphore) {
    u32 irqs = spin_lock(&semaphore->lock);

    semaphore->tokens++;
    wake_up(semaphore);
    spin_unlock(&semaphore->lock, irqs);
}

static void take(struct semaphore *semaphore) {
    static struct spinlock another_lock;
    u32 irqs = spin_lock(&semaphore->lock);

    while (semaphore->tokens == 0) {
        if (bug(BUG_WAKEUP)) {
            spin_unlock(&semaphore->lock, irqs);
            /* Here. The giver finds nobody asleep yet. */
            irqs = spin_lock(&another_lock);
            sleep_on(semaphore, &another_lock, 0);
            spin_unlock(&another_lock, irqs);
            irqs = spin_lock(&semaphore->lock);
        } else {
            sleep_on(semaphore, &semaphore->lock, 0); /* lets the lock go when it is asleep */
        }
    }
    semaphore->tokens--;
    spin_unlock(&semaphore->lock, irqs);
}

static void play(u32 number) {
    u32 i, delay;

    for (i = 0; i < ROUNDS; i++) {
        if (number == 0) {
            give(&ping);
            for (delay = i * 7 % 40; delay > 0; delay--) {
                __asm__ volatile("");
            }
            take(&pong);
        } else {
            take(&ping);
            give(&pong);
        }
    }
}

static void test_wakeup(void) {
    ping.tokens = pong.tokens = 0;
    run(2, play);
}

/* ---- 3: two locks at once */

#define ACCOUNTS 3
#define TRANSFERS 25

static struct account {
    struct mutex lock;
    s32 balance;
} accounts[ACCOUNTS];

static void transfer(u32 from, u32 to, s32 amount) {
    /* The one order: by number. */
    u32 first = bug(BUG_LOCK_ORDER) || from < to ? from : to;
    u32 second = from + to - first;

    mutex_lock(&accounts[first].lock);
    mutex_lock(&accounts[second].lock);
    accounts[from].balance -= amount;
    accounts[to].balance += amount;
    mutex_unlock(&accounts[second].lock);
    mutex_unlock(&accounts[first].lock);
}

static void trade(u32 number) {
    u32 i;

    for (i = 0; i < TRANSFERS; i++) {
        u32 from = (number + i) % ACCOUNTS;

        transfer(from, (from + 1 + i % (ACCOUNTS - 1)) % ACCOUNTS, (s32)i);
    }
}

static void test_lock_order(void) {
    s32 sum = 0;
    u32 i;

    memset(accounts, 0, sizeof accounts);
    run(WORKERS, trade);
    for (i = 0; i < ACCOUNTS; i++) {
        sum += accounts[i].balance;
    }
    if (sum != 0) {
        complain("the accounts add up to %d", sum);
    }
}

/* ---- 4: initialised by whoever comes first */

#define OBJECTS 24
#define FIELDS 8

static struct object {
    volatile bool ready;
    volatile u32 fields[FIELDS];
} objects[OBJECTS];
static struct mutex init_lock;

static struct object *get(u32 number) {
    struct object *object = &objects[number];
    u32 i;

    if (!object->ready) {
        mutex_lock(&init_lock);
        if (!object->ready) {
            if (bug(BUG_INIT)) {
                object->ready = true; /* from here on nobody waits for the lock */
            }
            for (i = 0; i < FIELDS; i++) {
                object->fields[i] = (number + 1) * (i + 3);
            }
            object->ready = true;
        }
        mutex_unlock(&init_lock);
    }
    return object;
}

static void use(u32 number) {
    u32 i, j;

    (void)number;
    for (i = 0; i < OBJECTS; i++) {
        struct object *object = get(i);

        for (j = 0; j < FIELDS; j++) {
            if (object->fields[j] != (i + 1) * (j + 3)) {
                complain("object %u was used before it was ready", i);
            }
        }
    }
}

static void test_init(void) {
    memset((void *)objects, 0, sizeof objects);
    run(WORKERS, use);
}

/* ---- 5: a free list */

#define NODES 8
#define LOANS 60

static struct node {
    struct node *next;
    volatile u32 users;
} nodes[NODES];
static struct node *volatile free_nodes;
static struct spinlock list_lock;

/* Stores if the word still holds what it is expected to; the address, that is. */
static bool compare_and_swap(struct node *volatile *word, struct node *expected,
                             struct node *wanted) {
    struct node *found;
    u32 stored;

    __asm__ volatile(
        ".set push\n"
        ".set noreorder\n"
        ".set mips2\n"
        "   move  %1, $0\n"
        "   ll    %0, 0(%2)\n"
        "   nop\n"
        "   bne   %0, %3, 1f\n"
        "   nop\n"
        "   move  %1, %4\n"
        "   sc    %1, 0(%2)\n"
        "   nop\n"
        "1:\n"
        ".set pop\n"
        : "=&r"(found), "=&r"(stored)
        : "r"(word), "r"(expected), "r"(wanted)
        : "memory");
    return stored != 0;
}

static struct node *node_take(void) {
    struct node *node, *next;
    u32 irqs;

    if (bug(BUG_ABA)) {
        do {
            node = free_nodes;
            if (node == NULL) {
                return NULL;
            }
            next = node->next; /* true now; and when the swap succeeds? */
        } while (!compare_and_swap(&free_nodes, node, next));
        return node;
    }
    irqs = spin_lock(&list_lock);
    node = free_nodes;
    if (node != NULL) {
        free_nodes = node->next;
    }
    spin_unlock(&list_lock, irqs);
    return node;
}

static void node_give(struct node *node) {
    u32 irqs;

    if (bug(BUG_ABA)) {
        do {
            node->next = free_nodes;
        } while (!compare_and_swap(&free_nodes, node->next, node));
        return;
    }
    irqs = spin_lock(&list_lock);
    node->next = free_nodes;
    free_nodes = node;
    spin_unlock(&list_lock, irqs);
}

static struct node *borrow(void) {
    struct node *node = node_take();

    if (node != NULL && ++node->users != 1) {
        complain("a node has two users");
    }
    return node;
}

static void give_back(struct node *node) {
    if (node != NULL) {
        node->users--;
        node_give(node);
    }
}

static void lend(u32 number) {
    u32 i;

    (void)number;
    for (i = 0; i < LOANS && complaint[0] == 0; i++) {
        struct node *first = borrow();
        struct node *second = borrow();

        give_back(first);
        give_back(second);
    }
}

static void test_aba(void) {
    u32 i;

    memset(nodes, 0, sizeof nodes);
    free_nodes = NULL;
    for (i = 0; i < NODES; i++) {
        node_give(&nodes[i]);
    }
    run(WORKERS, lend);
}

/* ---- 6: a page that becomes shared while another CPU's TLB thinks it may be written */

#define SHARED_AT 0x10000000
#define FORKS 2

static void fork_and_write(u32 number) {
    static const struct region region = {SHARED_AT, SHARED_AT + PAGE_SIZE, true, NULL, 0};
    struct thread *self = current();
    struct space *space = space_new();
    volatile u32 *word = (volatile u32 *)SHARED_AT;
    u32 irqs, i;

    (void)number;
    if (space == NULL || !space_add_region(space, &region)) {
        panic("locktest: no address space");
    }
    irqs = irq_save();
    self->space = space;
    space_activate(space);
    irq_restore(irqs);
    for (i = 0; i < FORKS; i++) {
        struct space *child;
        u32 seen;

        *word = i;
        yield(); /* on which CPU it goes on is the scheduler's affair */
        *word = i;
        child = space_fork(space);
        if (child == NULL) {
            panic("locktest: no memory to fork");
        }
        *word = 1000 + i; /* ours from now on; the child's copy stays */
        if (!copy_in(child, &seen, SHARED_AT, sizeof seen) || seen != i) {
            complain("a child's memory changed from %u to %u", i, seen);
        }
        space_free(child);
    }
    irqs = irq_save();
    self->space = NULL;
    space_activate(NULL);
    irq_restore(irqs);
    space_free(space);
}

static void test_shootdown(void) {
    run(2, fork_and_write);
}

/* ---- 7: signals between two processes */

static void run_processes(u32 number) {
    const char *reason;
    struct thread *process = process_start("pingpong", &reason);
    u32 status = 1;

    (void)number;
    if (process == NULL) {
        panic("locktest: %s", reason);
    }
    thread_wait(process->pid, &status, 0);
    if (status != 0) {
        complain("pingpong ended with status %u", status);
    }
}

static void test_signal(void) {
    run(1, run_processes);
}

/* ---- 8: a ring buffer */

#define RING 4
#define ITEMS 60

static struct {
    struct spinlock lock;
    u32 items[RING];
    u32 head, tail; /* they only grow */
} ring;

static void produce(void) {
    u32 i, irqs, delay;

    for (i = 0; i < ITEMS; i++) {
        for (delay = 0; delay < 40; delay++) {
            __asm__ volatile(""); /* slower than the consumer, mostly */
        }
        irqs = spin_lock(&ring.lock);
        while (bug(BUG_RING) ? ring.head - ring.tail > RING : ring.head - ring.tail >= RING) {
            sleep_on(&ring.tail, &ring.lock, 0);
        }
        ring.items[ring.head++ % RING] = i;
        wake_up(&ring.head);
        spin_unlock(&ring.lock, irqs);
    }
}

static void consume(void) {
    u32 i, irqs, item;

    for (i = 0; i < ITEMS; i++) {
        irqs = spin_lock(&ring.lock);
        while (ring.head == ring.tail) {
            sleep_on(&ring.head, &ring.lock, 0);
        }
        item = ring.items[ring.tail++ % RING];
        wake_up(&ring.tail);
        spin_unlock(&ring.lock, irqs);
        if (item != i) {
            complain("item %u came instead of %u", item, i);
        }
    }
}

static void pass(u32 number) {
    if (number == 0) {
        produce();
    } else {
        consume();
    }
}

static void test_ring(void) {
    ring.head = ring.tail = 0;
    run(2, pass);
}

/* ---- 9: creating a file that must not exist */

static u32 created;

static void create(u32 number) {
    u32 inode, irqs;

    (void)number;
    if (fs_open("/locktest", OPEN_CREATE | OPEN_EXCLUSIVE, &inode) == 0) {
        irqs = spin_lock(&test_lock);
        created++;
        spin_unlock(&test_lock, irqs);
    }
}

static void test_create(void) {
    struct stat stat;

    if (fs_stat("/", &stat) != 0) {
        return; /* a disk without a file system */
    }
    created = 0;
    run(WORKERS, create);
    if (created != 1) {
        complain("%u threads created the same file", created);
    }
    while (fs_remove("/locktest") == 0) {
    }
}

/* ---- 10: who owns a page */

#define SHARES 150

static void *shared_page;

static void share(u32 number) {
    u32 i;

    (void)number;
    for (i = 0; i < SHARES; i++) {
        page_share(shared_page);
        page_free(shared_page);
    }
}

static void test_references(void) {
    shared_page = page_take();
    if (shared_page == NULL) {
        panic("locktest: no memory");
    }
    for (u32 i = 0; i < 100; i++) {
        page_share(shared_page); /* so that a miscount does not free it under us */
    }
    run(WORKERS, share);
    if (page_owners(shared_page) != 101) {
        complain("a page with 101 owners has %u", page_owners(shared_page));
    } else {
        for (u32 i = 0; i < 101; i++) {
            page_free(shared_page);
        }
    }
}

/* ---- the command */

static const struct {
    const char *name;
    void (*run)(void);
} tests[BUGS + 1] = {
    [BUG_COUNTER] = {"counter", test_counter},
    [BUG_WAKEUP] = {"wakeup", test_wakeup},
    [BUG_LOCK_ORDER] = {"lock order", test_lock_order},
    [BUG_INIT] = {"init", test_init},
    [BUG_ABA] = {"ABA", test_aba},
    [BUG_SHOOTDOWN] = {"shootdown", test_shootdown},
    [BUG_SIGNAL] = {"signal", test_signal},
    [BUG_RING] = {"ring", test_ring},
    [BUG_CREATE] = {"create", test_create},
    [BUG_REFERENCES] = {"references", test_references},
};

static bool run_test(u32 number) {
    u32 quantum = quantum_cycles;

    complaint[0] = 0;
    quantum_cycles = 700 + (random_present() ? random_value() % 900 : 299);
    tests[number].run();
    quantum_cycles = quantum;
    if (complaint[0] != 0) {
        kprintf("locktest: FAIL %s: %s\n", tests[number].name, complaint);
        verdict_fail("locktest: %s: %s", tests[number].name, complaint);
    }
    return complaint[0] == 0;
}

bool locktest_command(int argc, char **argv) {
    u32 first = 1;
    u32 last = BUGS;
    u32 i;

    if (argc > 1 && (!parse_number(argv[1], &first) || first < 1 || first > BUGS)) {
        kprintf("locktest: [NUMBER from 1 to %u]\n", BUGS);
        return false;
    }
    if (argc > 1) {
        last = first;
    }
    smp_start(smp_present());
    for (i = first; i <= last; i++) {
        if (!run_test(i)) {
            return false; /* what is left of it might disturb the others */
        }
    }
    kprintf("locktest: all is well on %u CPU%s\n", smp_online(), smp_online() == 1 ? "" : "s");
    return true;
}
