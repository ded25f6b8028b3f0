/* cat [FILE...]: prints files, or gives back its input until ^D. */
#include "user.h"

static s32 copy(u32 fd) {
    static char buffer[4096];
    s32 length;

    while ((length = read(fd, buffer, sizeof buffer)) > 0) {
        if (write(1, buffer, (u32)length) < 0) {
            return 0; /* nobody wants it any more */
        }
    }
    return length;
}

int main(int argc, char **argv) {
    int failures = 0;
    int i;

    if (argc == 1) {
        return copy(0) < 0;
    }
    for (i = 1; i < argc; i++) {
        s32 fd = open(argv[i], OPEN_READ);
        s32 error = fd < 0 ? fd : copy((u32)fd);

        if (error < 0) {
            failures += complain("cat", argv[i], error);
        }
        if (fd >= 0) {
            close((u32)fd);
        }
    }
    return failures != 0;
}
