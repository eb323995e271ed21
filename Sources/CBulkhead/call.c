// Host to sandbox, sandbox to host, sandbox to sandbox.

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

bulkhead_trap_kind bulkhead_call(const bulkhead_function *function, uint64_t *values, bulkhead_trap *trap) {
    bulkhead_thread *thread = &bulkhead_this_thread;
    if (__builtin_expect(!thread->stack_top, 0) && !bulkhead_thread_prepare(thread)) {
        report(trap, BULKHEAD_TRAP_STACK_EXHAUSTED);
        return trap->kind;
    }
    // A guest that calls the host that calls the guest ... would otherwise run through the host's stack.
    if (__builtin_expect((uint8_t *)__builtin_frame_address(0) < thread->host_limit, 0)) {
        report(trap, BULKHEAD_TRAP_STACK_EXHAUSTED);
        return trap->kind;
    }
    if (__builtin_expect(!function->code, 0)) {
        bulkhead_trap_kind kind = call_host(function, 0, values);
        if (kind != BULKHEAD_TRAP_NONE) report(trap, kind);
        return kind;
    }
    bulkhead_activation activation;
    activation.previous = thread->current;
    activation.trap = trap;
    activation.instance = function->instance;
    uint64_t sandbox_sp =
        activation.previous ? activation.previous->sandbox_sp : (uint64_t)(uintptr_t)thread->stack_top;
    uint64_t highest_sp = (uint64_t)(uintptr_t)thread->stack_low + function->instance->stack_limit;
    if (__builtin_expect(sandbox_sp > highest_sp, 0)) {
        // A branch, not a conditional move: the stack pointer isn't to wait for the limit to be loaded.
        __asm__("" : "+r"(highest_sp));
        sandbox_sp = highest_sp;
    }
    thread->current = &activation;
    // After `current` is set: a signal before this finds its mark here, and one after it keeps the timer going.
    if (bulkhead_is_overdue(thread)) {
        thread->current = activation.previous;
        report(trap, BULKHEAD_TRAP_INTERRUPTED);
        return BULKHEAD_TRAP_INTERRUPTED;
    }
    if (function->segment) bulkhead_segment_require(function->segment);
    if (function->pkru) bulkhead_keys_restrict(function->pkru);
    uint32_t kind = bulkhead_enter(function->thunk, function->self, function->code, values, &activation, sandbox_sp);
    // After returns and traps alike: a signal handler's return has brought back the register of sandboxed code.
    if (function->pkru) bulkhead_open_memories();
    thread->current = activation.previous;
    if (__builtin_expect(kind != BULKHEAD_TRAP_NONE, 0)) trap->kind = (bulkhead_trap_kind)kind;
    return (bulkhead_trap_kind)kind;
}

// MARK: - What generated code calls, on the sandbox's stack

/// Everything that sandboxed code asks of the host runs on the host's stack, which no recursion of the guest has used up.
static uint64_t on_host_stack(
    uint64_t (*work)(void *a, uint64_t b, uint64_t c), const void *a, uint64_t b, uint64_t c) {
    return bulkhead_leave(work, (void *)a, b, c, bulkhead_this_thread.current);
}

static uint64_t interrupted_work(void *unused, uint64_t b, uint64_t c) {
    (void)unused, (void)b, (void)c;
    bulkhead_trap *trap = bulkhead_this_thread.current->trap;
    report(trap, BULKHEAD_TRAP_INTERRUPTED);
    bulkhead_backtrace(trap);
    return 0;
}

/// Before sandboxed code goes on. A guest that spends its time in host functions would hardly ever be found by the timer's
/// signal in code of its own.
static void stop_if_overdue(void) {
    if (!bulkhead_is_overdue(&bulkhead_this_thread)) return;
    on_host_stack(interrupted_work, 0, 0, 0);
    bulkhead_unwind(bulkhead_this_thread.current->host_sp, BULKHEAD_TRAP_INTERRUPTED);
}

static uint64_t host_work(void *function, uint64_t caller, uint64_t values) {
    bulkhead_open_memories();
    bulkhead_trap *trap = bulkhead_this_thread.current->trap;
    bulkhead_trap_kind kind =
        call_host(function, (bulkhead_instance *)(uintptr_t)caller, (uint64_t *)(uintptr_t)values);
    if (kind != BULKHEAD_TRAP_NONE) {
        report(trap, kind);
        // An error of the embedder's says itself where it comes from.
        if (kind != BULKHEAD_TRAP_HOST) bulkhead_backtrace(trap);
    }
    return kind;
}

static void runtime_call(const bulkhead_function *function, bulkhead_instance *caller, uint64_t *values) {
    if (function->code) {
        if (function->segment) bulkhead_segment_require(function->segment);
        if (function->pkru) bulkhead_keys_restrict(function->pkru);
        function->thunk(function->self, function->code, values);
    } else {
        uint64_t kind = on_host_stack(host_work, function, (uintptr_t)caller, (uintptr_t)values);
        if (kind != BULKHEAD_TRAP_NONE) bulkhead_unwind(bulkhead_this_thread.current->host_sp, kind);
    }
    stop_if_overdue();
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
    stop_if_overdue();
    return old;
}

static uint64_t table_grow_work(void *table, uint64_t value, uint64_t delta) {
    return bulkhead_table_extend(table, (void *)(uintptr_t)value, (uint32_t)delta);
}

static uint32_t runtime_table_grow(bulkhead_table *table, void *value, uint32_t delta) {
    uint64_t old = on_host_stack(table_grow_work, table, (uintptr_t)value, delta);
    stop_if_overdue();
    return (uint32_t)old;
}

const bulkhead_runtime bulkhead_runtime_table = {
    .call = runtime_call,
    .memory_grow = runtime_memory_grow,
    .table_grow = runtime_table_grow,
};
