/*
 * Ten ways to be wrong. Each is a mistake that real kernels were shipped with, kept in the source
 * beside the right way and switched on by a boot option ("bugs=3" or "bugs=3,7" in front of the
 * boot string) or the command "bugs". They are for finding: each shows under some seeds only, and
 * locktest notices. bugs.c describes them.
 */
#ifndef BUGS_H
#define BUGS_H

#include "../lib/types.h"

enum bug {
    BUG_COUNTER = 1,    /* a counter without a lock */
    BUG_WAKEUP = 2,     /* a wakeup between looking and sleeping is missed */
    BUG_LOCK_ORDER = 3, /* two locks in either order */
    BUG_INIT = 4,       /* double-checked initialisation says "ready" too early */
    BUG_ABA = 5,        /* compare-and-swap on a free list: the same address, another list */
    BUG_SHOOTDOWN = 6,  /* other CPUs' TLBs are not told that a page is shared now */
    BUG_SIGNAL = 7,     /* a signal between looking and sleeping is slept through */
    BUG_RING = 8,       /* a ring buffer that takes one item too many */
    BUG_CREATE = 9,     /* "does the name exist?" and "then create it" in two steps */
    BUG_REFERENCES = 10, /* a page's owners are counted without a lock */
    BUGS = 10,
};

extern u32 bugs_enabled; /* as a mask */

static inline bool bug(enum bug number) {
    return (bugs_enabled & 1u << number) != 0;
}

/* Reads "bugs=N,N... " at the start of the boot string; returns what follows. */
const char *bugs_from_boot(const char *boot_string);
void bugs_announce(void);

#endif
