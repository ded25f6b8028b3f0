/* The seeded bugs: what they are, and switching them on. */
#include "bugs.h"
#include "kernel.h"

u32 bugs_enabled;

static const char *const descriptions[BUGS + 1] = {
    [BUG_COUNTER] = "counter: load, add, store without a lock",
    [BUG_WAKEUP] = "wakeup: the lock is let go between \"nothing there\" and going to sleep",
    [BUG_LOCK_ORDER] = "lock order: two locks taken in the caller's order, not in one fixed order",
    [BUG_INIT] = "init: double-checked initialisation sets \"ready\" before it is",
    [BUG_ABA] = "ABA: a free list by compare-and-swap, where an address comes back",
    [BUG_SHOOTDOWN] = "shootdown: fork leaves writable entries in other CPUs' TLBs",
    [BUG_SIGNAL] = "signal: one that comes between looking and sleeping is slept through",
    [BUG_RING] = "ring: \"full\" is tested with > instead of >=",
    [BUG_CREATE] = "create: looks for the name in one transaction, adds it in another",
    [BUG_REFERENCES] = "references: a page's owners counted without a lock",
};

static bool parse(const char **text, u32 *mask) {
    *mask = 0;
    while (**text >= '0' && **text <= '9') {
        u32 number = 0;

        while (**text >= '0' && **text <= '9') {
            number = number * 10 + (u32)(*(*text)++ - '0');
        }
        if (number > BUGS) {
            return false;
        }
        *mask |= number != 0 ? 1u << number : 0;
        if (**text == ',') {
            ++*text;
        }
    }
    return true;
}

const char *bugs_from_boot(const char *text) {
    while (*text == ' ') {
        text++;
    }
    if (memcmp(text, "bugs=", 5) == 0) {
        text += 5;
        parse(&text, &bugs_enabled);
        while (*text == ' ' || *text == ';') {
            text++;
        }
    }
    return text;
}

void bugs_announce(void) {
    u32 i;

    for (i = 1; i <= BUGS; i++) {
        if (bug(i)) {
            kprintf("bug %u is in: %s\n", i, descriptions[i]);
        }
    }
}

bool bugs_command(int argc, char **argv) {
    u32 mask, i;

    if (argc > 1) {
        const char *text = argv[1];

        if (!parse(&text, &mask) || *text != 0) {
            kprintf("bugs: numbers from 1 to %u with commas between, or 0\n", BUGS);
            return false;
        }
        bugs_enabled = mask;
        bugs_announce();
        return true;
    }
    for (i = 1; i <= BUGS; i++) {
        kprintf("%3u %s %s\n", i, bug(i) ? "in " : "out", descriptions[i]);
    }
    return true;
}
