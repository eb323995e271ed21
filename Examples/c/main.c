#include <stdio.h>

#include "lib.h"

// What the library imports as "env" "print". Addresses that come from it are checked before they are used.
static bulkhead_trap_kind print(void *stream, bulkhead_instance *caller, uint64_t *values) {
    bulkhead_memory *memory = bulkhead_instance_memory(caller);
    uint32_t text = (uint32_t)values[0], count = (uint32_t)values[1];
    if ((uint64_t)text + count > memory->size) return BULKHEAD_TRAP_MEMORY_OUT_OF_BOUNDS;
    fprintf(stream, "%.*s\n", (int)count, (const char *)memory->base + text);
    return BULKHEAD_TRAP_NONE;
}

int main(void) {
    lib library;
    bulkhead_trap trap;
    bulkhead_error error;
    bulkhead_store *store = bulkhead_store_new(&error);
    if (!store) return fprintf(stderr, "%s\n", error.message), 1;
    bulkhead_external imports[LIB_IMPORT_COUNT] = {{0}};
    imports[LIB_IMPORT_ENV_PRINT].function =
        bulkhead_host_function(store, LIB_SIGNATURE_ENV_PRINT, print, stdout, 0, &error);
    if (!lib_instantiate(store, imports, &library, &trap, &error)) return fprintf(stderr, "%s\n", error.message), 1;

    char *memory = (char *)library.memory->base;
    uint32_t length = (uint32_t)sprintf(memory + 1024, "not so loud"), changed = 0;
    double mean = 0;
    uint64_t quotient = 0, remainder = 0;
    lib_greet(&library, &trap);
    lib_shout(&library, 1024, length, &changed, &trap);
    lib_mean(&library, 1.5, 2.5f, &mean, &trap);
    lib_divide(&library, (uint64_t)-7, 2, &quotient, &remainder, &trap);
    printf("%.*s (%u letters changed)\n", (int)length, memory + 1024, changed);
    printf("mean %g, quotient %lld, remainder %lld\n", mean, (long long)quotient, (long long)remainder);

    // Whatever goes wrong in the sandbox is a value here, and the instance can go on being used.
    if (lib_divide(&library, 1, 0, &quotient, &remainder, &trap)) printf("divide: %s\n", bulkhead_trap_message(trap.kind));
    if (lib_shout(&library, 65000, 1000, &changed, &trap))
        printf("shout: %s at offset %llu\n", bulkhead_trap_message(trap.kind), (unsigned long long)trap.offset);
    lib_greet(&library, &trap);
    bulkhead_store_free(store);
    return 0;
}
