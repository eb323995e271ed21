// Artifacts and instances: one routine for every module, driven by its descriptor. Spec: 4.5.4.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

// MARK: - Artifacts

bool bulkhead_artifact_check(const bulkhead_artifact *artifact, bulkhead_error *error) {
    if (artifact->magic != BULKHEAD_ABI_MAGIC)
        return bulkhead_fail(error, BULKHEAD_ERROR_ARTIFACT, "not a Bulkhead artifact; compile the module with `bulkhead compile`");
    if (artifact->version != BULKHEAD_ABI_VERSION)
        return bulkhead_fail(error, BULKHEAD_ERROR_ARTIFACT,
                             "the artifact is of ABI version %u and this runtime of version %u; compile the module again",
                             artifact->version, BULKHEAD_ABI_VERSION);
    if (artifact->mode != BULKHEAD_MODE_FLAT && artifact->mode != BULKHEAD_MODE_SEGMENT)
        return bulkhead_fail(error, BULKHEAD_ERROR_ARTIFACT, "the artifact is of unknown mode %u; compile the module again",
                             (unsigned)artifact->mode);
    if (artifact->mode == BULKHEAD_MODE_SEGMENT && !bulkhead_has_segments())
        return bulkhead_fail(error, BULKHEAD_ERROR_ARTIFACT,
                             "the artifact keeps its memory in the GS segment, which this system hasn't; compile the "
                             "module with --segue=none");
    char missing[16];
    if (!bulkhead_cpu_has(artifact->cpu_features, missing, sizeof missing))
        return bulkhead_fail(error, BULKHEAD_ERROR_ARTIFACT,
                             "the artifact was compiled for a processor with %s, which this one hasn't; compile the "
                             "module again for this one (--cpu)",
                             missing);
    if (artifact->guard > BULKHEAD_DEFAULT_REACH - 0x100000000)
        return bulkhead_fail(error, BULKHEAD_ERROR_ARTIFACT,
                             "the artifact needs a guard of %llu bytes and this runtime has %llu; compile the module with "
                             "a smaller --guard",
                             (unsigned long long)artifact->guard,
                             (unsigned long long)(BULKHEAD_DEFAULT_REACH - 0x100000000));
    return true;
}

bool bulkhead_artifact_add(const bulkhead_artifact *artifact, bulkhead_error *error) {
    if (!bulkhead_artifact_check(artifact, error)) return false;
    if (!bulkhead_ranges_add(&bulkhead_code_ranges, artifact->code_start, artifact->code_end, artifact))
        return bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "out of memory");
    return true;
}

void bulkhead_artifact_remove(const bulkhead_artifact *artifact) {
    bulkhead_ranges_remove_owner(&bulkhead_code_ranges, artifact);
}

// MARK: - Constant expressions

static const bulkhead_function *function_at(const bulkhead_instance *instance, bulkhead_reference reference) {
    if (reference < instance->imported_function_count) return instance->imported_functions[reference];
    return &instance->functions[reference - instance->imported_function_count];
}

static uint64_t combine(bulkhead_operator operator_, uint64_t a, uint64_t b) {
    switch (operator_) {
    case BULKHEAD_I32_ADD: return (uint32_t)(a + b);
    case BULKHEAD_I32_SUB: return (uint32_t)(a - b);
    case BULKHEAD_I32_MUL: return (uint32_t)(a * b);
    case BULKHEAD_I64_ADD: return a + b;
    case BULKHEAD_I64_SUB: return a - b;
    case BULKHEAD_I64_MUL: return a * b;
    default: return 0;
    }
}

/// The compiler bounds an expression's depth by this.
#define EXPRESSION_DEPTH 64

static bulkhead_slots evaluate_slots(const bulkhead_instance *instance, bulkhead_expression expression) {
    uint64_t stack[EXPRESSION_DEPTH];
    size_t depth = 0;
    bulkhead_slots result = {0, 0};
    for (uint64_t i = 0; i < expression.count; i++) {
        bulkhead_constant instruction = expression.instructions[i];
        uint64_t value;
        switch ((bulkhead_operator)instruction.operator_) {
        case BULKHEAD_VALUE: value = instruction.operand; break;
        case BULKHEAD_GLOBAL_GET: {
            const bulkhead_global *global = instance->globals[instruction.operand];
            bulkhead_slots slots = bulkhead_global_get(global);
            value = slots.low;
            if (bulkhead_global_size(global) == sizeof slots) {
                if (depth == EXPRESSION_DEPTH) return result;
                stack[depth++] = value;
                value = slots.high;
            }
            break;
        }
        case BULKHEAD_REF_FUNC:
            value = (uintptr_t)function_at(instance, (bulkhead_reference)instruction.operand);
            break;
        case BULKHEAD_REF_NULL: value = 0; break;
        default:
            if (depth < 2) return result;
            depth -= 2;
            value = combine((bulkhead_operator)instruction.operator_, stack[depth], stack[depth + 1]);
            break;
        }
        if (depth == EXPRESSION_DEPTH) return result;
        stack[depth++] = value;
    }
    // One value is left, in one slot or two.
    if (depth > 0) result.low = stack[0];
    if (depth > 1) result.high = stack[1];
    return result;
}

