/* mv FROM TO: gives a file another name; what had that name is replaced, all or nothing. */
#include "user.h"

int main(int argc, char **argv) {
    s32 error;

    if (argc != 3) {
        printf("mv: FROM TO\n");
        return 1;
    }
    error = rename(argv[1], argv[2]);
    return error < 0 ? complain("mv", argv[1], error) : 0;
}
