/* cp FROM TO: also between the disk and the host, as in "cp /host/notes notes". */
#include "user.h"

int main(int argc, char **argv) {
    static char buffer[4096];
    s32 from, to, length;

    if (argc != 3) {
        printf("cp: FROM TO\n");
        return 1;
    }
    from = open(argv[1], OPEN_READ);
    if (from < 0) {
        return complain("cp", argv[1], from);
    }
    to = open(argv[2], OPEN_WRITE | OPEN_CREATE | OPEN_TRUNCATE);
    if (to < 0) {
        return complain("cp", argv[2], to);
    }
    while ((length = read((u32)from, buffer, sizeof buffer)) > 0) {
        s32 wrote = write((u32)to, buffer, (u32)length);

        if (wrote != length) {
            return complain("cp", argv[2], wrote < 0 ? wrote : -E_NOSPC);
        }
    }
    return length < 0 ? complain("cp", argv[1], length) : 0;
}
