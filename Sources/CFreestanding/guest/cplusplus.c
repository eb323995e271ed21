// What compiled C++ calls, without exceptions: no memory is a trap.

#include <stddef.h>
#include <stdlib.h>

#define WEAK __attribute__((weak))

static void *get(size_t size) {
    void *pointer = malloc(size);
    if (!pointer) __builtin_trap();
    return pointer;
}

// operator new, new[], delete, delete[], by their names in object files.
WEAK void *new_one(size_t size) __asm__("_Znwm");
WEAK void *new_array(size_t size) __asm__("_Znam");
WEAK void delete_one(void *pointer) __asm__("_ZdlPv");
WEAK void delete_array(void *pointer) __asm__("_ZdaPv");
WEAK void delete_sized(void *pointer, size_t size) __asm__("_ZdlPvm");
WEAK void delete_sized_array(void *pointer, size_t size) __asm__("_ZdaPvm");

void *new_one(size_t size) { return get(size); }
void *new_array(size_t size) { return get(size); }
void delete_one(void *pointer) { free(pointer); }
void delete_array(void *pointer) { free(pointer); }
void delete_sized(void *pointer, size_t size) { (void)size, free(pointer); }
void delete_sized_array(void *pointer, size_t size) { (void)size, free(pointer); }

WEAK __attribute__((noreturn)) void __cxa_pure_virtual(void) { __builtin_trap(); }

// Destructors of static objects: a sandbox ends without running them.
WEAK void *__dso_handle = NULL;
WEAK int __cxa_atexit(void (*function)(void *), void *argument, void *handle) {
    (void)function, (void)argument, (void)handle;
    return 0;
}
