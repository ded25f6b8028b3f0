/* ls [DIRECTORY]: names, sizes. */
#include "user.h"

static void show(const char *directory, const char *name) {
    char path[PATH_BYTES + NAME_BYTES];
    u32 length;
    struct stat info;

    strcopy(path, directory, PATH_BYTES);
    length = strlen(path);
    path[length++] = '/';
    strcopy(path + length, name, NAME_BYTES);
    if (stat(path, &info) < 0) {
        printf("%9s  %s\n", "?", name);
    } else if (info.type == STAT_DIRECTORY) {
        printf("%9s  %s/\n", "", name);
    } else {
        printf("%9u  %s\n", info.size, name);
    }
}

int main(int argc, char **argv) {
    const char *directory = argc > 1 ? argv[1] : ".";
    char name[NAME_BYTES];
    u32 index;
    s32 result;

    for (index = 0; (result = list(directory, index, name)) > 0; index++) {
        show(directory, name);
    }
    return result < 0 ? complain("ls", directory, result) : 0;
}
