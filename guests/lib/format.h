#ifndef FORMAT_H
#define FORMAT_H

#include <stdarg.h>
#include "types.h"

/*
 * Formats into out and returns the length (never more than size - 1).
 * Knows %d %u %x %c %s %%, a width, '-' to pad on the right and '0' to pad with zeros.
 */
size_t format(char *out, size_t size, const char *text, va_list args);

#endif
