// What the benchmarks do from C: loops whose only cost is what is measured, as an embedder's own C would pay it.

#ifndef CBENCH_H
#define CBENCH_H

#include <stdbool.h>
#include <stdint.h>

/// Nanoseconds that this thread has run: what other programs take of the processor doesn't count.
uint64_t bench_thread_time(void);

/// Keeps this thread on one processor. False if the system refuses.
bool bench_pin(int processor);
/// Lets this thread run on any processor again.
void bench_unpin(void);

typedef struct bench_module bench_module;

/// Loads a compiled artifact and instantiates its first module with host functions for its imports, each of which returns its
/// first argument plus one. Null, with the reason in `message`, if it can't.
bench_module *bench_load(const char *path, char *message, uint64_t size);

/// Calls the export `name` with arguments 1, 2, ... `times` times. Returns nanoseconds, or a negative number if there is no such
/// export or it traps.
double bench_call(bench_module *module, const char *name, uint64_t times);

/// As `bench_call`, of two instances in turn.
double bench_alternate(bench_module *first, bench_module *second, const char *name, uint64_t times);

/// Makes and frees an instance, in a store of its own or in one that stays, `times` times. Nanoseconds, or negative.
double bench_instantiate(bench_module *module, uint64_t times, bool fresh_store);

typedef struct bench_wasmtime bench_wasmtime;

/// Wasmtime with its pooling allocator, from its shared library. Null if it can't be had.
bench_wasmtime *bench_wasmtime_open(const char *library, const uint8_t *wasm, uint64_t size, uint32_t slots, uint64_t memory);
/// Makes an instance in a store of its own, calls the export `name` (one i32 to another), and frees both, `times` times. Nanoseconds, or negative.
double bench_wasmtime_lease(bench_wasmtime *peer, const char *name, uint64_t times);

typedef uint32_t (*bench_kernel)(uint32_t n);
typedef double (*bench_loop)(uint64_t times);

#endif
