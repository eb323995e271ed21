// The Bulkhead runtime: loads what the compiler generated and runs it behind a wall. Plain C, for C programs and for the Swift
// API alike. Functions return `false` or null and fill `bulkhead_error` where they can fail.

#ifndef BULKHEAD_H
#define BULKHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bulkhead_abi.h"

#ifdef __cplusplus
extern "C" {
#endif

// MARK: - Errors

typedef enum bulkhead_error_kind {
    BULKHEAD_ERROR_NONE = 0,
    /// The system refused memory, address space or a mapping.
    BULKHEAD_ERROR_SYSTEM,
    /// The artifact is of another version, mode or machine.
    BULKHEAD_ERROR_ARTIFACT,
    /// An import is missing.
    BULKHEAD_ERROR_UNKNOWN_IMPORT,
    /// An import has another kind or type than the module asks for.
    BULKHEAD_ERROR_INCOMPATIBLE_IMPORT,
    /// A limit of this runtime.
    BULKHEAD_ERROR_LIMIT,
    /// Instantiation trapped (a segment out of bounds, or the start function); the trap is reported beside.
    BULKHEAD_ERROR_TRAP,
} bulkhead_error_kind;

typedef struct bulkhead_error {
    bulkhead_error_kind kind;
    char message[380];
} bulkhead_error;

#define BULKHEAD_TRAP_FRAMES 64

/// Why a call ended early, and where.
typedef struct bulkhead_trap {
    bulkhead_trap_kind kind;
    /// Frames of sandboxed code, innermost first, at most BULKHEAD_TRAP_FRAMES. None for BULKHEAD_TRAP_HOST.
    uint32_t frame_count;
    void *frames[BULKHEAD_TRAP_FRAMES];
    /// Whether the trap was a memory access that faulted, and at which offset in the linear memory.
    bool has_offset;
    uint64_t offset;
} bulkhead_trap;

/// In the specification's words: "integer divide by zero". Never null.
const char *bulkhead_trap_message(bulkhead_trap_kind kind);

/// Writes the name of the WebAssembly function that `frame` (of a trap) lies in, at most `size` bytes with the closing zero.
/// Returns false where the artifact's symbols can't be read.
bool bulkhead_frame_name(void *frame, char *name, size_t size);

/// Fills the frames of `trap`, and nothing else of it, with the sandboxed code on this thread's stack: for a host function that
/// wants to say who called it.
void bulkhead_backtrace(bulkhead_trap *trap);

// MARK: - Stores

/// Owns instances, and everything they can refer to, until it is freed. One thread at a time may use a store; many
/// stores may be used at once.
typedef struct bulkhead_store bulkhead_store;
typedef struct bulkhead_global bulkhead_global;

/// A value of any type as it passes between host and sandbox, its bits in `low`. Only a vector has a higher half.
typedef struct bulkhead_slots {
    uint64_t low;
    uint64_t high;
} bulkhead_slots;

/// A vector in the functions of generated headers.
typedef struct bulkhead_v128 {
    uint8_t bytes[16];
} bulkhead_v128;

bulkhead_store *bulkhead_store_new(bulkhead_error *error);
void bulkhead_store_free(bulkhead_store *store);

/// One thing that can be imported and exported.
typedef struct bulkhead_external {
    /// The binary format's kind: 0 function, 1 table, 2 memory, 3 global.
    uint32_t kind;
    union {
        const bulkhead_function *function;
        bulkhead_table *table;
        bulkhead_memory *memory;
        bulkhead_global *global;
        const void *pointer;
    };
} bulkhead_external;

// MARK: - Artifacts and instances

/// Whether this runtime can run the artifact on this machine.
bool bulkhead_artifact_check(const bulkhead_artifact *artifact, bulkhead_error *error);

/// Makes the artifact's code known to the fault handler; call before its first instance, once for each
/// `bulkhead_artifact_remove`, which must come before its code is unmapped.
bool bulkhead_artifact_add(const bulkhead_artifact *artifact, bulkhead_error *error);
void bulkhead_artifact_remove(const bulkhead_artifact *artifact);

/// `imports` holds one entry per import of the module, in order. Runs the start function. The instance belongs to the store.
/// An instance whose instantiation trapped is not returned, but what it already wrote to imported tables stays, as specified.
bulkhead_instance *bulkhead_instantiate(
    bulkhead_store *store, const bulkhead_artifact *artifact, const bulkhead_module *module,
    const bulkhead_external *imports, size_t import_count, bulkhead_trap *trap, bulkhead_error *error);

#define BULKHEAD_UNLIMITED UINT64_MAX

/// What one instance may use. Begin with BULKHEAD_NO_LIMITS and lower what you want lower.
typedef struct bulkhead_limits {
    /// Bytes of the memory that the module defines. One that it imports has its own limit.
    uint64_t memory;
    /// Elements of each table that the module defines.
    uint64_t table;
    /// Bytes of stack; see `bulkhead_instance_set_stack_limit`. Holds for the start function too.
    uint64_t stack;
} bulkhead_limits;

#define BULKHEAD_NO_LIMITS {BULKHEAD_UNLIMITED, BULKHEAD_UNLIMITED, BULKHEAD_UNLIMITED}

/// Like `bulkhead_instantiate`. A module whose memory or tables begin larger than the limits allow is refused
/// (BULKHEAD_ERROR_LIMIT) before anything is made. `limits` may be null.
bulkhead_instance *bulkhead_instantiate_limited(
    bulkhead_store *store, const bulkhead_artifact *artifact, const bulkhead_module *module,
    const bulkhead_external *imports, size_t import_count, const bulkhead_limits *limits, bulkhead_trap *trap,
    bulkhead_error *error);

/// Calls from the host into the instance's functions get at most that many bytes of the thread's sandbox stack (rounded to 16,
/// and no fewer than 16 KiB), and trap with BULKHEAD_TRAP_STACK_EXHAUSTED beyond; BULKHEAD_UNLIMITED for all of it. Calls
/// from other instances go on with the stack of their caller.
void bulkhead_instance_set_stack_limit(bulkhead_instance *instance, uint64_t bytes);
/// In bytes, or BULKHEAD_UNLIMITED.
uint64_t bulkhead_instance_stack_limit(const bulkhead_instance *instance);

/// The export of that position in the module's list.
bulkhead_external bulkhead_instance_export(const bulkhead_instance *instance, size_t index);
/// By name; `kind` of the result is UINT32_MAX where there is none.
bulkhead_external bulkhead_instance_find(const bulkhead_instance *instance, const char *name);
const bulkhead_module *bulkhead_instance_module(const bulkhead_instance *instance);
/// Memory 0, or null.
bulkhead_memory *bulkhead_instance_memory(const bulkhead_instance *instance);
/// An embedder's own pointer, which a host function finds in its caller.
void bulkhead_instance_set_user(bulkhead_instance *instance, void *user);
void *bulkhead_instance_user(const bulkhead_instance *instance);

// MARK: - Functions

/// A host function. `signature` as in `bulkhead_module.types` ("ii>i"). `finalize` (may be null) is called with the closure
/// when the store goes.
const bulkhead_function *bulkhead_host_function(
    bulkhead_store *store, const char *signature, bulkhead_host_callback callback, void *closure,
    void (*finalize)(void *closure), bulkhead_error *error);

/// The signature of a function.
const char *bulkhead_function_signature(const bulkhead_function *function);

/// Calls a function of a sandbox or of the host. `values` holds the arguments, one to a 64-bit slot (a vector to two,
/// the lower half first), has room for the results too, and receives them. The caller has checked the number and types. Returns BULKHEAD_TRAP_NONE, or the kind of the
/// trap that ended the call, described in `trap` (never null).
bulkhead_trap_kind bulkhead_call(const bulkhead_function *function, uint64_t *values, bulkhead_trap *trap);

// MARK: - Deadlines

/// A time limit that has begun on this thread. The fields are the runtime's.
typedef struct bulkhead_deadline {
    uint64_t outer;
    bool was_blocked;
} bulkhead_deadline;

/// Limits the time of sandboxed code on this thread until `bulkhead_deadline_end`: once the nanoseconds (of CLOCK_MONOTONIC)
/// have passed, it is stopped wherever it stands, and calls into sandboxed code are refused; all end with
/// BULKHEAD_TRAP_INTERRUPTED. Host functions are never stopped, but what called them is when they return. Deadlines nest: an
/// inner one may only shorten, and its end brings the outer one back. 0 refuses every call; UINT64_MAX is as good as none.
///
/// Uses SIGURG, which is ignored where it isn't handled. The first use in a process installs a handler, which passes on
/// what isn't the runtime's; the embedder must not replace it. While a host function runs past the deadline, its system calls
/// see a signal each millisecond: most go on (SA_RESTART), those that wait with a timeout of their own return EINTR.
/// A child process that forks inside a deadline is not limited by it.
bool bulkhead_deadline_begin(bulkhead_deadline *deadline, uint64_t nanoseconds, bulkhead_error *error);
/// On the thread that began it, in the reverse order of beginning, outside the sandboxed code that it limits.
void bulkhead_deadline_end(const bulkhead_deadline *deadline);
/// Instead of `bulkhead_deadline_end`, for deadlines that follow one another by the thousand: leaves the timer running and the signal
/// unblocked, so that the next deadline, if it is no nearer, takes no system call. The thread may be sent one signal more, at the time
/// of this deadline, though it is over.
void bulkhead_deadline_leave(const bulkhead_deadline *deadline);

// MARK: - Memories, tables, globals

bulkhead_memory *bulkhead_memory_new(
    bulkhead_store *store, uint64_t minimum, uint64_t maximum, bool has_maximum, bulkhead_error *error);
/// By pages of 64 KiB. Returns the old size in pages, or UINT64_MAX where it can't grow.
uint64_t bulkhead_memory_grow(bulkhead_memory *memory, uint64_t delta);
/// Growth beyond that many bytes, rounded down to pages, fails although the type allows it; BULKHEAD_UNLIMITED for none. What
/// the memory has already, it keeps. The type stays as it is.
void bulkhead_memory_set_limit(bulkhead_memory *memory, uint64_t bytes);
/// In bytes, or BULKHEAD_UNLIMITED.
uint64_t bulkhead_memory_limit(const bulkhead_memory *memory);

bulkhead_table *bulkhead_table_new(
    bulkhead_store *store, uint8_t element, uint32_t minimum, uint32_t maximum, bool has_maximum, void *value,
    bulkhead_error *error);
/// Returns the old size, or UINT32_MAX where it can't grow.
uint32_t bulkhead_table_grow(bulkhead_table *table, void *value, uint32_t delta);
/// Growth beyond that many elements fails although the type allows it; BULKHEAD_UNLIMITED for none. What the table has
/// already, it keeps. The type stays as it is.
void bulkhead_table_set_limit(bulkhead_table *table, uint64_t elements);
/// In elements, or BULKHEAD_UNLIMITED.
uint64_t bulkhead_table_limit(const bulkhead_table *table);

/// `type` is the binary format's byte for the value type.
bulkhead_global *bulkhead_global_new(
    bulkhead_store *store, uint8_t type, bool is_mutable, bulkhead_slots value, bulkhead_error *error);
uint8_t bulkhead_global_type(const bulkhead_global *global);
bool bulkhead_global_is_mutable(const bulkhead_global *global);
bulkhead_slots bulkhead_global_get(const bulkhead_global *global);
void bulkhead_global_set(bulkhead_global *global, bulkhead_slots value);

// MARK: - Images

/// What a module's memory holds before anything runs, to be mapped instead of copied: a page is copied when it is first written.
typedef struct bulkhead_image bulkhead_image;
/// Null, with no error (BULKHEAD_ERROR_NONE), for a module whose memory begins empty or depends on its imports.
bulkhead_image *bulkhead_image_new(const bulkhead_module *module, bulkhead_error *error);
/// When no instance has it any more.
void bulkhead_image_free(bulkhead_image *image);
/// Like `bulkhead_instantiate_limited`, with the module's image, which takes two mappings more. Where the system refuses those, the data is copied. Pays
/// from some hundred KiB of data on.
bulkhead_instance *bulkhead_instantiate_with_image(
    bulkhead_store *store, const bulkhead_artifact *artifact, const bulkhead_module *module,
    const bulkhead_external *imports, size_t import_count, const bulkhead_limits *limits, const bulkhead_image *image,
    bulkhead_trap *trap, bulkhead_error *error);

// MARK: - Slabs

/// Where slots lie in a slab; all sizes in bytes and whole pages. The fields are those of the Swift API's `SlabLayout`, which computes them: the
/// runtime takes them as they are, and a wrong layout is no wall.
typedef struct bulkhead_slab_layout {
    uint64_t slots;
    /// Slot `i` has colour `i % stripes`. 1 for a slab without protection keys.
    uint64_t stripes;
    /// From one base to the next.
    uint64_t stride;
    /// From the slab's start to the first base, and what a context may take below each base.
    uint64_t front;
    uint64_t maximum_memory;
    /// Of the whole slab.
    uint64_t size;
} bulkhead_slab_layout;

/// Takes as many protection keys as the layout has stripes, unless that is 1.
bulkhead_slab *bulkhead_slab_new(const bulkhead_slab_layout *layout, bulkhead_error *error);
/// When no instance is in it any more.
void bulkhead_slab_free(bulkhead_slab *slab);
/// Makes a slot as new: inaccessible and empty. Call it when the instance in it is gone or was refused. False if the system refused, then the
/// slot must not be used; this function may be tried again.
bool bulkhead_slab_close(bulkhead_slab *slab, uint64_t slot);

/// Instead of `bulkhead_slab_close`: makes a slot zeroes, and leaves it accessible for the next instance, to which it can only be quicker. False if
/// that can't be (an image is mapped in it, or the system refused): then close it.
bool bulkhead_slab_clean(bulkhead_slab *slab, uint64_t slot);

/// Where an instance is to be.
typedef struct bulkhead_placement {
    bulkhead_slab *slab;
    /// Closed or clean.
    uint64_t slot;
    /// Of the module that is instantiated; may be null.
    const bulkhead_image *image;
} bulkhead_placement;

/// Like `bulkhead_instantiate_limited`, in a slot, and without running the start function: `bulkhead_instance_start` does that. The module defines
/// its memory, and a store has one such instance at most. The slot stays with the instance until the store is freed; close it then.
bulkhead_instance *bulkhead_instantiate_in_slot(
    bulkhead_store *store, const bulkhead_artifact *artifact, const bulkhead_module *module,
    const bulkhead_external *imports, size_t import_count, const bulkhead_limits *limits,
    const bulkhead_placement *placement, bulkhead_trap *trap, bulkhead_error *error);
/// Runs the start function, if the module has one.
bulkhead_trap_kind bulkhead_instance_start(bulkhead_instance *instance, bulkhead_trap *trap);
/// Makes an instance in a slot what it was before its start function ran. False if it can't be: the system refused, or something else was made in
/// the store since. Then what was may still be there, and only the end of store and slot removes it.
bool bulkhead_instance_reset(bulkhead_instance *instance, const bulkhead_limits *limits);

// MARK: - Protection keys

/// Keys that slabs have now, and keys that one could have.
size_t bulkhead_keys_in_use(void);
size_t bulkhead_keys_available(void);

/// The bits of PKRU that are the runtime's: two for each key. 0 while there are none.
extern uint32_t bulkhead_pkru_mask;

#if defined(__x86_64__) && defined(__linux__)
static inline uint32_t bulkhead_pkru_read(void) {
    uint32_t value;
    __asm__ volatile("rdpkru" : "=a"(value) : "c"(0) : "rdx");
    return value;
}
static inline void bulkhead_pkru_write(uint32_t value) {
    __asm__ volatile("wrpkru" : : "a"(value), "c"(0), "d"(0) : "memory");
}
#endif

/// Lets this thread read and write the memories of all slots, which threads older than the keys can't. The functions here that touch a memory do
/// it themselves; call it before using a pointer into one. Costs nothing while there are no keys.
static inline void bulkhead_open_memories(void) {
#if defined(__x86_64__) && defined(__linux__)
    uint32_t ours = __atomic_load_n(&bulkhead_pkru_mask, __ATOMIC_RELAXED);
    if (__builtin_expect(ours == 0, 1)) return;
    uint32_t found = bulkhead_pkru_read();
    if (found & ours) bulkhead_pkru_write(found & ~ours);
#endif
}

// MARK: - The machine

/// Whether generated code may keep its memory in the GS segment on this machine and system.
bool bulkhead_has_segments(void);
/// Whether the kernel lets programs write the segment register themselves (AT_HWCAP2 bit 1); without it each switch is a
/// system call.
bool bulkhead_has_fsgsbase(void);
/// Whether a load from the segment takes this processor so much longer than one by a pointer that code which waits for its loads loses more than the
/// segment saves. On Intel's a base costs two cycles (seven instead of five, family 6 model 207), on AMD's one.
bool bulkhead_has_slow_segments(void);
/// Bytes of stack for sandboxed code on each thread that first enters a sandbox after this call. The default is 8 MiB.
void bulkhead_set_stack_size(size_t bytes);

#ifdef __cplusplus
}
#endif

#endif
