/*
 * The serial console, driven by interrupts both ways. Output waits in a ring while a
 * character is on the wire; input waits in a ring until somebody reads. When the input
 * ring is full we stop answering and the device holds the rest back, so a script on the
 * other side loses nothing.
 */
#include "kernel.h"

#define OUT_SIZE 1024
#define IN_SIZE 4096

static u32 port;
static struct spinlock lock;
static char out[OUT_SIZE];
static u32 out_head, out_tail; /* written at head, sent from tail; they only grow */
static bool sending;
static char in[IN_SIZE];
static u32 in_head, in_tail;
static bool input_held;
static bool seized;
static u32 sent_interrupts;
static u32 foreground;

/* Sends the next character if the wire is free; lock held. */
static void send_next(void) {
    if (!sending && out_tail != out_head && port != 0) {
        sending = true;
        write_register(port, SERIAL_WRITE_IRQ, SERIAL_IRQ_ENABLE);
        write_register(port, SERIAL_DATA, (u8)out[out_tail++ % OUT_SIZE]);
    }
}

/* Has a character left? Then the next one follows. */
static bool check_sent(void) {
    if (!(read_register(port, SERIAL_WRITE_IRQ) & SERIAL_IRQ_READY)) {
        return false;
    }
    write_register(port, SERIAL_WRITE_IRQ, SERIAL_IRQ_ENABLE); /* no longer "ready" */
    sending = false;
    send_next();
    return true;
}

enum { CTRL_C = 0x03, CTRL_D = 0x04, CTRL_H = 0x08, CTRL_U = 0x15, CTRL_W = 0x17, CTRL_Z = 0x1a,
       DELETE = 0x7f };

/* Keys that mean a signal do so at once; if no process of the foreground wants it, they are
   characters like others. */
static void keep(char c) {
    u32 signal = c == CTRL_C ? SIG_INT : c == CTRL_Z ? SIG_TSTP : 0;

    if (signal != 0 && foreground != 0 && signal_send(-(s32)foreground, signal) == 1) {
        in_tail = in_head; /* what was typed ahead was for somebody who is going */
        return;
    }
    in[in_head++ % IN_SIZE] = c;
}

void console_foreground(u32 group) {
    foreground = group;
}

u32 console_group(void) {
    return foreground;
}

/*
 * Takes the character that came. The device holds the next one back while this one is unread
 * and "ready" is set. If it has been waiting, it may deliver just after we read and before we
 * clear "ready", and no interrupt would tell. A second look at the data shows that, unless it
 * is the same character again; so better do not let it wait: the ring is large, this handler
 * short, and no third character follows the second within 20 us. (System/161 lets late events
 * bunch up, so there more than a ring full of type-ahead can still lose some.)
 */
static void check_received(void) {
    char c, again;

    if (!(read_register(port, SERIAL_READ_IRQ) & SERIAL_IRQ_READY)) {
        return;
    }
    if (in_head - in_tail >= IN_SIZE - 1) {
        /* Leave the character where it is and stop the interrupt. */
        write_register(port, SERIAL_READ_IRQ, SERIAL_IRQ_READY);
        input_held = true;
        return;
    }
    c = (char)read_register(port, SERIAL_DATA);
    write_register(port, SERIAL_READ_IRQ, SERIAL_IRQ_ENABLE);
    again = (char)read_register(port, SERIAL_DATA);
    keep(c);
    if (again != c) {
        write_register(port, SERIAL_READ_IRQ, SERIAL_IRQ_ENABLE);
        keep(again);
    }
    wake_up(in);
}

static void console_interrupt(u32 base) {
    u32 irqs = spin_lock(&lock);

    (void)base;
    sent_interrupts += check_sent();
    if (!input_held) {
        check_received();
    }
    if (out_head - out_tail == OUT_SIZE / 2) {
        wake_up(out); /* not for every character: writers shall find room for a while */
    }
    if (!sending) {
        wake_up(&sending);
    }
    spin_unlock(&lock, irqs);
}

