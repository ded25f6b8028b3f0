/*
 * The network: a ping, and files from one machine to another. Packets are the payload of the
 * card's frames and start with a mark; frames without it are left to the nic command. A thread
 * takes them as they come: it answers pings, and receives files.
 *
 * A file goes in blocks, each sent again until it is acknowledged, so what the card drops
 * does not matter. The receiver writes beside the file's place and moves it there when all of it has
 * come and adds up: the old file, or the whole new one, but never half of one.
 */
#include "kernel.h"

#define NET_MARK 0x4b6e6574
#define BLOCK_BYTES 1024
#define RETRY_MS 40
#define TRIES 12
#define WAITING 4 /* packets that may wait for the thread */

enum { PING = 1, PONG, OFFER, BLOCK, END, ACK, REFUSE };

struct packet {
    u32 mark;
    u32 type;
    u32 id;       /* of a ping, or of a transfer */
    u32 sequence; /* of a block; END's is one more than the last */
    u32 length;   /* of the data */
    u32 sum;      /* of all data so far */
    u8 data[BLOCK_BYTES];
};

#define HEADER_BYTES (sizeof(struct packet) - BLOCK_BYTES)

/* ---- what comes in */

struct arrival {
    u32 from;
    struct packet packet;
};

static struct spinlock lock;
static struct arrival arrivals[WAITING];
static u32 head, tail; /* they only grow */
static struct arrival answer; /* the last PONG, ACK or REFUSE, for who waits for it */
static u32 answered;          /* counts them */

static bool is_answer(u32 type) {
    return type == PONG || type == ACK || type == REFUSE;
}

/* From the card's interrupt. True if the frame was ours, even if there was no room for it. */
bool net_take(u32 from, const void *data, u32 length) {
    const struct packet *packet = data;
    struct arrival *to;
    u32 irqs;

    if (length < HEADER_BYTES || packet->mark != NET_MARK ||
        packet->length > length - HEADER_BYTES) {
        return false;
    }
    irqs = spin_lock(&lock);
    if (is_answer(packet->type)) {
        answer.from = from;
        memcpy(&answer.packet, packet, HEADER_BYTES);
        answered++;
        wake_up(&answered);
    } else if (head - tail < WAITING) {
        to = &arrivals[head++ % WAITING];
        to->from = from;
        memcpy(&to->packet, packet, HEADER_BYTES + packet->length);
        wake_up(&head);
    }
    spin_unlock(&lock, irqs);
    return true;
}

static void send(u32 to, const struct packet *packet) {
    nic_send(to, packet, HEADER_BYTES + packet->length);
}

static void reply(const struct arrival *arrival, u32 type) {
    u32 header[HEADER_BYTES / 4]; /* a whole packet would be a quarter of our stack */

    memcpy(header, &arrival->packet, HEADER_BYTES);
    ((struct packet *)header)->type = type;
    ((struct packet *)header)->length = 0;
    nic_send(arrival->from, header, HEADER_BYTES);
}

static u32 add_up(u32 sum, const u8 *data, u32 length) {
    for (; length > 0; length--) {
        sum = (sum ^ *data++) * 0x01000193;
    }
    return sum;
}

/* ---- receiving a file */

static struct {
    u32 from;
    u32 id;
    u32 next; /* the sequence number that shall come now */
    u32 sum;
    u32 offset;
    u32 inode;
    bool open;
    char name[NAME_BYTES];
} incoming;

#define BESIDE "/incoming.part"

static u32 files_received;

static bool begin_file(const struct arrival *arrival) {
    const struct packet *packet = &arrival->packet;
    struct stat stat;
    u32 i;

    for (i = 0; i < packet->length && packet->data[i] != 0; i++) {
        if (packet->data[i] == '/') {
            return false; /* a name in the root directory, no more */
        }
    }
    if (packet->length == 0 || packet->length >= NAME_BYTES ||
        (fs_stat(BESIDE, &stat) == 0 && fs_remove(BESIDE) != 0) ||
        fs_open(BESIDE, OPEN_CREATE, &incoming.inode) != 0) {
        return false;
    }
    incoming.name[0] = '/';
    memcpy(incoming.name + 1, packet->data, packet->length);
    incoming.name[packet->length + 1 < NAME_BYTES ? packet->length + 1 : NAME_BYTES - 1] = 0;
    incoming.from = arrival->from;
    incoming.id = packet->id;
    incoming.next = 1;
    incoming.sum = 0;
    incoming.offset = 0;
    incoming.open = true;
    return true;
}

static bool add_block(const struct packet *packet) {
    u32 sum = add_up(incoming.sum, packet->data, packet->length);

    if (sum != packet->sum || fs_write(incoming.inode, &incoming.offset, false, packet->data,
                                       packet->length) != (s32)packet->length) {
        return false;
    }
    incoming.sum = sum;
    incoming.next++;
    return true;
}

static bool end_file(const struct packet *packet) {
    incoming.open = false;
    incoming.next++;
    if (packet->sum != incoming.sum || fs_rename(BESIDE, incoming.name) != 0) {
        return false;
    }
    files_received++;
    kprintf("net: received %s, %u bytes from %u\n", incoming.name, incoming.offset, incoming.from);
    return true;
}

/* One step of a transfer. What has been done already is acknowledged again: the first
   acknowledgement may be lost. */
static void take_part(const struct arrival *arrival) {
    const struct packet *packet = &arrival->packet;
    bool same = arrival->from == incoming.from && packet->id == incoming.id;
    bool well = true;

    if (packet->type == OFFER) {
        well = (same && incoming.next > 0) || begin_file(arrival);
    } else if (same && packet->sequence == incoming.next && incoming.open) {
        well = packet->type == BLOCK ? add_block(packet) : end_file(packet);
    } else if (!same || packet->sequence > incoming.next) {
        return;
    }
    reply(arrival, well ? ACK : REFUSE);
}

