/* Static Linux program without a C library. */
#include "bench.h"

int linux_write(int fd, const void *data, u32 size);
void linux_exit(int status) __attribute__((noreturn));

void put_char(int c)
{
    char text = (char)c;
    linux_write(1, &text, 1);
}

void linux_main(const u32 *stack)
{
    const char *text = stack[0] > 1 ? (const char *)stack[2] : 0; /* argc, argv[0], argv[1] */
    u32 laps = bench_parse(&text);
    linux_exit(bench_run(laps, bench_parse(&text)));
}