static uint64_t evaluate(const bulkhead_instance *instance, bulkhead_expression expression) {
    return evaluate_slots(instance, expression).low;
}

// MARK: - Instances

static void release_instance(void *thing) {
    bulkhead_instance *instance = thing;
    const bulkhead_module *module = instance->module;
    if (instance->context) {
        for (uint64_t i = 0; i < module->table_count; i++) {
            bulkhead_table_destroy((bulkhead_table *)((uint8_t *)instance->context + module->tables[i].offset));
        }
    }
    for (size_t i = 0; i < instance->global_count; i++) {
        if (instance->globals && i >= instance->global_count - module->global_count) free(instance->globals[i]);
    }
    free(instance->functions);
    free(instance->imported_functions);
    free(instance->tables);
    free(instance->globals);
    free(instance->segment_elements);
    free(instance->initial);
    // The context lies in a mapping of the instance's own: its memory's, or one without memory.
    if (instance->context) {
        bulkhead_memory *own = (bulkhead_memory *)((uint8_t *)instance->context + module->context_size);
        bulkhead_memory_release(own, instance->placement.image);
    }
}

static size_t count_imports(const bulkhead_module *module, uint32_t kind) {
    size_t count = 0;
    for (uint64_t i = 0; i < module->import_count; i++) count += module->imports[i].kind == kind;
    return count;
}

/// What must be open of PKRU for code that uses the memory.
static uint32_t pkru_of(const bulkhead_memory *memory) {
    int key = memory->slab ? bulkhead_slab_key(memory->slab, memory->slot) : BULKHEAD_NO_KEY;
    return key == BULKHEAD_NO_KEY ? 0 : (uint32_t)3 << (2 * key);
}

static bool allocate_instance(bulkhead_instance *instance, const bulkhead_module *module, bulkhead_error *error) {
    instance->imported_function_count = count_imports(module, 0);
    instance->table_count = count_imports(module, 1) + module->table_count;
    instance->global_count = count_imports(module, 3) + module->global_count;
    uint64_t passive = 0;
    for (uint64_t i = 0; i < module->element_count; i++) {
        if (module->elements[i].mode == BULKHEAD_PASSIVE) passive += module->elements[i].count;
    }
    instance->functions = calloc(module->function_count + 1, sizeof *instance->functions);
    instance->imported_functions = calloc(instance->imported_function_count + 1, sizeof *instance->imported_functions);
    instance->tables = calloc(instance->table_count + 1, sizeof *instance->tables);
    instance->globals = calloc(instance->global_count + 1, sizeof *instance->globals);
    instance->segment_elements = calloc(passive + 1, sizeof *instance->segment_elements);
    if (!instance->functions || !instance->imported_functions || !instance->tables || !instance->globals ||
        !instance->segment_elements)
        return bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "out of memory");
    // A module without a memory of its own needs no reservation behind its context, only the header that ends it.
    const bulkhead_placement *placement = &instance->placement;
    bulkhead_memory *memory =
        module->memory_count
            ? bulkhead_memory_reserve(module->context_size, BULKHEAD_DEFAULT_REACH, module->memory_minimum,
                                      module->memory_maximum, module->memory_has_maximum, placement, error)
            : bulkhead_memory_reserve(module->context_size, 0, 0, 0, true, placement, error);
    if (!memory) return false;
    instance->context = (bulkhead_context *)((uint8_t *)memory - module->context_size);
    if (module->memory_count) instance->memory = memory;
    // Where there is no room for more mappings, the data is copied.
    if (!placement->slab && placement->image && !bulkhead_image_map(placement->image, memory->base)) instance->placement.image = 0;
    return true;
}

