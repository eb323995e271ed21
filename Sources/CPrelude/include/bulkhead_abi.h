// What generated code and the runtime agree on. Generated code is compiled apart from the program that loads it, perhaps
// by another compiler: everything here is fixed-width, and `BULKHEAD_ABI_VERSION` changes with any of it.

#ifndef BULKHEAD_ABI_H
#define BULKHEAD_ABI_H

#ifdef BULKHEAD_GENERATED
// Generated code is freestanding: it needs no C library's headers.
typedef __UINT8_TYPE__ uint8_t;
typedef __UINT16_TYPE__ uint16_t;
typedef __UINT32_TYPE__ uint32_t;
typedef __UINT64_TYPE__ uint64_t;
#else
#include <stdint.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define BULKHEAD_ABI_VERSION 2u
#define BULKHEAD_ABI_MAGIC 0x44484B42u  // "BKHD"

#define BULKHEAD_PAGE_SIZE 65536u

/// Why sandboxed code stopped. The numbers are part of the ABI: generated code raises a trap with its kind in a register.
typedef enum bulkhead_trap_kind {
    BULKHEAD_TRAP_NONE = 0,
    BULKHEAD_TRAP_UNREACHABLE = 1,
    BULKHEAD_TRAP_INTEGER_DIVIDE_BY_ZERO = 2,
    BULKHEAD_TRAP_INTEGER_OVERFLOW = 3,
    BULKHEAD_TRAP_INVALID_CONVERSION = 4,
    BULKHEAD_TRAP_MEMORY_OUT_OF_BOUNDS = 5,
    BULKHEAD_TRAP_TABLE_OUT_OF_BOUNDS = 6,
    BULKHEAD_TRAP_UNDEFINED_ELEMENT = 7,
    BULKHEAD_TRAP_UNINITIALIZED_ELEMENT = 8,
    BULKHEAD_TRAP_INDIRECT_CALL_TYPE = 9,
    BULKHEAD_TRAP_STACK_EXHAUSTED = 10,
    /// A host function asked for the call to end; its error is the embedder's.
    BULKHEAD_TRAP_HOST = 11,
    /// The thread's deadline passed. Not of the specification.
    BULKHEAD_TRAP_INTERRUPTED = 12,
} bulkhead_trap_kind;

/// A function type, interned by a store so that two types are equal where their addresses are.
typedef struct bulkhead_type bulkhead_type;
typedef struct bulkhead_instance bulkhead_instance;
typedef struct bulkhead_function bulkhead_function;
typedef struct bulkhead_slab bulkhead_slab;

/// Unpacks `values` into arguments, calls `code`, and packs the results over them. One per function type and module: the one
/// way into sandboxed code, from the host and from other instances. `self` is the instance's context.
typedef void (*bulkhead_thunk)(void *self, void (*code)(void), uint64_t *values);

/// Called on the host's stack. `values` holds the arguments, one to a slot (a vector to two, the lower half first), and takes
/// the results. Anything but BULKHEAD_TRAP_NONE ends the sandboxed call that led here, with that kind.
typedef bulkhead_trap_kind (*bulkhead_host_callback)(void *closure, bulkhead_instance *caller, uint64_t *values);

/// What a `funcref` points to.
struct bulkhead_function {
    const bulkhead_type *type;
    /// Sandboxed code, in the calling convention of its module; null for a host function.
    void (*code)(void);
    union {
        bulkhead_thunk thunk;
        bulkhead_host_callback host;
    };
    /// The instance's context, or the host function's closure.
    void *self;
    /// What the segment register must hold while `code` runs; null if `code` doesn't use it.
    uint8_t *segment;
    bulkhead_instance *instance;
    /// In the module's function index space, for names.
    uint32_t index;
    /// The two bits of PKRU that must be open while `code` runs, all others of the runtime's being closed; 0 for any.
    uint32_t pkru;
};

/// Stands just below a memory's first byte, so that sandboxed code finds it in its segment at a fixed negative offset
/// whoever owns the memory.
typedef struct bulkhead_memory {
    /// Of byte 0, in the host's address space.
    uint8_t *base;
    /// In bytes.
    uint64_t size;
    /// In pages; growth beyond it fails.
    uint64_t maximum;
    /// Whether the type gives a maximum (import matching asks).
    uint32_t has_maximum;
    /// In pages; growth beyond it fails too, but it is no part of the type. UINT32_MAX for none.
    uint32_t limit;
    /// The slot it lies in; null for a reservation of its own.
    bulkhead_slab *slab;
    /// Where the context's pages begin, and how much is reserved from there on; or which slot of the slab it is.
    uint8_t *mapping;
    union {
        uint64_t mapping_size;
        uint64_t slot;
    };
    void *node;
} bulkhead_memory;

