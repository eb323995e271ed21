// What the files of the runtime share.

#ifndef BULKHEAD_INTERNAL_H
#define BULKHEAD_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>
#include <time.h>

#include "bulkhead.h"
#include "layout.h"

// MARK: - Stores (store.c)

struct bulkhead_type {
    struct bulkhead_type *next;
    uint32_t hash;
    char signature[];
};

struct bulkhead_global {
    /// Sandboxed code takes vectors to be aligned.
    _Alignas(16) bulkhead_slots own;
    /// In an instance's context, or `own`.
    void *cell;
    uint8_t type;
    bool is_mutable;
};

/// Something the store frees at its end.
typedef struct bulkhead_owned {
    struct bulkhead_owned *next;
    void (*release)(void *thing);
} bulkhead_owned;

#define BULKHEAD_TYPE_BUCKETS 64

struct bulkhead_store {
    bulkhead_type *types[BULKHEAD_TYPE_BUCKETS];
    bulkhead_owned *owned;
    /// The instance that lies in a slot of a slab, if there is one.
    bulkhead_instance *owner_of_slot;
};

/// Zeroed memory that the store frees, after calling `release` (may be null) on it. Null when there is none.
void *bulkhead_store_allocate(bulkhead_store *store, size_t size, void (*release)(void *thing));
const bulkhead_type *bulkhead_intern(bulkhead_store *store, const char *signature);
/// In bytes.
size_t bulkhead_global_size(const bulkhead_global *global);
/// Makes `table`, already zeroed, hold `minimum` times `value`.
bool bulkhead_table_init(bulkhead_table *table, uint32_t minimum, void *value, bulkhead_error *error);
/// Without opening the thread for memories, as `bulkhead_memory_extend`.
uint32_t bulkhead_table_extend(bulkhead_table *table, void *value, uint32_t delta);
void bulkhead_table_destroy(bulkhead_table *table);
bool bulkhead_fail(bulkhead_error *error, bulkhead_error_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// MARK: - Address space (reservation_linux.c)

/// `size` bytes of address space of which the first `accessible` hold zeroes and can be read and written; both are multiples of the page
/// size. Null, with the reason in errno, when there is none.
uint8_t *bulkhead_reservation_take(size_t size, size_t accessible);
/// Gives one back. `accessible` is what of it can be read by now.
void bulkhead_reservation_give(uint8_t *mapping, size_t size, size_t accessible);

// MARK: - Protection keys (keys_linux.c; the register: keys.h)

#define BULKHEAD_KEYS_MAXIMUM 15
#define BULKHEAD_NO_KEY (-1)

/// At most `maximum` keys; fewer where the kernel has no more. Each call is matched by a `bulkhead_keys_release`, after which no page has
/// one of the keys that isn't another user's.
size_t bulkhead_keys_take(size_t maximum, int keys[BULKHEAD_KEYS_MAXIMUM]);
void bulkhead_keys_release(void);
/// `mprotect`, or `pkey_mprotect` where there is a key.
int bulkhead_protect(void *start, size_t size, int protection, int key);

// MARK: - Slabs (slab_linux.c)

/// What of a slot is accessible. Whoever holds the slot alone changes it.
typedef struct bulkhead_slot {
    enum {
        /// Nothing; key 0, no contents.
        BULKHEAD_SLOT_CLOSED,
        /// [base - front, base + size), with the slot's key.
        BULKHEAD_SLOT_OPEN,
        /// The same, all zeroes, and nobody's.
        BULKHEAD_SLOT_CLEAN,
        /// Open with a file mapped in it, or half way between two states.
        BULKHEAD_SLOT_MIXED,
    } state;
    uint32_t front;
    uint64_t size;
} bulkhead_slot;

struct bulkhead_slab {
    bulkhead_slab_layout layout;
    uint8_t *start;
    int keys[BULKHEAD_KEYS_MAXIMUM];
    /// None, or one for each stripe.
    size_t key_count;
    struct bulkhead_range *node;
    bulkhead_slot *slots;
};

uint8_t *bulkhead_slab_base(const bulkhead_slab *slab, uint64_t slot);
/// BULKHEAD_NO_KEY where the slab has none.
int bulkhead_slab_key(const bulkhead_slab *slab, uint64_t slot);
/// Whether the address could be of a slot's linear memory; contexts are not. In signal handlers too.
bool bulkhead_slab_holds_memory(const bulkhead_slab *slab, uintptr_t address);
/// Makes [base - front, base + size) accessible. What failed half way is undone by `bulkhead_slab_close`.
bool bulkhead_slab_open(
    bulkhead_slab *slab, uint64_t slot, size_t front, size_t size, const bulkhead_image *image, bulkhead_error *error);

/// Makes `size` bytes from base on accessible instead of what was, and leaves nothing beyond them. False if the system refused.
bool bulkhead_slab_resize(bulkhead_slab *slab, uint64_t slot, uint64_t size);

/// Makes zeroes of pages that can be written. False if that failed: then something may be left.
bool bulkhead_clear(uint8_t *start, size_t size);

/// Up to here what is resident is overwritten, which takes less time than to fault pages in again; beyond it the pages go back to the
/// kernel.
#define BULKHEAD_CLEARED_IN_PLACE ((size_t)256 * 1024)

/// Writes zeroes over the pages of a range that hold anything, present or swapped out. False, and nothing is known, where the kernel doesn't tell which those are,
/// or the range is larger than is cleared in place. (pagemap_linux.c)
bool bulkhead_zero_present(uint8_t *start, size_t size);

// MARK: - Images (image_linux.c)

struct bulkhead_image {
    int file;
    /// In the linear memory; whole pages.
    uint64_t start;
    uint64_t size;
};

/// Lays the image over pages that can be written. False if the system refused: then they are as they were.
bool bulkhead_image_map(const bulkhead_image *image, uint8_t *base);
/// Makes zeroes again of the pages where `bulkhead_image_map` has put the image. False if the system refused.
bool bulkhead_image_unmap(const bulkhead_image *image, uint8_t *base);
/// Forgets what has been written over the image that is mapped at `base`.
bool bulkhead_image_restore(const bulkhead_image *image, uint8_t *base);

// MARK: - Memories (memory_linux.c)

/// Reserves a memory with `front` bytes for a context before its header; `reach` is what must lie between base and the end. In the slot
/// of `placement`, if that has a slab.
bulkhead_memory *bulkhead_memory_reserve(
    size_t front, uint64_t reach, uint64_t minimum, uint64_t maximum, bool has_maximum,
    const bulkhead_placement *placement, bulkhead_error *error);
/// `image` is what was mapped in it.
void bulkhead_memory_release(bulkhead_memory *memory, const bulkhead_image *image);
/// Without opening the thread for memories: for sandboxed code that asks for more of its own.
uint64_t bulkhead_memory_extend(bulkhead_memory *memory, uint64_t delta);
/// Back to `minimum` pages, all zero but where the image is. False if that failed: then something may be left.
bool bulkhead_memory_restore(bulkhead_memory *memory, uint64_t minimum, const bulkhead_image *image);

/// 4 GiB of addresses, then 2 GiB and a page of guard: any displacement that an instruction can carry faults by itself.
#define BULKHEAD_DEFAULT_REACH ((uint64_t)0x100000000 + 0x80001000)

// MARK: - The processor (cpu_x86_64.c)

/// Whether this processor has all of the features (of `bulkhead_cpu_feature`); names the first it hasn't.
bool bulkhead_cpu_has(uint32_t features, char *missing, size_t size);

// MARK: - Imports (imports.c)

/// Whether `external` can be given for that import of the module; says why not.
bool bulkhead_match_import(
    bulkhead_store *store, const bulkhead_module *module, const bulkhead_import *import, bulkhead_external external,
    bulkhead_error *error);

// MARK: - Instances (instantiate.c)

struct bulkhead_instance {
    bulkhead_store *store;
    const bulkhead_module *module;
    bulkhead_context *context;
    bulkhead_memory *memory;
    /// What GS must hold while this instance's code runs; null if it doesn't use GS.
    uint8_t *segment;
    /// Of memory 0; null if there is none.
    uint8_t *base;
    /// Calls from the host start at most this far above the end of the sandbox's stack.
    uint64_t stack_limit;
    /// The two bits of PKRU that must be open while this instance's code runs, all others of the runtime's being closed; 0 for any.
    uint32_t pkru;
    /// Where it is in a slab, and what image is mapped in its memory. The slab is null for an instance with a reservation of its own.
    bulkhead_placement placement;
    /// The context as it was before anything ran, then each table's elements; null without a slab.
    uint8_t *initial;
    bulkhead_function *functions;
    /// By index space.
    const bulkhead_function **imported_functions;
    bulkhead_table **tables;
    bulkhead_global **globals;
    size_t imported_function_count;
    size_t table_count;
    size_t global_count;
    /// Backing store of the passive element segments.
    void **segment_elements;
    void *user;
};

/// Everything but the start function. In a slot if `placement` has a slab.
bulkhead_instance *bulkhead_prepare(
    bulkhead_store *store, const bulkhead_artifact *artifact, const bulkhead_module *module,
    const bulkhead_external *imports, size_t import_count, const bulkhead_limits *limits,
    const bulkhead_placement *placement, bulkhead_trap *trap, bulkhead_error *error);
/// Copies the active data segments, unless they are in the instance's image already.
bool bulkhead_fill_memory(bulkhead_instance *instance, bulkhead_trap *trap, bulkhead_error *error);

// MARK: - Threads and calls (thread.c, call.c)

/// One entry into a sandbox. Lies on the host's stack, which stands here while the sandbox runs; `bulkhead_call` makes it, and above it saves the
/// registers that a trap must bring back.
typedef struct bulkhead_activation {
    /// Where the sandbox's stack stands while the host runs.
    uint64_t sandbox_sp;
    struct bulkhead_activation *previous;
    bulkhead_trap *trap;
    /// What was called.
    const bulkhead_function *function;
    /// For host functions that are called without a place for values.
    uint64_t values;
} bulkhead_activation;

typedef struct bulkhead_thread {
    bulkhead_activation *current;
    /// Guard, then stack: [guard, low) is inaccessible, [low, top) is the sandbox's stack.
    uint8_t *stack_guard;
    uint8_t *stack_low;
    uint8_t *stack_top;
    /// Below this, the host's own stack is too short to enter a sandbox. UINTPTR_MAX until the thread has its stacks.
    uintptr_t host_limit;
    uint8_t *signal_stack;
    size_t signal_stack_size;
    /// When sandboxed code on this thread must stop: nanoseconds of CLOCK_MONOTONIC, 0 for never.
    _Atomic(uint64_t) deadline;
    /// When the timer fires next; 0 if it doesn't. May be earlier than the deadline: the signal's handler sees to that.
    _Atomic(uint64_t) timer_expiry;
    /// Set by the timer's signal when the deadline has passed. From then on no sandbox is entered or returned to.
    _Atomic(bool) is_overdue;
    timer_t timer;
    /// The kernel's number of the thread that `timer` belongs to; 0 while there is none.
    pid_t timer_thread;
} bulkhead_thread;

extern _Thread_local bulkhead_thread bulkhead_this_thread __attribute__((tls_model("initial-exec")));

/// Gives this thread its stacks. Called on its first entry.
bool bulkhead_thread_prepare(bulkhead_thread *thread);

static inline bool bulkhead_is_overdue(bulkhead_thread *thread) {
    // The signal that sets it is the thread's own: what came before in the program came before for the handler too.
    atomic_signal_fence(memory_order_seq_cst);
    return __builtin_expect(atomic_load_explicit(&thread->is_overdue, memory_order_relaxed), 0);
}

extern const bulkhead_runtime bulkhead_runtime_table;

// Assembly (enter_x86_64.S).

/// Called on the sandbox's stack: moves to the host's and returns `work(a, b, c)`.
uint64_t bulkhead_leave(
    uint64_t (*work)(void *a, uint64_t b, uint64_t c), void *a, uint64_t b, uint64_t c, bulkhead_activation *activation);
/// Makes the `bulkhead_call` of that activation return `kind`.
_Noreturn void bulkhead_unwind(bulkhead_activation *activation, uint64_t kind);
/// What the module's own functions call imports with (`bulkhead_runtime.call`).
void bulkhead_call_import(const bulkhead_function *function, bulkhead_instance *caller, uint64_t *values);

// MARK: - Traps (trap.c, trap_linux_x86_64.c)

/// Installs the signal handlers, once per process.
bool bulkhead_traps_install(bulkhead_error *error);

/// If the interrupted `context` (a `ucontext_t`) of this thread is sandboxed code at a point where it can stop, makes its
/// innermost activation end with BULKHEAD_TRAP_INTERRUPTED when the signal handler returns. In signal handlers only.
bool bulkhead_interrupt(bulkhead_thread *thread, void *context);

/// In a signal handler: whether the code that the signal found at `instruction` was called by sandboxed code and has nothing on
/// the stack but its return address, at `stack_pointer`.
bool bulkhead_is_bare_callee(uintptr_t instruction, uintptr_t stack_pointer);

// MARK: - Deadlines (deadline_linux.c)

/// At the thread's end.
void bulkhead_deadline_thread_exit(bulkhead_thread *thread);

/// An address range that a signal handler can look up while others come and go.
typedef struct bulkhead_range {
    _Atomic(uintptr_t) start;
    _Atomic(uintptr_t) end;
    _Atomic(const void *) owner;
    struct bulkhead_range *next;
    /// Under the lock.
    struct bulkhead_range *next_empty;
} bulkhead_range;

typedef struct bulkhead_ranges {
    _Atomic(bulkhead_range *) head;
    /// Nodes to use again. Under the lock.
    bulkhead_range *empty;
    pthread_mutex_t lock;
} bulkhead_ranges;

/// Sandboxed code; owners are artifacts.
extern bulkhead_ranges bulkhead_code_ranges;
/// Reservations from base to the end of the guard; owners are memories.
extern bulkhead_ranges bulkhead_memory_ranges;
/// Whole slabs, which own themselves.
extern bulkhead_ranges bulkhead_slab_ranges;

bulkhead_range *bulkhead_ranges_add(bulkhead_ranges *ranges, const void *start, const void *end, const void *owner);
void bulkhead_ranges_remove(bulkhead_ranges *ranges, bulkhead_range *range);
/// One range of that owner, if it has any.
void bulkhead_ranges_remove_owner(bulkhead_ranges *ranges, const void *owner);
/// Safe in a signal handler.
const bulkhead_range *bulkhead_ranges_find(const bulkhead_ranges *ranges, uintptr_t address);

#endif