static void link_imports(
    bulkhead_instance *instance, const bulkhead_module *module, const bulkhead_external *imports) {
    size_t functions = 0, tables = 0, globals = 0;
    for (uint64_t i = 0; i < module->import_count; i++) {
        const bulkhead_import *import = &module->imports[i];
        void *slot = (uint8_t *)instance->context + import->offset;
        switch (import->kind) {
        case 0:
            instance->imported_functions[functions++] = imports[i].function;
            *(const bulkhead_function **)slot = imports[i].function;
            break;
        case 1:
            instance->tables[tables++] = imports[i].table;
            *(bulkhead_table **)slot = imports[i].table;
            break;
        case 2: instance->memory = imports[i].memory; break;
        default:
            instance->globals[globals++] = imports[i].global;
            if (import->minimum) {
                *(void **)slot = imports[i].global->cell;
            } else {
                memcpy(slot, imports[i].global->cell, bulkhead_global_size(imports[i].global));
            }
            break;
        }
    }
}

static bool define(
    bulkhead_instance *instance, const bulkhead_module *module, bulkhead_mode mode, const bulkhead_limits *limits,
    bulkhead_error *error) {
    bulkhead_context *context = instance->context;
    context->runtime = &bulkhead_runtime_table;
    context->instance = instance;
    context->address = context;
    context->functions = instance->functions;
    context->memory = instance->memory;
    if (instance->memory) instance->base = instance->memory->base;
    // The key goes with the memory, also to an instance that imports it. One without memory has the header that ends its context.
    instance->pkru = pkru_of(
        instance->memory ? instance->memory : (bulkhead_memory *)((uint8_t *)context + module->context_size));
    if (mode == BULKHEAD_MODE_SEGMENT)
        instance->segment =
            module->context_pointer ? instance->memory->base : (uint8_t *)context + module->context_size + BULKHEAD_MEMORY_HEADER_SIZE;

    const bulkhead_type **types = (const bulkhead_type **)((uint8_t *)context + module->types_offset);
    for (uint32_t i = 0; i < module->type_count; i++) {
        types[i] = bulkhead_intern(instance->store, module->types[i]);
        if (!types[i]) return bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "out of memory");
    }
    for (uint64_t i = 0; i < module->function_count; i++) {
        const bulkhead_defined_function *defined = &module->functions[i];
        instance->functions[i] = (bulkhead_function){
            .type = types[defined->type],
            .code = defined->code,
            .thunk = module->thunks[defined->type],
            .self = context,
            .segment = instance->segment,
            .instance = instance,
            .index = defined->index,
            .pkru = instance->pkru,
        };
    }
    size_t first_table = instance->table_count - module->table_count;
    for (uint64_t i = 0; i < module->table_count; i++) {
        const bulkhead_defined_table *defined = &module->tables[i];
        bulkhead_table *table = (bulkhead_table *)((uint8_t *)context + defined->offset);
        table->element = (uint8_t)defined->element;
        table->maximum = defined->has_maximum ? defined->maximum : UINT32_MAX;
        table->has_maximum = defined->has_maximum != 0;
        bulkhead_table_set_limit(table, limits->table);
        if (!bulkhead_table_init(table, defined->minimum, 0, error)) return false;
        instance->tables[first_table + i] = table;
    }
    size_t first_global = instance->global_count - module->global_count;
    for (uint64_t i = 0; i < module->global_count; i++) {
        const bulkhead_defined_global *defined = &module->globals[i];
        bulkhead_global *global = calloc(1, sizeof *global);
        if (!global) return bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "out of memory");
        instance->globals[first_global + i] = global;
        global->cell = (uint8_t *)context + defined->offset;
        global->type = (uint8_t)defined->type;
        global->is_mutable = defined->mutable_ != 0;
        bulkhead_global_set(global, evaluate_slots(instance, defined->initializer));
    }
    return true;
}

static void *element_at(const bulkhead_instance *instance, const bulkhead_element_segment *segment, uint64_t i) {
    if (segment->functions) return (void *)function_at(instance, segment->functions[i]);
    return (void *)(uintptr_t)evaluate(instance, (bulkhead_expression){&segment->items[i], 1});
}

static bool trap_in_segment(bulkhead_trap *trap, bulkhead_trap_kind kind, bulkhead_error *error) {
    *trap = (bulkhead_trap){.kind = kind};
    return bulkhead_fail(error, BULKHEAD_ERROR_TRAP, "%s", bulkhead_trap_message(kind));
}

