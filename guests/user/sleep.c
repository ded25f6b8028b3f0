/* sleep MILLISECONDS */
#include "user.h"

int main(int argc, char **argv) {
    u32 milliseconds;
    s32 error;

    if (argc < 2 || !parse_number(argv[1], &milliseconds)) {
        printf("sleep: how many milliseconds?\n");
        return 1;
    }
    error = sleep(milliseconds);
    return error < 0 ? complain("sleep", argv[1], error) : 0;
}
