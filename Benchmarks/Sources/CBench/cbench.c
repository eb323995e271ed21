#define _GNU_SOURCE
#include "cbench.h"

#include <bulkhead.h>
#include <dlfcn.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

uint64_t bench_thread_time(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

bool bench_pin(int processor) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    return sched_setaffinity(0, sizeof set, &set) == 0;
}

void bench_unpin(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (int i = 0; i < CPU_SETSIZE; i++) CPU_SET(i, &set);
    sched_setaffinity(0, sizeof set, &set);
}

struct bench_module {
    const bulkhead_artifact *artifact;
    bulkhead_store *store;
    bulkhead_instance *instance;
};

static bulkhead_trap_kind increment(void *closure, bulkhead_instance *caller, uint64_t *values) {
    (void)closure, (void)caller;
    values[0] = (uint32_t)values[0] + 1;
    return BULKHEAD_TRAP_NONE;
}

static bulkhead_instance *instantiate(
    bulkhead_store *store, const bulkhead_artifact *artifact, bulkhead_error *error) {
    const bulkhead_module *module = artifact->modules[0];
    bulkhead_external imports[8];
    bulkhead_trap trap;
    if (module->import_count > 8) return 0;
    for (uint64_t i = 0; i < module->import_count; i++) {
        imports[i] = (bulkhead_external){
            .kind = 0,
            .function = bulkhead_host_function(store, module->types[module->imports[i].type], increment, 0, 0, error),
        };
    }
    return bulkhead_instantiate(store, artifact, module, imports, module->import_count, &trap, error);
}

bench_module *bench_load(const char *path, char *message, uint64_t size) {
    bulkhead_error error = {0};
    bench_module *module = calloc(1, sizeof *module);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library || !module) {
        snprintf(message, size, "%s", library ? "out of memory" : dlerror());
        free(module);
        return 0;
    }
    module->artifact = dlsym(library, "bulkhead_library");
    if (module->artifact && bulkhead_artifact_check(module->artifact, &error) &&
        bulkhead_artifact_add(module->artifact, &error) && (module->store = bulkhead_store_new(&error)) &&
        (module->instance = instantiate(module->store, module->artifact, &error)))
        return module;
    snprintf(message, size, "%s", module->artifact ? error.message : "not an artifact");
    free(module);
    return 0;
}

double bench_call(bench_module *module, const char *name, uint64_t times) {
    bulkhead_external found = bulkhead_instance_find(module->instance, name);
    if (found.kind != 0) return -1;
    bulkhead_trap trap;
    uint64_t start = bench_thread_time();
    for (uint64_t i = 0; i < times; i++) {
        uint64_t values[2] = {1, 2};
        if (bulkhead_call(found.function, values, &trap) != BULKHEAD_TRAP_NONE) return -1;
    }
    return (double)(bench_thread_time() - start);
}

double bench_alternate(bench_module *first, bench_module *second, const char *name, uint64_t times) {
    bulkhead_external found[2] = {
        bulkhead_instance_find(first->instance, name), bulkhead_instance_find(second->instance, name)};
    if (found[0].kind != 0 || found[1].kind != 0) return -1;
    bulkhead_trap trap;
    uint64_t start = bench_thread_time();
    for (uint64_t i = 0; i < times; i++) {
        uint64_t values[2] = {1, 2};
        if (bulkhead_call(found[i & 1].function, values, &trap) != BULKHEAD_TRAP_NONE) return -1;
    }
    return (double)(bench_thread_time() - start);
}

double bench_instantiate(bench_module *module, uint64_t times, bool fresh_store) {
    bulkhead_error error;
    uint64_t start = bench_thread_time();
    for (uint64_t i = 0; i < times; i++) {
        bulkhead_store *store = fresh_store ? bulkhead_store_new(&error) : module->store;
        if (!store || !instantiate(store, module->artifact, &error)) return -1;
        if (fresh_store) bulkhead_store_free(store);
    }
    return (double)(bench_thread_time() - start);
}