bool bulkhead_fill_memory(bulkhead_instance *instance, bulkhead_trap *trap, bulkhead_error *error) {
    const bulkhead_module *module = instance->module;
    if (instance->placement.image) return true;
    for (uint64_t i = 0; i < module->data_count; i++) {
        const bulkhead_data_segment *segment = &module->data[i];
        if (segment->mode == BULKHEAD_PASSIVE) continue;
        uint32_t start = (uint32_t)evaluate(instance, segment->start);
        if (start + segment->count > instance->memory->size)
            return trap_in_segment(trap, BULKHEAD_TRAP_MEMORY_OUT_OF_BOUNDS, error);
        memcpy(instance->memory->base + start, segment->bytes, segment->count);
    }
    return true;
}

static bool fill_segments(
    bulkhead_instance *instance, const bulkhead_module *module, bulkhead_trap *trap, bulkhead_error *error) {
    uint8_t *context = (uint8_t *)instance->context;
    void **passive = instance->segment_elements;
    for (uint64_t i = 0; i < module->element_count; i++) {
        const bulkhead_element_segment *segment = &module->elements[i];
        if (segment->mode == BULKHEAD_PASSIVE) {
            for (uint64_t j = 0; j < segment->count; j++) passive[j] = element_at(instance, segment, j);
            *(bulkhead_segment *)(context + segment->offset) = (bulkhead_segment){passive, segment->count};
            passive += segment->count;
        } else if (segment->mode == BULKHEAD_ACTIVE) {
            bulkhead_table *table = instance->tables[segment->table];
            uint32_t start = (uint32_t)evaluate(instance, segment->start);
            if (start + segment->count > table->size)
                return trap_in_segment(trap, BULKHEAD_TRAP_TABLE_OUT_OF_BOUNDS, error);
            for (uint64_t j = 0; j < segment->count; j++) table->elements[start + j] = element_at(instance, segment, j);
        }
    }
    for (uint64_t i = 0; i < module->data_count; i++) {
        const bulkhead_data_segment *segment = &module->data[i];
        if (segment->mode == BULKHEAD_PASSIVE) *(uint64_t *)(context + segment->offset) = segment->count;
    }
    return bulkhead_fill_memory(instance, trap, error);
}

/// Whether the module begins within the limits.
static bool check_limits(const bulkhead_module *module, const bulkhead_limits *limits, bulkhead_error *error) {
    if (module->memory_count && module->memory_minimum > limits->memory / BULKHEAD_PAGE_SIZE)
        return bulkhead_fail(error, BULKHEAD_ERROR_LIMIT,
                             "the module's memory begins with %llu pages of 64 KiB, and the limit for it is %llu bytes",
                             (unsigned long long)module->memory_minimum, (unsigned long long)limits->memory);
    for (uint64_t i = 0; i < module->table_count; i++) {
        if (module->tables[i].minimum > limits->table)
            return bulkhead_fail(error, BULKHEAD_ERROR_LIMIT,
                                 "a table of the module's begins with %u elements, and the limit for it is %llu",
                                 module->tables[i].minimum, (unsigned long long)limits->table);
    }
    return true;
}

bulkhead_instance *bulkhead_instantiate(
    bulkhead_store *store, const bulkhead_artifact *artifact, const bulkhead_module *module,
    const bulkhead_external *imports, size_t import_count, bulkhead_trap *trap, bulkhead_error *error) {
    return bulkhead_instantiate_limited(store, artifact, module, imports, import_count, 0, trap, error);
}

bulkhead_instance *bulkhead_prepare(
    bulkhead_store *store, const bulkhead_artifact *artifact, const bulkhead_module *module,
    const bulkhead_external *imports, size_t import_count, const bulkhead_limits *limits,
    const bulkhead_placement *placement, bulkhead_trap *trap, bulkhead_error *error) {
    bulkhead_limits none = BULKHEAD_NO_LIMITS;
    if (!limits) limits = &none;
    bulkhead_open_memories();
    if (!bulkhead_artifact_check(artifact, error)) return 0;
    if (import_count != module->import_count) {
        bulkhead_fail(error, BULKHEAD_ERROR_UNKNOWN_IMPORT, "the module has %llu imports, and was given %zu",
                      (unsigned long long)module->import_count, import_count);
        return 0;
    }
    for (size_t i = 0; i < import_count; i++) {
        if (!bulkhead_match_import(store, module, &module->imports[i], imports[i], error)) return 0;
    }
    if (!check_limits(module, limits, error)) return 0;
    bulkhead_instance *instance = bulkhead_store_allocate(store, sizeof *instance, release_instance);
    if (!instance) {
        bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "out of memory");
        return 0;
    }
    instance->store = store;
    instance->module = module;
    instance->placement = *placement;
    bulkhead_instance_set_stack_limit(instance, limits->stack);
    if (!allocate_instance(instance, module, error)) return 0;
    if (module->memory_count) bulkhead_memory_set_limit(instance->memory, limits->memory);
    link_imports(instance, module, imports);
    if (!define(instance, module, artifact->mode, limits, error)) return 0;
    if (!fill_segments(instance, module, trap, error)) return 0;
    return instance;
}

