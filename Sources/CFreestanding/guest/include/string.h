// The part of the C library that a freestanding sandboxed library has.

#ifndef BULKHEAD_FREESTANDING_STRING_H
#define BULKHEAD_FREESTANDING_STRING_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

void *memcpy(void *to, const void *from, size_t count);
void *memmove(void *to, const void *from, size_t count);
void *memset(void *to, int byte, size_t count);
int memcmp(const void *left, const void *right, size_t count);
size_t strlen(const char *text);

#ifdef __cplusplus
}
#endif

#endif