static void net_thread(void *unused) {
    static struct arrival arrival;

    (void)unused;
    for (;;) {
        u32 irqs = spin_lock(&lock);

        while (head == tail) {
            sleep_on(&head, &lock, 0);
        }
        arrival = arrivals[tail++ % WAITING];
        spin_unlock(&lock, irqs);
        if (arrival.packet.type == PING) {
            reply(&arrival, PONG);
        } else {
            take_part(&arrival);
        }
    }
}

void net_init(void) {
    if (nic_present()) {
        thread_start(thread_new("net", net_thread, NULL));
    }
}

/* ---- asking: with the operator, who does one thing at a time */

static u32 next_id;

/* Sends a packet until its answer comes; the answer's type, 0 if none came. */
static u32 ask(u32 to, const struct packet *packet, u32 tries) {
    u32 type = 0;

    while (type == 0 && tries-- > 0) {
        u32 irqs, before;

        irqs = spin_lock(&lock);
        before = answered;
        spin_unlock(&lock, irqs);
        send(to, packet);
        irqs = spin_lock(&lock);
        while (type == 0 &&
               (answered != before || sleep_on(&answered, &lock, RETRY_MS))) {
            before = answered;
            if (answer.from == to && answer.packet.id == packet->id &&
                answer.packet.sequence == packet->sequence) {
                type = answer.packet.type;
            }
        }
        spin_unlock(&lock, irqs);
    }
    return type;
}

static bool can_ask(const char *name) {
    if (!nic_present() || !clock_present()) {
        kprintf("%s: this machine has no %s\n", name, nic_present() ? "timer" : "nic");
        return false;
    }
    return true;
}

static u32 fresh_id(void) {
    return ++next_id + (clock_us() << 8); /* not one of an earlier run, either */
}

bool ping_command(int argc, char **argv) {
    static struct packet packet;
    u32 to, i;
    u32 times = 3;
    u32 came = 0;

    if (!can_ask("ping")) {
        return false;
    }
    if (argc < 2 || !parse_number(argv[1], &to) || (argc > 2 && !parse_number(argv[2], &times))) {
        kprintf("ping: ADDRESS [TIMES]\n");
        return false;
    }
    for (i = 1; i <= times; i++) {
        u32 started = clock_us();

        packet.mark = NET_MARK;
        packet.type = PING;
        packet.id = fresh_id();
        packet.sequence = i;
        packet.length = 56;
        if (ask(to, &packet, 1) == PONG) {
            kprintf("ping: answer %u from %u after %u us\n", i, to, clock_us() - started);
            came++;
        } else {
            kprintf("ping: no answer %u from %u\n", i, to);
        }
    }
    kprintf("ping: %u sent, %u answered\n", times, came);
    return came > 0;
}

static bool transfer(u32 to, const char *path, const char *name, u32 *bytes) {
    static struct packet packet;
    struct file *file;
    u32 type;
    s32 length = file_open(path, OPEN_READ, &file);

    if (length != 0) {
        kprintf("send: %s: %s\n", path, error_name(length));
        return false;
    }
    memset(&packet, 0, HEADER_BYTES);
    packet.mark = NET_MARK;
    packet.type = OFFER;
    packet.id = fresh_id();
    packet.length = strlen(name);
    memcpy(packet.data, name, packet.length);
    type = ask(to, &packet, TRIES);
    while (type == ACK && packet.type != END) {
        length = file_read(file, packet.data, BLOCK_BYTES);
        if (length < 0) {
            break;
        }
        packet.type = length > 0 ? BLOCK : END;
        packet.sequence++;
        packet.length = (u32)length;
        packet.sum = add_up(packet.sum, packet.data, packet.length);
        *bytes += packet.length;
        type = ask(to, &packet, TRIES);
    }
    file_close(file);
    if (length < 0) {
        kprintf("send: %s: %s\n", path, error_name(length));
    } else if (type != ACK) {
        kprintf("send: %s: %s\n", path, type == REFUSE ? "refused there" : "no answer");
    }
    return length >= 0 && type == ACK;
}

bool send_command(int argc, char **argv) {
    char path[PATH_BYTES];
    const char *name;
    u32 to, started;
    u32 bytes = 0;

    if (!can_ask("send")) {
        return false;
    }
    if (argc < 3 || !parse_number(argv[2], &to) || !path_clean("/", argv[1], path)) {
        kprintf("send: FILE ADDRESS (puts it into the other machine's root directory)\n");
        return false;
    }
    for (name = path + strlen(path); name > path && name[-1] != '/'; name--) {
    }
    if (strlen(name) == 0 || strlen(name) >= NAME_BYTES - 1) {
        kprintf("send: %s: not a name\n", path);
        return false;
    }
    started = clock_ms();
    if (!transfer(to, path, name, &bytes)) {
        return false;
    }
    kprintf("send: %s, %u bytes to %u in %u ms\n", path, bytes, to, clock_ms() - started);
    return true;
}

bool net_command(int argc, char **argv) {
    u32 wanted = 1;
    u32 patience = 10000;

    if (!can_ask("net")) {
        return false;
    }
    /* "net wait": until a file has come, for unattended runs of two machines */
    if (argc > 1 && strcmp(argv[1], "wait") == 0 &&
        (argc < 3 || parse_number(argv[2], &wanted))) {
        while (files_received < wanted && patience > 0) {
            clock_sleep(10);
            patience -= 10;
        }
    }
    kprintf("net: address %u, %u files received\n", nic_address(), files_received);
    return argc == 1 || files_received >= wanted;
}
