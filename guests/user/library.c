/* What several programs want and the kernel does not do. */
#include "user.h"

#define WORDS 16

void printf(const char *text, ...) {
    char line[256];
    va_list args;

    va_start(args, text);
    write(1, line, format(line, sizeof line, text, args));
    va_end(args);
}

s32 spawn(const char *command) {
    char text[128];
    char *words[WORDS + 1];
    u32 count = 0;
    char *at = text;
    s32 child = fork();

    if (child != 0) {
        return child;
    }
    strcopy(text, command, sizeof text);
    while (count < WORDS) {
        while (*at == ' ') {
            *at++ = 0;
        }
        if (*at == 0) {
            break;
        }
        words[count++] = at;
        while (*at != ' ' && *at != 0) {
            at++;
        }
    }
    words[count] = NULL;
    exec(words);
    exit(127);
}

const char *error_text(s32 error) {
    switch (-error) {
    case E_NOENT:
        return "no such file";
    case E_BUSY:
        return "in use";
    case E_EXIST:
        return "exists";
    case E_ISDIR:
        return "is a directory";
    case E_NOTDIR:
        return "not a directory";
    case E_NOTEMPTY:
        return "not empty";
    case E_NOSPC:
        return "no space left";
    case E_NODEV:
        return "no such device or file system";
    case E_IO:
        return "input/output error";
    case E_INVAL:
        return "invalid argument";
    case E_TOOBIG:
        return "too long";
    case E_CHILD:
        return "no such process";
    case E_AGAIN:
        return "too many processes";
    case E_NOEXEC:
        return "not a program";
    case E_NOMEM:
        return "out of memory";
    default:
        return "refused";
    }
}

int complain(const char *program, const char *what, s32 error) {
    char line[160];
    u32 length = 0;
    const char *parts[] = {program, ": ", what, ": ", error_text(error), "\n"};
    u32 i;

    for (i = 0; i < COUNT_OF(parts); i++) {
        strcopy(line + length, parts[i], sizeof line - length);
        length += strlen(line + length);
    }
    write(2, line, length);
    return 1;
}
