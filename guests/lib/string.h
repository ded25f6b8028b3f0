#ifndef STRING_H
#define STRING_H

#include "types.h"

void *memcpy(void *to, const void *from, size_t length);
void *memmove(void *to, const void *from, size_t length);
void *memset(void *to, int byte, size_t length);
int memcmp(const void *a, const void *b, size_t length);
size_t strlen(const char *string);
int strcmp(const char *a, const char *b);
/* Copies at most size - 1 characters and always terminates. */
void strcopy(char *to, const char *from, size_t size);
/* Reads a decimal or 0x number; false (and *value untouched) if the text is not one. */
bool parse_number(const char *text, u32 *value);

#endif
