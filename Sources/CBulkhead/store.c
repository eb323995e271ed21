// Stores and what they own: interned types, host functions, tables, globals.

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

bool bulkhead_fail(bulkhead_error *error, bulkhead_error_kind kind, const char *format, ...) {
    if (!error) return false;
    error->kind = kind;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return false;
}

bulkhead_store *bulkhead_store_new(bulkhead_error *error) {
    if (!bulkhead_traps_install(error)) return 0;
    bulkhead_store *store = calloc(1, sizeof *store);
    if (!store) bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "out of memory");
    return store;
}

void bulkhead_store_free(bulkhead_store *store) {
    if (!store) return;
    bulkhead_open_memories();
    // Newest first: an instance goes before the memories and functions it was given.
    while (store->owned) {
        bulkhead_owned *owned = store->owned;
        store->owned = owned->next;
        if (owned->release) owned->release(owned + 1);
        free(owned);
    }
    for (size_t i = 0; i < BULKHEAD_TYPE_BUCKETS; i++) {
        while (store->types[i]) {
            bulkhead_type *type = store->types[i];
            store->types[i] = type->next;
            free(type);
        }
    }
    free(store);
}

void *bulkhead_store_allocate(bulkhead_store *store, size_t size, void (*release)(void *thing)) {
    bulkhead_owned *owned = calloc(1, sizeof *owned + size);
    if (!owned) return 0;
    owned->release = release;
    owned->next = store->owned;
    store->owned = owned;
    return owned + 1;
}

const bulkhead_type *bulkhead_intern(bulkhead_store *store, const char *signature) {
    uint32_t hash = 2166136261u;
    for (const char *c = signature; *c; c++) hash = (hash ^ (uint8_t)*c) * 16777619u;
    bulkhead_type **bucket = &store->types[hash % BULKHEAD_TYPE_BUCKETS];
    for (bulkhead_type *type = *bucket; type; type = type->next) {
        if (type->hash == hash && strcmp(type->signature, signature) == 0) return type;
    }
    size_t length = strlen(signature) + 1;
    bulkhead_type *type = malloc(sizeof *type + length);
    if (!type) return 0;
    type->hash = hash;
    type->next = *bucket;
    memcpy(type->signature, signature, length);
    *bucket = type;
    return type;
}

const char *bulkhead_function_signature(const bulkhead_function *function) { return function->type->signature; }

// MARK: - Host functions

typedef struct host_function {
    bulkhead_function function;
    void (*finalize)(void *closure);
} host_function;

static void release_host_function(void *thing) {
    host_function *host = thing;
    if (host->finalize) host->finalize(host->function.self);
}

const bulkhead_function *bulkhead_host_function(
    bulkhead_store *store, const char *signature, bulkhead_host_callback callback, void *closure,
    void (*finalize)(void *closure), bulkhead_error *error) {
    const bulkhead_type *type = bulkhead_intern(store, signature);
    host_function *host = type ? bulkhead_store_allocate(store, sizeof *host, release_host_function) : 0;
    if (!host) {
        bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "out of memory");
        return 0;
    }
    host->function.type = type;
    host->function.host = callback;
    host->function.self = closure;
    host->finalize = finalize;
    return &host->function;
}

// MARK: - Memories

static void release_memory(void *thing) { bulkhead_memory_release(*(bulkhead_memory **)thing, 0); }

bulkhead_memory *bulkhead_memory_new(
    bulkhead_store *store, uint64_t minimum, uint64_t maximum, bool has_maximum, bulkhead_error *error) {
    bulkhead_placement own = {0};
    bulkhead_memory *memory =
        bulkhead_memory_reserve(0, BULKHEAD_DEFAULT_REACH, minimum, maximum, has_maximum, &own, error);
    if (!memory) return 0;
    bulkhead_memory **owner = bulkhead_store_allocate(store, sizeof *owner, release_memory);
    if (!owner) {
        bulkhead_memory_release(memory, 0);
        bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "out of memory");
        return 0;
    }
    *owner = memory;
    return memory;
}

// MARK: - Tables

/// 80 MB a table: what other engines allow too.
#define TABLE_LIMIT 10000000u

