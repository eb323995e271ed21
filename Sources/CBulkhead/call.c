// Host to sandbox, sandbox to host, sandbox to sandbox.

#include <stddef.h>

#include "internal.h"
#include "keys.h"
#include "segment.h"

static bulkhead_trap_kind call_host(
    const bulkhead_function *function, bulkhead_instance *caller, uint64_t *values) {
    // A host function may count on a place for values, though it takes and returns none.
    uint64_t none = 0;
    return function->host(function->self, caller, values ? values : &none);
}

static void report(bulkhead_trap *trap, bulkhead_trap_kind kind) {
    trap->kind = kind;
    trap->frame_count = 0;
    trap->has_offset = false;
}

// MARK: - What of a call isn't done in assembly

/// Host functions, a thread's first call, and calls for which the stack is too short.
bulkhead_trap_kind bulkhead_call_slowly(const bulkhead_function *function, uint64_t *values, bulkhead_trap *trap) {
    bulkhead_thread *thread = &bulkhead_this_thread;
    if (!thread->stack_top && bulkhead_thread_prepare(thread)) return bulkhead_call(function, values, trap);
    // A guest that calls the host that calls the guest ... would otherwise run through the host's stack.
    if (!thread->stack_top || function->code || (uintptr_t)__builtin_frame_address(0) < thread->host_limit) {
        report(trap, BULKHEAD_TRAP_STACK_EXHAUSTED);
        return trap->kind;
    }
    bulkhead_trap_kind kind = call_host(function, 0, values);
    if (kind != BULKHEAD_TRAP_NONE) report(trap, kind);
    return kind;
}

/// For a function whose memory has a key, and for kernels that set the segment register by a system call.
void bulkhead_prepare_machine(const bulkhead_function *function) {
    if (function->segment) bulkhead_segment_require(function->segment);
    if (function->pkru) bulkhead_keys_restrict(function->pkru);
}

void bulkhead_open_machine(void) { bulkhead_open_memories(); }

void bulkhead_segment_set(uint8_t *base) { bulkhead_segment_require(base); }

/// Ends an activation by a trap.
bulkhead_trap_kind bulkhead_end(bulkhead_activation *activation, bulkhead_trap_kind kind) {
    // A signal handler's return has brought back the register of sandboxed code.
    bulkhead_open_memories();
    bulkhead_this_thread.current = activation->previous;
    activation->trap->kind = kind;
    return kind;
}

/// Ends an activation before it has begun.
bulkhead_trap_kind bulkhead_refuse(bulkhead_activation *activation) {
    report(activation->trap, BULKHEAD_TRAP_INTERRUPTED);
    return bulkhead_end(activation, BULKHEAD_TRAP_INTERRUPTED);
}

// MARK: - What generated code calls, on the sandbox's stack

/// Everything that sandboxed code asks of the host runs on the host's stack, which no recursion of the guest has used up.
static uint64_t on_host_stack(
    uint64_t (*work)(void *a, uint64_t b, uint64_t c), const void *a, uint64_t b, uint64_t c) {
    return bulkhead_leave(work, (void *)a, b, c, bulkhead_this_thread.current);
}

/// Ends the innermost call, from the host's stack.
_Noreturn void bulkhead_stop(bulkhead_trap_kind kind) {
    bulkhead_activation *activation = bulkhead_this_thread.current;
    report(activation->trap, kind);
    // An error of the embedder's says itself where it comes from.
    if (kind != BULKHEAD_TRAP_HOST) bulkhead_backtrace(activation->trap);
    bulkhead_unwind(activation, kind);
}

static uint64_t interrupted_work(void *unused, uint64_t b, uint64_t c) {
    (void)unused, (void)b, (void)c;
    bulkhead_stop(BULKHEAD_TRAP_INTERRUPTED);
}

/// Before sandboxed code goes on. A guest that spends its time in host functions would hardly ever be found by the timer's
/// signal in code of its own.
void bulkhead_stop_if_overdue(void) {
    if (bulkhead_is_overdue(&bulkhead_this_thread)) on_host_stack(interrupted_work, 0, 0, 0);
}

