/* rm PATH...: takes files and empty directories away. */
#include "user.h"

int main(int argc, char **argv) {
    int failures = 0;
    int i;

    for (i = 1; i < argc; i++) {
        s32 error = remove(argv[i]);

        if (error < 0) {
            failures += complain("rm", argv[i], error);
        }
    }
    return failures != 0;
}