bool bulkhead_table_init(bulkhead_table *table, uint32_t minimum, void *value, bulkhead_error *error) {
    if (minimum > TABLE_LIMIT)
        return bulkhead_fail(error, BULKHEAD_ERROR_LIMIT, "a table has at most %u elements, not %u", TABLE_LIMIT, minimum);
    table->elements = calloc(minimum ? minimum : 1, sizeof(void *));
    if (!table->elements) return bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "out of memory");
    table->size = minimum;
    if (value) {
        for (uint32_t i = 0; i < minimum; i++) table->elements[i] = value;
    }
    return true;
}

void bulkhead_table_destroy(bulkhead_table *table) {
    free(table->elements);
    table->elements = 0;
    table->size = 0;
}

static void release_table(void *thing) { bulkhead_table_destroy(thing); }

bulkhead_table *bulkhead_table_new(
    bulkhead_store *store, uint8_t element, uint32_t minimum, uint32_t maximum, bool has_maximum, void *value,
    bulkhead_error *error) {
    bulkhead_table *table = bulkhead_store_allocate(store, sizeof *table, release_table);
    if (!table) {
        bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "out of memory");
        return 0;
    }
    table->element = element;
    table->maximum = has_maximum ? maximum : UINT32_MAX;
    table->has_maximum = has_maximum;
    table->limit = UINT32_MAX;
    return bulkhead_table_init(table, minimum, value, error) ? table : 0;
}

uint32_t bulkhead_table_grow(bulkhead_table *table, void *value, uint32_t delta) {
    bulkhead_open_memories();
    return bulkhead_table_extend(table, value, delta);
}

uint32_t bulkhead_table_extend(bulkhead_table *table, void *value, uint32_t delta) {
    uint32_t old = table->size;
    uint32_t limit = table->maximum < TABLE_LIMIT ? table->maximum : TABLE_LIMIT;
    if (table->limit < limit) limit = table->limit;
    if (delta == 0) return old;
    if (delta > limit || old > limit - delta) return UINT32_MAX;
    void **elements = realloc(table->elements, ((size_t)old + delta) * sizeof(void *));
    if (!elements) return UINT32_MAX;
    for (uint32_t i = 0; i < delta; i++) elements[old + i] = value;
    table->elements = elements;
    table->size = old + delta;
    return old;
}

void bulkhead_table_set_limit(bulkhead_table *table, uint64_t elements) {
    bulkhead_open_memories();
    table->limit = elements < UINT32_MAX ? (uint32_t)elements : UINT32_MAX;
}

uint64_t bulkhead_table_limit(const bulkhead_table *table) {
    bulkhead_open_memories();
    return table->limit == UINT32_MAX ? BULKHEAD_UNLIMITED : table->limit;
}

// MARK: - Globals

bulkhead_global *bulkhead_global_new(
    bulkhead_store *store, uint8_t type, bool is_mutable, bulkhead_slots value, bulkhead_error *error) {
    bulkhead_global *global = bulkhead_store_allocate(store, sizeof *global, 0);
    if (!global) {
        bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "out of memory");
        return 0;
    }
    global->cell = &global->own;
    global->type = type;
    global->is_mutable = is_mutable;
    bulkhead_global_set(global, value);
    return global;
}

uint8_t bulkhead_global_type(const bulkhead_global *global) { return global->type; }
bool bulkhead_global_is_mutable(const bulkhead_global *global) { return global->is_mutable; }

/// Spec: 5.3.1. The 32-bit types, and the vector; all others fill their slot.
size_t bulkhead_global_size(const bulkhead_global *global) {
    switch (global->type) {
    case 0x7F:
    case 0x7D: return sizeof(uint32_t);
    case 0x7B: return sizeof(bulkhead_slots);
    default: return sizeof(uint64_t);
    }
}

bulkhead_slots bulkhead_global_get(const bulkhead_global *global) {
    bulkhead_open_memories();
    bulkhead_slots value = {0, 0};
    memcpy(&value, global->cell, bulkhead_global_size(global));
    return value;
}

void bulkhead_global_set(bulkhead_global *global, bulkhead_slots value) {
    bulkhead_open_memories();
    memcpy(global->cell, &value, bulkhead_global_size(global));
}
