// Traps: names, and the walk over a sandbox's stack.

#include <unwind.h>

#include "internal.h"

const char *bulkhead_trap_message(bulkhead_trap_kind kind) {
    switch (kind) {
    case BULKHEAD_TRAP_NONE: return "no trap";
    case BULKHEAD_TRAP_UNREACHABLE: return "unreachable";
    case BULKHEAD_TRAP_INTEGER_DIVIDE_BY_ZERO: return "integer divide by zero";
    case BULKHEAD_TRAP_INTEGER_OVERFLOW: return "integer overflow";
    case BULKHEAD_TRAP_INVALID_CONVERSION: return "invalid conversion to integer";
    case BULKHEAD_TRAP_MEMORY_OUT_OF_BOUNDS: return "out of bounds memory access";
    case BULKHEAD_TRAP_TABLE_OUT_OF_BOUNDS: return "out of bounds table access";
    case BULKHEAD_TRAP_UNDEFINED_ELEMENT: return "undefined element";
    case BULKHEAD_TRAP_UNINITIALIZED_ELEMENT: return "uninitialized element";
    case BULKHEAD_TRAP_INDIRECT_CALL_TYPE: return "indirect call type mismatch";
    case BULKHEAD_TRAP_STACK_EXHAUSTED: return "call stack exhausted";
    case BULKHEAD_TRAP_HOST: return "host function ended the call";
    case BULKHEAD_TRAP_INTERRUPTED: return "interrupted";
    }
    return "unknown trap";
}

static _Unwind_Reason_Code visit(struct _Unwind_Context *context, void *argument) {
    bulkhead_trap *trap = argument;
    int before_instruction = 0;
    uintptr_t address = _Unwind_GetIPInfo(context, &before_instruction);
    // A return address may be the first byte after the function that called.
    uintptr_t instruction = before_instruction ? address : address - 1;
    if (bulkhead_ranges_find(&bulkhead_code_ranges, instruction)) {
        trap->frames[trap->frame_count++] = (void *)instruction;
        if (trap->frame_count == BULKHEAD_TRAP_FRAMES) return _URC_END_OF_STACK;
    }
    return _URC_NO_REASON;
}

void bulkhead_backtrace(bulkhead_trap *trap) {
    trap->frame_count = 0;
    _Unwind_Backtrace(visit, trap);
}

typedef struct leaf_search {
    uintptr_t instruction;
    uintptr_t stack_pointer;
    bool is_next;
    bool found;
} leaf_search;

static _Unwind_Reason_Code visit_leaf(struct _Unwind_Context *context, void *argument) {
    leaf_search *search = argument;
    uintptr_t address = _Unwind_GetIP(context);
    if (search->is_next) {
        // Here the "canonical frame address" is where the stack pointer stands once the callee has returned.
        search->found = _Unwind_GetCFA(context) == search->stack_pointer + sizeof(void *) &&
                        bulkhead_ranges_find(&bulkhead_code_ranges, address - 1);
        return _URC_END_OF_STACK;
    }
    search->is_next = address == search->instruction;
    return _URC_NO_REASON;
}

bool bulkhead_is_bare_callee(uintptr_t instruction, uintptr_t stack_pointer) {
    leaf_search search = {.instruction = instruction, .stack_pointer = stack_pointer};
    _Unwind_Backtrace(visit_leaf, &search);
    return search.found;
}