void console_init(void) {
    port = bus_find(DEV_SERIAL, 0);
    if (port != 0) {
        bus_on_interrupt(port, console_interrupt);
        write_register(port, SERIAL_WRITE_IRQ, SERIAL_IRQ_ENABLE);
        /* Whatever came before we did is still there: keep its "ready". */
        write_register(port, SERIAL_READ_IRQ,
                       read_register(port, SERIAL_READ_IRQ) | SERIAL_IRQ_ENABLE);
    }
}

u32 console_sent_interrupts(void) {
    return sent_interrupts;
}

void console_write(const char *text, u32 length) {
    u32 irqs;

    if (port == 0) {
        return;
    }
    irqs = spin_lock(&lock);
    for (; length > 0; length--) {
        while (out_head - out_tail == OUT_SIZE) {
            /* Only a thread that had interrupts on may wait for one. */
            if ((irqs & ST_IEC) && !seized && cpus[cpu_number()].thread != NULL) {
                sleep_on(out, &lock, 0);
            } else {
                check_sent();
            }
        }
        out[out_head++ % OUT_SIZE] = *text++;
        send_next();
    }
    spin_unlock(&lock, irqs);
}

void kprintf(const char *text, ...) {
    char line[256];
    va_list args;
    struct thread *thread;
    u32 length, irqs;

    va_start(args, text);
    length = format(line, sizeof line, text, args);
    va_end(args);
    /* An operator's command may have its output elsewhere; that may mean waiting, so only in a
       thread that may. */
    irqs = irq_save();
    thread = cpus[cpu_number()].thread;
    irq_restore(irqs);
    if ((irqs & ST_IEC) && thread != NULL && thread->output != NULL) {
        file_write(thread->output, line, length);
    } else {
        console_write(line, length);
    }
}

void console_flush(void) {
    u32 irqs = spin_lock(&lock);

    /* Only a thread that had interrupts on may wait for one. */
    while (sending && (irqs & ST_IEC) && cpus[cpu_number()].thread != NULL) {
        sleep_on(&sending, &lock, 0);
    }
    spin_unlock(&lock, irqs);
}

void console_seize(void) {
    seized = true;
    lock.held = 0;
}

void console_drain(void) {
    while (port != 0 && sending) {
        check_sent();
    }
}

/* The next character, or -E_INTR. */
static s32 read_character(void) {
    u32 irqs = spin_lock(&lock);
    char c;

    while (in_head == in_tail) {
        if (sleep_interruptible(in, &lock, 0) == INTERRUPTED) {
            spin_unlock(&lock, irqs);
            return -E_INTR;
        }
    }
    c = in[in_tail++ % IN_SIZE];
    if (input_held && in_head - in_tail < IN_SIZE / 2) {
        input_held = false;
        write_register(port, SERIAL_READ_IRQ, SERIAL_IRQ_ENABLE | SERIAL_IRQ_READY);
    }
    spin_unlock(&lock, irqs);
    return (u8)c;
}

static u32 erase(u32 length) {
    console_write("\b \b", 3);
    return length - 1;
}

s32 console_read_line(char *line, u32 size) {
    u32 length = 0;

    for (;;) {
        s32 got = read_character();
        char c = (char)got;

        if (got < 0) {
            return got;
        }
        switch (c) {
        case '\r': /* what a raw terminal's Enter key sends */
        case '\n': /* what a script sends */
            console_write("\n", 1);
            line[length] = 0;
            return (s32)length;
        case CTRL_C:
            console_write("^C\n", 3);
            line[0] = 0;
            return 0;
        case CTRL_D:
            if (length == 0) {
                console_write("\n", 1);
                return -E_NODEV;
            }
            break;
        case CTRL_H:
        case DELETE:
            if (length > 0) {
                length = erase(length);
            }
            break;
        case CTRL_U:
            while (length > 0) {
                length = erase(length);
            }
            break;
        case CTRL_W:
            while (length > 0 && line[length - 1] == ' ') {
                length = erase(length);
            }
            while (length > 0 && line[length - 1] != ' ') {
                length = erase(length);
            }
            break;
        case '\t':
            c = ' ';
            /* fall through */
        default:
            if (c >= ' ' && c <= '~' && length < size - 1) {
                line[length++] = c;
                console_write(&c, 1);
            }
        }
    }
}
