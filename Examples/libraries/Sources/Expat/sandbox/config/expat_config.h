// What Expat's `configure` would find out about a sandbox, and about a host with glibc or musl.

#pragma once

#include <stddef.h>

#define BYTEORDER 1234
#define HAVE_MEMMOVE 1
#define HAVE_STDINT_H 1
#define HAVE_STDLIB_H 1
#define HAVE_STRING_H 1
#define XML_CONTEXT_BYTES 1024

#ifdef __wasm__

// The sandbox has no source of random numbers. The host sets the salt of hash tables with XML_SetHashSalt; a parser
// that got none stops here.
#define HAVE_ARC4RANDOM_BUF 1
#define arc4random_buf expat_salt_is_missing
static inline void expat_salt_is_missing(void *target, size_t size) { __builtin_trap(); }

// And no environment, in which Expat looks for debugging switches.
#define getenv expat_no_environment
static inline char *expat_no_environment(const char *name) { return NULL; }

#else
#define HAVE_GETRANDOM 1
#endif
