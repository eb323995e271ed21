// Wasmtime's pooling allocator, through the C API of the library that its Python package brings. What is declared here is what of that API is used.
#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cbench.h"

typedef struct {
    uint64_t words[2];
} wt_handle;

typedef struct {
    uint8_t kind;
    union {
        wt_handle function;
        int32_t i32;
        uint64_t room[4];
    } of;
} wt_value;

struct bench_wasmtime {
    void *engine, *module;
    void *(*store_new)(void *, void *, void *);
    void *(*store_context)(void *);
    void (*store_delete)(void *);
    void *(*instance_new)(void *, const void *, const void *, size_t, wt_handle *, void **);
    bool (*export_get)(void *, const wt_handle *, const char *, size_t, wt_value *);
    void *(*call)(void *, const wt_handle *, const wt_value *, size_t, wt_value *, size_t, void **);
};

bench_wasmtime *bench_wasmtime_open(const char *library, const uint8_t *wasm, uint64_t size, uint32_t slots, uint64_t memory) {
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    bench_wasmtime *peer = calloc(1, sizeof *peer);
    if (!handle || !peer) return 0;
    void *(*config_new)(void) = dlsym(handle, "wasm_config_new");
    void *(*engine_new)(void *) = dlsym(handle, "wasm_engine_new_with_config");
    void *(*module_new)(void *, const uint8_t *, size_t, void **) = dlsym(handle, "wasmtime_module_new");
    void *(*pooling_new)(void) = dlsym(handle, "wasmtime_pooling_allocation_config_new");
    void (*set_strategy)(void *, const void *) = dlsym(handle, "wasmtime_pooling_allocation_strategy_set");
    void (*set_memory)(void *, size_t) = dlsym(handle, "wasmtime_pooling_allocation_config_max_memory_size_set");
    void (*set_resident)(void *, size_t) =
        dlsym(handle, "wasmtime_pooling_allocation_config_linear_memory_keep_resident_set");
    void (*set_warm)(void *, uint32_t) = dlsym(handle, "wasmtime_pooling_allocation_config_max_unused_warm_slots_set");
    peer->store_new = dlsym(handle, "wasmtime_store_new");
    peer->store_context = dlsym(handle, "wasmtime_store_context");
    peer->store_delete = dlsym(handle, "wasmtime_store_delete");
    peer->instance_new = dlsym(handle, "wasmtime_instance_new");
    peer->export_get = dlsym(handle, "wasmtime_instance_export_get");
    peer->call = dlsym(handle, "wasmtime_func_call");
    if (!config_new || !engine_new || !module_new || !pooling_new || !set_strategy || !set_memory || !set_resident ||
        !set_warm || !peer->store_new || !peer->store_context || !peer->store_delete || !peer->instance_new ||
        !peer->export_get || !peer->call)
        return 0;
    static const char *const totals[] = {"core_instances", "memories", "tables"};
    void *config = config_new(), *pooling = pooling_new();
    for (size_t i = 0; i < 3; i++) {
        char name[96];
        snprintf(name, sizeof name, "wasmtime_pooling_allocation_config_total_%s_set", totals[i]);
        void (*set)(void *, uint32_t) = dlsym(handle, name);
        if (!set) return 0;
        set(pooling, slots);
    }
    set_memory(pooling, memory);
    // As much as a slot here keeps.
    set_resident(pooling, 256 * 1024);
    set_warm(pooling, slots);
    set_strategy(config, pooling);
    peer->engine = engine_new(config);
    if (!peer->engine || module_new(peer->engine, wasm, size, &peer->module)) return 0;
    return peer;
}

double bench_wasmtime_lease(bench_wasmtime *peer, const char *name, uint64_t times) {
    uint64_t start = bench_thread_time();
    for (uint64_t i = 0; i < times; i++) {
        void *store = peer->store_new(peer->engine, 0, 0), *context = peer->store_context(store), *trap = 0;
        wt_handle instance;
        wt_value function = {0}, argument = {0}, result = {0};
        argument.of.i32 = 7;
        if (peer->instance_new(context, peer->module, 0, 0, &instance, &trap) || trap ||
            !peer->export_get(context, &instance, name, strlen(name), &function) ||
            peer->call(context, &function.of.function, &argument, 1, &result, 1, &trap) || trap)
            return -1;
        peer->store_delete(store);
    }
    return (double)(bench_thread_time() - start);
}
