/* mkdir PATH...: makes directories. */
#include "user.h"

int main(int argc, char **argv) {
    int failures = 0;
    int i;

    for (i = 1; i < argc; i++) {
        s32 error = mkdir(argv[i]);

        if (error < 0) {
            failures += complain("mkdir", argv[i], error);
        }
    }
    return failures != 0;
}
