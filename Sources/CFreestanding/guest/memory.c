// The functions that compilers call by themselves. Copying and filling are instructions of WebAssembly, which the runtime carries out
// with the host's own functions. Weak: a library may bring its own.

#include <stddef.h>
#include <stdint.h>

#define WEAK __attribute__((weak))

// With the loop recognition of -fno-builtin off, the built-ins below become the instructions memory.copy and memory.fill, not
// calls of the function they stand in.
WEAK void *memmove(void *to, const void *from, size_t count) {
    return __builtin_memmove(to, from, count);
}

WEAK void *memcpy(void *to, const void *from, size_t count) {
    return __builtin_memcpy(to, from, count);
}

WEAK void *memset(void *to, int byte, size_t count) {
    return __builtin_memset(to, byte, count);
}

typedef uint64_t __attribute__((aligned(1), may_alias)) word;

WEAK int memcmp(const void *left, const void *right, size_t count) {
    const unsigned char *a = left, *b = right;
    while (count >= sizeof(word) && *(const word *)a == *(const word *)b) {
        a += sizeof(word);
        b += sizeof(word);
        count -= sizeof(word);
    }
    for (; count > 0; a++, b++, count--) {
        if (*a != *b) return *a < *b ? -1 : 1;
    }
    return 0;
}

WEAK size_t strlen(const char *text) {
    const char *end = text;
    while (*end) end++;
    return (size_t)(end - text);
}
