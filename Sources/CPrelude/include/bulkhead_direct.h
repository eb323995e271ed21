// What a library's direct-mode shim defines: each function under the sandbox's calling convention, and functions that lead to
// callbacks of the host's. `bulkhead bindgen` writes such shims.

#ifndef BULKHEAD_DIRECT_H
#define BULKHEAD_DIRECT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Changes with this file.
#define BULKHEAD_DIRECT_MAGIC 0x31444842u

typedef struct bulkhead_direct_function {
    const char *name;
    /// As in `bulkhead_module.types`, with pointers as `i`.
    const char *signature;
    /// Calls the function with the arguments in `slots` and leaves the result there. Pointers fill their slot.
    void (*thunk)(uint64_t *slots);
} bulkhead_direct_function;

/// Native functions of one C type, each of which calls the handler with an owner of its own.
typedef struct bulkhead_direct_callback_type {
    const char *name;
    uint32_t count;
    void (*const *trampolines)(void);
    /// Null for a trampoline that is free.
    void **owners;
} bulkhead_direct_callback_type;

typedef struct bulkhead_direct_library {
    uint32_t magic;
    uint32_t function_count;
    uint32_t callback_type_count;
    const bulkhead_direct_function *functions;
    const bulkhead_direct_callback_type *callback_types;
    /// Set by the host when it loads the library.
    void (**handler)(void *owner, uint64_t *slots);
} bulkhead_direct_library;

#ifdef __cplusplus
}
#endif

#endif
