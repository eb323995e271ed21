// What wasm2c made of a module, behind the functions that the benchmark looks for. MODULE_HEADER is what it generated;
// PEER_CALLS says that the module is that of the call and instantiation benchmarks rather than a kernel.

#include MODULE_HEADER
#include "wasm-rt-exceptions.h"
#include "wasm-rt-impl.h"

#include <time.h>

#define EXPORT __attribute__((visibility("default")))

static w2c_kernel instance;

/// The runtime remembers what it last wrote to the segment register. Other modules in this process write it too, and what it
/// remembers would let this module into their memory.
static void forget_segment(void) {
#if WASM_RT_USE_SEGUE && WASM_RT_SEGUE_FREE_SEGMENT
    wasm_rt_last_segment_val = 0;
#endif
}

#ifndef PEER_CALLS

EXPORT int peer_init(void) {
    if (wasm_rt_is_initialized()) return 0;
    wasm_rt_init();
    forget_segment();
    wasm2c_kernel_instantiate(&instance);
    return 0;
}

EXPORT uint32_t peer_run(uint32_t n) {
    forget_segment();
    return w2c_kernel_run(&instance, n);
}

#else

struct w2c_host {
    int unused;
};

static struct w2c_host host;

u32 w2c_host_increment(struct w2c_host *self, u32 value) {
    (void)self;
    return value + 1;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

EXPORT int peer_init(void) {
    if (wasm_rt_is_initialized()) return 0;
    wasm_rt_init();
    forget_segment();
    wasm2c_kernel_instantiate(&instance, &host);
    return 0;
}

/// As wasm2c's documentation calls: the generated function and nothing around it. A trap would end the process.
#define LOOP(name, call)                                  \
    EXPORT double name(uint64_t times) {                  \
        forget_segment();                                 \
        double start = now();                             \
        for (uint64_t i = 0; i < times; i++) call;        \
        return now() - start;                             \
    }
/// With its macro for catching traps around each call.
#define CATCHING_LOOP(name, call)                         \
    EXPORT double name(uint64_t times) {                  \
        forget_segment();                                 \
        double start = now();                             \
        for (volatile uint64_t i = 0; i < times; i++) {   \
            if (wasm_rt_impl_try() != 0) return -1;       \
            call;                                         \
        }                                                 \
        return now() - start;                             \
    }
LOOP(peer_nothing, w2c_kernel_nothing(&instance))
LOOP(peer_add, w2c_kernel_add(&instance, 1, 2))
LOOP(peer_through, w2c_kernel_through(&instance, 1))
CATCHING_LOOP(peer_nothing_catching, w2c_kernel_nothing(&instance))
CATCHING_LOOP(peer_add_catching, w2c_kernel_add(&instance, 1, 2))
CATCHING_LOOP(peer_through_catching, w2c_kernel_through(&instance, 1))

EXPORT double peer_instantiate(uint64_t times) {
    double start = now();
    for (uint64_t i = 0; i < times; i++) {
        w2c_kernel fresh;
        wasm2c_kernel_instantiate(&fresh, &host);
        wasm2c_kernel_free(&fresh);
    }
    return now() - start;
}

#endif
