// Instances in the slots of a slab: made there, and made what they were for the next tenant.

#include <stdlib.h>
#include <string.h>

#include "internal.h"

/// Bytes of the context, so that elements can follow.
static size_t context_size(const bulkhead_module *module) {
    return (module->context_size + sizeof(void *) - 1) / sizeof(void *) * sizeof(void *);
}

static size_t initial_size(const bulkhead_module *module) {
    size_t size = context_size(module);
    for (uint64_t i = 0; i < module->table_count; i++) size += module->tables[i].minimum * sizeof(void *);
    return size;
}

static bulkhead_table *own_table(const bulkhead_instance *instance, uint64_t i) {
    return (bulkhead_table *)((uint8_t *)instance->context + instance->module->tables[i].offset);
}

/// Where the tables' elements begin in what is kept.
static void **initial_elements(const bulkhead_instance *instance) {
    return (void **)(instance->initial + context_size(instance->module));
}

static bool keep_initial(bulkhead_instance *instance, bulkhead_error *error) {
    const bulkhead_module *module = instance->module;
    instance->initial = malloc(initial_size(module) + 1);
    if (!instance->initial) return bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "out of memory");
    memcpy(instance->initial, instance->context, module->context_size);
    void **elements = initial_elements(instance);
    for (uint64_t i = 0; i < module->table_count; i++) {
        memcpy(elements, own_table(instance, i)->elements, module->tables[i].minimum * sizeof(void *));
        elements += module->tables[i].minimum;
    }
    return true;
}

bulkhead_instance *bulkhead_instantiate_in_slot(
    bulkhead_store *store, const bulkhead_artifact *artifact, const bulkhead_module *module,
    const bulkhead_external *imports, size_t import_count, const bulkhead_limits *limits,
    const bulkhead_placement *placement, bulkhead_trap *trap, bulkhead_error *error) {
    if (module->context_pointer) {
        bulkhead_fail(error, BULKHEAD_ERROR_LIMIT, "the module imports its memory; a pool is for modules that define theirs");
        return 0;
    }
    // A second one with another key could not touch what the first one exports.
    if (store->owner_of_slot) {
        bulkhead_fail(error, BULKHEAD_ERROR_LIMIT, "the store has an instance in a slot already; each takes a store of its own");
        return 0;
    }
    bulkhead_instance *instance =
        bulkhead_prepare(store, artifact, module, imports, import_count, limits, placement, trap, error);
    if (!instance || !keep_initial(instance, error)) return 0;
    store->owner_of_slot = instance;
    return instance;
}

/// The elements stay where they are if there are as many, which is nearly always so.
static bool reset_table(bulkhead_table *table, uint32_t size, void *const *initial) {
    if (table->size != size) {
        void **elements = calloc(size ? size : 1, sizeof(void *));
        if (!elements) return false;
        free(table->elements);
        table->elements = elements;
        table->size = size;
    }
    memcpy(table->elements, initial, size * sizeof(void *));
    return true;
}

bool bulkhead_instance_reset(bulkhead_instance *instance, const bulkhead_limits *limits) {
    const bulkhead_module *module = instance->module;
    bulkhead_trap trap;
    bulkhead_limits none = BULKHEAD_NO_LIMITS;
    if (!limits) limits = &none;
    // Whatever was made later may hold something of the last tenant's, or refer to this instance.
    if (!instance->initial || instance->store->owned != (bulkhead_owned *)instance - 1) return false;
    bulkhead_open_memories();
    void **initial = initial_elements(instance);
    for (uint64_t i = 0; i < module->table_count; i++) {
        bulkhead_table *table = own_table(instance, i);
        if (!reset_table(table, module->tables[i].minimum, initial)) return false;
        // The context is about to be written over; what it says of the table from now on is this.
        memcpy(instance->initial + module->tables[i].offset, table, sizeof *table);
        bulkhead_table_set_limit((bulkhead_table *)(instance->initial + module->tables[i].offset), limits->table);
        initial += module->tables[i].minimum;
    }
    memcpy(instance->context, instance->initial, module->context_size);
    bulkhead_instance_set_stack_limit(instance, limits->stack);
    instance->user = 0;
    if (!module->memory_count) return true;
    bulkhead_memory_set_limit(instance->memory, limits->memory);
    return bulkhead_memory_restore(instance->memory, module->memory_minimum, instance->placement.image) &&
           bulkhead_fill_memory(instance, &trap, 0);
}
