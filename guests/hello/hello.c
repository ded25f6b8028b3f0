/* A kernel of fifty lines: it boots, prints what it was told, and switches the machine off. */
#define SLOT(n) (0xbfe00000u + (n) * 0x10000u)     /* LAMEbus slot n, seen uncached */
#define CONFIG(n) (SLOT(31) + (n) * 0x400u)        /* and what the controller says is in it */
#define REGISTER(address) (*(volatile unsigned *)(address))

enum { DEVICE_ID = 4, SERIAL = 4, BOARD_POWER = 0x208 };         /* controller's registers */
enum { DATA = 0, WRITE_IRQ = 4, READY = 2 };                     /* the serial port's */

static unsigned port;

static void find_port(void) {
    unsigned slot;

    for (slot = 0; slot < 31; slot++) {
        if (REGISTER(CONFIG(slot) + DEVICE_ID) == SERIAL) {
            port = SLOT(slot);
        }
    }
}

static void print_character(char c) {
    REGISTER(port + WRITE_IRQ) = 0;                /* forget the last "ready" */
    REGISTER(port + DATA) = (unsigned char)c;      /* off it goes */
    while (!(REGISTER(port + WRITE_IRQ) & READY)) {
    }
}

static void print(const char *text) {
    while (port != 0 && *text != 0) {
        print_character(*text++);
    }
}

static void power_off(void) {
    REGISTER(CONFIG(31) + BOARD_POWER) = 0;
    for (;;) {                                     /* it takes some milliseconds */
    }
}

/* The loader jumps here, with the kernel's arguments in a0 and a stack at the top of memory. */
void start(const char *arguments) {
    find_port();
    print("Hello from a kernel of fifty lines. You said: ");
    print(*arguments != 0 ? arguments : "nothing");
    print("\n");
    power_off();
}