#define BULKHEAD_MEMORY_HEADER_SIZE 64

typedef struct bulkhead_table {
    /// `bulkhead_function *` for funcref; an embedder's handle for externref. Null is 0 for both.
    void **elements;
    uint32_t size;
    uint32_t maximum;
    /// In elements; growth beyond it fails, but it is no part of the type. UINT32_MAX for none.
    uint32_t limit;
    uint8_t has_maximum;
    uint8_t element;  // The binary format's byte for the reference type.
    uint16_t reserved;
} bulkhead_table;

/// An element segment as an instance holds it: emptied when it is dropped.
typedef struct bulkhead_segment {
    void **elements;
    uint64_t size;
} bulkhead_segment;

/// What generated code asks of the runtime. Each is called on the sandbox's stack and does its work on the host's.
typedef struct bulkhead_runtime {
    /// Calls a function that is not of the calling instance.
    void (*call)(const bulkhead_function *function, bulkhead_instance *caller, uint64_t *values);
    /// Returns the old size in pages, or UINT64_MAX.
    uint64_t (*memory_grow)(bulkhead_memory *memory, uint64_t delta);
    /// Returns the old size, or UINT32_MAX.
    uint32_t (*table_grow)(bulkhead_table *table, void *value, uint32_t delta);
} bulkhead_runtime;

/// How every instance's context begins; the module's own fields follow.
#define BULKHEAD_CONTEXT_HEADER                                                     \
    const bulkhead_runtime *runtime;                                                \
    bulkhead_instance *instance;                                                    \
    /* Where this context lies in the host's address space. */                      \
    void *address;                                                                  \
    /* Functions defined here that can be referred to. */                           \
    bulkhead_function *functions;                                                   \
    bulkhead_memory *memory;

typedef struct bulkhead_context {
    BULKHEAD_CONTEXT_HEADER
} bulkhead_context;

// MARK: - The descriptor

/// The operators of constant expressions. `VALUE` covers the four `const` instructions.
typedef enum bulkhead_operator {
    BULKHEAD_VALUE,
    BULKHEAD_GLOBAL_GET,
    BULKHEAD_REF_FUNC,
    BULKHEAD_REF_NULL,
    BULKHEAD_I32_ADD,
    BULKHEAD_I32_SUB,
    BULKHEAD_I32_MUL,
    BULKHEAD_I64_ADD,
    BULKHEAD_I64_SUB,
    BULKHEAD_I64_MUL,
} bulkhead_operator;

/// One instruction of a constant expression: the bits of a value, a global index, or a function reference.
typedef struct bulkhead_constant {
    uint64_t operator_;
    uint64_t operand;
} bulkhead_constant;

typedef struct bulkhead_expression {
    const bulkhead_constant *instructions;
    uint64_t count;
} bulkhead_expression;

/// A function reference: an index into the imported functions, or past them into the module's `functions`.
typedef uint32_t bulkhead_reference;

typedef struct bulkhead_import {
    const char *module;
    uint64_t module_length;
    const char *name;
    uint64_t name_length;
    /// The binary format's import kind: 0 function, 1 table, 2 memory, 3 global.
    uint32_t kind;
    /// Function: index into `types`. Table: reference type. Global: value type.
    uint32_t type;
    /// Table and memory: limits. Global: whether it is mutable, in `minimum`.
    uint64_t minimum;
    uint64_t maximum;
    uint32_t has_maximum;
    /// Where in the context the pointer (or the value of an immutable global) goes; 0 for a memory.
    uint32_t offset;
} bulkhead_import;

typedef struct bulkhead_export {
    const char *name;
    uint64_t name_length;
    uint32_t kind;
    /// A function reference, or a table, memory or global index.
    uint32_t index;
} bulkhead_export;

typedef struct bulkhead_defined_function {
    void (*code)(void);
    uint32_t type;
    /// In the module's function index space.
    uint32_t index;
} bulkhead_defined_function;

typedef struct bulkhead_defined_table {
    uint32_t element;
    uint32_t minimum;
    uint32_t maximum;
    uint32_t has_maximum;
    /// Of the `bulkhead_table` in the context.
    uint64_t offset;
} bulkhead_defined_table;

typedef struct bulkhead_defined_global {
    uint32_t type;
    uint32_t mutable_;
    /// Of the value in the context.
    uint64_t offset;
    bulkhead_expression initializer;
} bulkhead_defined_global;

