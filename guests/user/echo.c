/* echo: gives back each line until ^D. */
#include "user.h"

int main(int argc, char **argv) {
    char line[128];
    s32 length;

    (void)argc, (void)argv;
    while ((length = read(0, line, sizeof line)) > 0) {
        write(1, line, (u32)length);
    }
    return 0;
}
