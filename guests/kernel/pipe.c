/* Pipes: a ring of bytes in one page, with somebody waiting at either end. */
#include "kernel.h"

#define PIPE_BYTES 2048 /* a power of two: positions only grow and may wrap */

struct pipe {
    struct spinlock lock;
    u32 head, tail; /* written at head, read at tail */
    bool reader, writer; /* is that end still open? */
    u8 data[PIPE_BYTES];
};

struct pipe *pipe_new(void) {
    struct pipe *pipe = page_alloc();

    if (pipe != NULL) {
        pipe->reader = pipe->writer = true;
    }
    return pipe;
}

s32 pipe_read(struct pipe *pipe, void *data, u32 length) {
    u8 *out = data;
    u32 irqs = spin_lock(&pipe->lock);
    u32 done = 0;

    while (pipe->head == pipe->tail && pipe->writer) {
        if (sleep_interruptible(&pipe->tail, &pipe->lock, 0) == INTERRUPTED) {
            spin_unlock(&pipe->lock, irqs);
            return -E_INTR;
        }
    }
    for (; done < length && pipe->tail != pipe->head; done++) {
        out[done] = pipe->data[pipe->tail++ % PIPE_BYTES];
    }
    wake_up(&pipe->head);
    spin_unlock(&pipe->lock, irqs);
    return (s32)done;
}

/* All of it, or an error, and without other writers' data between it. System calls hand over up
   to 256 bytes at a time. */
s32 pipe_write(struct pipe *pipe, const void *data, u32 length) {
    const u8 *in = data;
    u32 irqs = spin_lock(&pipe->lock);
    u32 done;

    while (pipe->reader && PIPE_BYTES - (pipe->head - pipe->tail) < length) {
        if (sleep_interruptible(&pipe->head, &pipe->lock, 0) == INTERRUPTED) {
            spin_unlock(&pipe->lock, irqs);
            return -E_INTR;
        }
    }
    if (!pipe->reader) {
        spin_unlock(&pipe->lock, irqs);
        return -E_PIPE;
    }
    for (done = 0; done < length; done++) {
        pipe->data[pipe->head++ % PIPE_BYTES] = in[done];
    }
    wake_up(&pipe->tail);
    spin_unlock(&pipe->lock, irqs);
    return (s32)length;
}

void pipe_close(struct pipe *pipe, bool reader) {
    u32 irqs = spin_lock(&pipe->lock);
    bool last;

    *(reader ? &pipe->reader : &pipe->writer) = false;
    last = !pipe->reader && !pipe->writer;
    wake_up(&pipe->head);
    wake_up(&pipe->tail);
    spin_unlock(&pipe->lock, irqs);
    if (last) {
        page_free(pipe);
    }
}
