// The part of the C library that a freestanding sandboxed library has.

#ifndef BULKHEAD_FREESTANDING_STDLIB_H
#define BULKHEAD_FREESTANDING_STDLIB_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *pointer, size_t size);
void free(void *pointer);

__attribute__((noreturn)) static inline void abort(void) { __builtin_trap(); }

#ifdef __cplusplus
}
#endif

#endif