static uint64_t host_work(void *function, uint64_t caller, uint64_t values) {
    bulkhead_open_memories();
    bulkhead_trap_kind kind =
        call_host(function, (bulkhead_instance *)(uintptr_t)caller, (uint64_t *)(uintptr_t)values);
    if (kind != BULKHEAD_TRAP_NONE) bulkhead_stop(kind);
    return 0;
}

/// Functions of other instances, and everything where there are protection keys.
void bulkhead_call_import_slowly(const bulkhead_function *function, bulkhead_instance *caller, uint64_t *values) {
    if (function->code) {
        bulkhead_prepare_machine(function);
        function->thunk(function->self, function->code, values);
    } else {
        on_host_stack(host_work, function, (uintptr_t)caller, (uintptr_t)values);
    }
    bulkhead_stop_if_overdue();
    // The callee, or whatever the host called meanwhile, may have left another instance's memory in the segment, and its key open.
    if (caller->segment) bulkhead_segment_require(caller->segment);
    if (caller->pkru) bulkhead_keys_restrict(caller->pkru);
}

static uint64_t memory_grow_work(void *memory, uint64_t delta, uint64_t unused) {
    (void)unused;
    return bulkhead_memory_extend(memory, delta);
}

static uint64_t runtime_memory_grow(bulkhead_memory *memory, uint64_t delta) {
    uint64_t old = on_host_stack(memory_grow_work, memory, delta, 0);
    bulkhead_stop_if_overdue();
    return old;
}

static uint64_t table_grow_work(void *table, uint64_t value, uint64_t delta) {
    return bulkhead_table_extend(table, (void *)(uintptr_t)value, (uint32_t)delta);
}

static uint32_t runtime_table_grow(bulkhead_table *table, void *value, uint32_t delta) {
    uint64_t old = on_host_stack(table_grow_work, table, (uintptr_t)value, delta);
    bulkhead_stop_if_overdue();
    return (uint32_t)old;
}

const bulkhead_runtime bulkhead_runtime_table = {
    .call = bulkhead_call_import,
    .memory_grow = runtime_memory_grow,
    .table_grow = runtime_table_grow,
};

// MARK: - What the assembly knows

#define CHECK(TYPE, FIELD, OFFSET) _Static_assert(offsetof(TYPE, FIELD) == (OFFSET), "layout.h is wrong about " #FIELD)
CHECK(bulkhead_function, code, FUNCTION_CODE);
CHECK(bulkhead_function, thunk, FUNCTION_THUNK);
CHECK(bulkhead_function, host, FUNCTION_HOST);
CHECK(bulkhead_function, self, FUNCTION_SELF);
CHECK(bulkhead_function, segment, FUNCTION_SEGMENT);
CHECK(bulkhead_function, instance, FUNCTION_INSTANCE);
CHECK(bulkhead_function, pkru, FUNCTION_PKRU);
CHECK(bulkhead_instance, segment, INSTANCE_SEGMENT);
CHECK(bulkhead_instance, stack_limit, INSTANCE_STACK_LIMIT);
CHECK(bulkhead_thread, current, THREAD_CURRENT);
CHECK(bulkhead_thread, stack_low, THREAD_STACK_LOW);
CHECK(bulkhead_thread, stack_top, THREAD_STACK_TOP);
CHECK(bulkhead_thread, host_limit, THREAD_HOST_LIMIT);
CHECK(bulkhead_thread, is_overdue, THREAD_IS_OVERDUE);
CHECK(bulkhead_activation, sandbox_sp, ACTIVATION_SANDBOX_SP);
CHECK(bulkhead_activation, previous, ACTIVATION_PREVIOUS);
CHECK(bulkhead_activation, values, ACTIVATION_VALUES);
_Static_assert(sizeof(bulkhead_activation) == ACTIVATION_SIZE, "layout.h is wrong about activations");
