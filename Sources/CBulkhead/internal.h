// What the files of the runtime share.

#ifndef BULKHEAD_INTERNAL_H
#define BULKHEAD_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>
#include <time.h>

#include "bulkhead.h"

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
};

/// Zeroed memory that the store frees, after calling `release` (may be null) on it. Null when there is none.
void *bulkhead_store_allocate(bulkhead_store *store, size_t size, void (*release)(void *thing));
const bulkhead_type *bulkhead_intern(bulkhead_store *store, const char *signature);
/// In bytes.
size_t bulkhead_global_size(const bulkhead_global *global);
/// Makes `table`, already zeroed, hold `minimum` times `value`.
bool bulkhead_table_init(bulkhead_table *table, uint32_t minimum, void *value, bulkhead_error *error);
void bulkhead_table_destroy(bulkhead_table *table);
bool bulkhead_fail(bulkhead_error *error, bulkhead_error_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// MARK: - Address space (reservation_linux.c)

/// `size` bytes of address space of which the first `accessible` hold zeroes and can be read and written; both are multiples of the page
/// size. Null, with the reason in errno, when there is none.
uint8_t *bulkhead_reservation_take(size_t size, size_t accessible);
/// Gives one back. `accessible` is what of it can be read by now.
void bulkhead_reservation_give(uint8_t *mapping, size_t size, size_t accessible);

// MARK: - Memories (memory_linux.c)

/// Reserves a memory with `front` bytes for a context before its header; `reach` is what must lie between base and the end.
bulkhead_memory *bulkhead_memory_reserve(
    size_t front, uint64_t reach, uint64_t minimum, uint64_t maximum, bool has_maximum, bulkhead_error *error);
void bulkhead_memory_release(bulkhead_memory *memory);

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
    /// Calls from the host start at most this far above the end of the sandbox's stack.
    uint64_t stack_limit;
    void *user;
};

// MARK: - Threads and calls (thread.c, call.c)

/// One entry into a sandbox, on the host's stack. The assembly knows the first two fields' offsets.
typedef struct bulkhead_activation {
    /// Where the host's stack stands while the sandbox runs; the callee-saved registers lie above.
    uint64_t host_sp;
    /// Where the sandbox's stack stands while the host runs.
    uint64_t sandbox_sp;
    struct bulkhead_activation *previous;
    bulkhead_trap *trap;
} bulkhead_activation;

typedef struct bulkhead_thread {
    bulkhead_activation *current;
    /// Guard, then stack: [guard, low) is inaccessible, [low, top) is the sandbox's stack.
    uint8_t *stack_guard;
    uint8_t *stack_low;
    uint8_t *stack_top;
    /// Below this, the host's own stack is too short to enter a sandbox.
    uint8_t *host_limit;
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

/// Saves the callee-saved registers, moves to the sandbox's stack and calls `thunk(self, code, values)`. Returns
/// BULKHEAD_TRAP_NONE, or the kind that `bulkhead_unwind` was given.
uint32_t bulkhead_enter(
    bulkhead_thunk thunk, void *self, void (*code)(void), uint64_t *values, bulkhead_activation *activation,
    uint64_t sandbox_sp);
/// Called on the sandbox's stack: moves to the host's and returns `work(a, b, c)`.
uint64_t bulkhead_leave(
    uint64_t (*work)(void *a, uint64_t b, uint64_t c), void *a, uint64_t b, uint64_t c, bulkhead_activation *activation);
/// Makes the `bulkhead_enter` whose activation holds `host_sp` return `kind`.
_Noreturn void bulkhead_unwind(uint64_t host_sp, uint64_t kind);

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

bulkhead_range *bulkhead_ranges_add(bulkhead_ranges *ranges, const void *start, const void *end, const void *owner);
void bulkhead_ranges_remove(bulkhead_ranges *ranges, bulkhead_range *range);
/// One range of that owner, if it has any.
void bulkhead_ranges_remove_owner(bulkhead_ranges *ranges, const void *owner);
/// Safe in a signal handler.
const bulkhead_range *bulkhead_ranges_find(const bulkhead_ranges *ranges, uintptr_t address);

#endif