bulkhead_trap_kind bulkhead_instance_start(bulkhead_instance *instance, bulkhead_trap *trap) {
    if (instance->module->start == UINT32_MAX) return BULKHEAD_TRAP_NONE;
    uint64_t none = 0;
    return bulkhead_call(function_at(instance, instance->module->start), &none, trap);
}

bulkhead_instance *bulkhead_instantiate_limited(
    bulkhead_store *store, const bulkhead_artifact *artifact, const bulkhead_module *module,
    const bulkhead_external *imports, size_t import_count, const bulkhead_limits *limits, bulkhead_trap *trap,
    bulkhead_error *error) {
    return bulkhead_instantiate_with_image(store, artifact, module, imports, import_count, limits, 0, trap, error);
}

bulkhead_instance *bulkhead_instantiate_with_image(
    bulkhead_store *store, const bulkhead_artifact *artifact, const bulkhead_module *module,
    const bulkhead_external *imports, size_t import_count, const bulkhead_limits *limits, const bulkhead_image *image,
    bulkhead_trap *trap, bulkhead_error *error) {
    bulkhead_placement placement = {.image = image};
    bulkhead_instance *instance =
        bulkhead_prepare(store, artifact, module, imports, import_count, limits, &placement, trap, error);
    if (!instance || bulkhead_instance_start(instance, trap) == BULKHEAD_TRAP_NONE) return instance;
    bulkhead_fail(error, BULKHEAD_ERROR_TRAP, "%s", bulkhead_trap_message(trap->kind));
    return 0;
}

// MARK: - Exports

bulkhead_external bulkhead_instance_export(const bulkhead_instance *instance, size_t index) {
    bulkhead_external none = {.kind = UINT32_MAX};
    if (index >= instance->module->export_count) return none;
    const bulkhead_export *export = &instance->module->exports[index];
    bulkhead_external external = {.kind = export->kind};
    switch (export->kind) {
    case 0: external.function = function_at(instance, export->index); break;
    case 1: external.table = instance->tables[export->index]; break;
    case 2: external.memory = instance->memory; break;
    default: external.global = instance->globals[export->index]; break;
    }
    return external;
}

bulkhead_external bulkhead_instance_find(const bulkhead_instance *instance, const char *name) {
    size_t length = strlen(name);
    for (size_t i = 0; i < instance->module->export_count; i++) {
        const bulkhead_export *export = &instance->module->exports[i];
        if (export->name_length == length && memcmp(export->name, name, length) == 0)
            return bulkhead_instance_export(instance, i);
    }
    return (bulkhead_external){.kind = UINT32_MAX};
}

const bulkhead_module *bulkhead_instance_module(const bulkhead_instance *instance) { return instance->module; }
bulkhead_memory *bulkhead_instance_memory(const bulkhead_instance *instance) { return instance->memory; }

/// What the entry, a frame or two and the runtime's own functions take of the sandbox's stack.
#define STACK_MINIMUM ((uint64_t)16 * 1024)
/// More than any stack has, and no overflow when it is added to an address.
#define STACK_UNLIMITED ((uint64_t)1 << 40)

void bulkhead_instance_set_stack_limit(bulkhead_instance *instance, uint64_t bytes) {
    if (bytes < STACK_MINIMUM) bytes = STACK_MINIMUM;
    if (bytes > STACK_UNLIMITED) bytes = STACK_UNLIMITED;
    instance->stack_limit = bytes / 16 * 16;
}

uint64_t bulkhead_instance_stack_limit(const bulkhead_instance *instance) {
    return instance->stack_limit == STACK_UNLIMITED ? BULKHEAD_UNLIMITED : instance->stack_limit;
}

void bulkhead_instance_set_user(bulkhead_instance *instance, void *user) { instance->user = user; }
void *bulkhead_instance_user(const bulkhead_instance *instance) { return instance->user; }