typedef enum bulkhead_segment_mode {
    BULKHEAD_PASSIVE,
    BULKHEAD_ACTIVE,
    BULKHEAD_DECLARATIVE,
} bulkhead_segment_mode;

typedef struct bulkhead_element_segment {
    bulkhead_segment_mode mode;
    uint32_t table;
    bulkhead_expression start;
    /// Either `functions` or `items` lists the elements. An item is the one instruction of its initializer.
    const bulkhead_reference *functions;
    const bulkhead_constant *items;
    uint64_t count;
    /// Of the `bulkhead_segment` in the context.
    uint64_t offset;
} bulkhead_element_segment;

typedef struct bulkhead_data_segment {
    bulkhead_segment_mode mode;
    uint32_t memory;
    bulkhead_expression start;
    const uint8_t *bytes;
    uint64_t count;
    /// Of the segment's remaining size (`uint64_t`) in the context.
    uint64_t offset;
} bulkhead_data_segment;

/// Everything that instantiation needs to know of one module.
typedef struct bulkhead_module {
    const char *name;
    /// Context in the segment below memory 0 (0), or reached through a pointer because memory 0 is imported (1).
    uint32_t context_pointer;
    uint32_t context_size;
    /// Signatures: a letter a value (i I f F v p e: i32 i64 f32 f64 v128 funcref externref), parameters, '>', results.
    uint32_t type_count;
    /// Index of the start function as a reference, or UINT32_MAX.
    uint32_t start;
    const char *const *types;
    const bulkhead_thunk *thunks;
    /// Of the interned types in the context.
    uint64_t types_offset;

    uint64_t import_count;
    const bulkhead_import *imports;
    uint64_t function_count;
    const bulkhead_defined_function *functions;
    uint64_t table_count;
    const bulkhead_defined_table *tables;
    /// 0 or 1 memory is defined here.
    uint32_t memory_count;
    uint32_t memory_has_maximum;
    uint64_t memory_minimum;
    uint64_t memory_maximum;
    uint64_t global_count;
    const bulkhead_defined_global *globals;
    uint64_t export_count;
    const bulkhead_export *exports;
    uint64_t element_count;
    const bulkhead_element_segment *elements;
    uint64_t data_count;
    const bulkhead_data_segment *data;

    /// Names by function index, for back-traces.
    uint64_t name_count;
    const char *const *names;
    /// What the names of this module's symbols begin with.
    const char *prefix;
} bulkhead_module;

/// Extensions of x86-64 that code may have been compiled for.
typedef enum bulkhead_cpu_feature {
    BULKHEAD_CPU_SSE3 = 1 << 0,
    BULKHEAD_CPU_SSSE3 = 1 << 1,
    BULKHEAD_CPU_SSE4_1 = 1 << 2,
    BULKHEAD_CPU_SSE4_2 = 1 << 3,
    BULKHEAD_CPU_POPCNT = 1 << 4,
    BULKHEAD_CPU_AVX = 1 << 5,
    BULKHEAD_CPU_AVX2 = 1 << 6,
    BULKHEAD_CPU_BMI = 1 << 7,
    BULKHEAD_CPU_BMI2 = 1 << 8,
    BULKHEAD_CPU_FMA = 1 << 9,
    BULKHEAD_CPU_LZCNT = 1 << 10,
    BULKHEAD_CPU_AVX512F = 1 << 11,
    BULKHEAD_CPU_AVX512BW = 1 << 12,
    BULKHEAD_CPU_AVX512DQ = 1 << 13,
    BULKHEAD_CPU_AVX512VL = 1 << 14,
} bulkhead_cpu_feature;

typedef enum bulkhead_mode {
    BULKHEAD_MODE_FLAT = 0,
    BULKHEAD_MODE_SEGMENT = 1,
} bulkhead_mode;

/// What one compilation produced. A shared library exports it as `bulkhead_library`.
typedef struct bulkhead_artifact {
    uint32_t magic;
    uint32_t version;
    bulkhead_mode mode;
    /// Of `bulkhead_cpu_feature`: what the processor must have.
    uint32_t cpu_features;
    uint64_t module_count;
    /// Bytes beyond 4 GiB that must fault: the reservation may not offer less.
    uint64_t guard;
    const bulkhead_module *const *modules;
    /// The sandboxed code: a fault at an instruction outside is not ours.
    const char *code_start;
    const char *code_end;
} bulkhead_artifact;

#ifdef __cplusplus
}
#endif

#endif
