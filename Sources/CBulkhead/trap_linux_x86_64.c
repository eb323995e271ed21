// Faults of sandboxed code become traps; all others go on to whoever handled them before. Where a signal may stop sandboxed
// code that did nothing wrong.

#if defined(__x86_64__) && defined(__linux__)

#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <ucontext.h>

#include "internal.h"
#include "segment.h"

bool bulkhead_fsgsbase;

bool bulkhead_has_segments(void) { return true; }
bool bulkhead_has_fsgsbase(void) { return (getauxval(AT_HWCAP2) & 2) != 0; }

static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE};
#define SIGNAL_COUNT (sizeof signals / sizeof *signals)
static struct sigaction previous[SIGNAL_COUNT];

static struct sigaction *previous_of(int signal) {
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        if (signals[i] == signal) return &previous[i];
    }
    return 0;
}

/// What would have happened without this file.
static void pass_on(int signal, siginfo_t *info, void *context) {
    struct sigaction *action = previous_of(signal);
    if (!action) return;
    bool was_sent = info->si_code <= 0;
    if (action->sa_flags & SA_SIGINFO) {
        action->sa_sigaction(signal, info, context);
    } else if (action->sa_handler == SIG_IGN && was_sent) {
        // A fault can't be ignored, a signal can.
    } else if (action->sa_handler == SIG_DFL || action->sa_handler == SIG_IGN) {
        struct sigaction standard = {.sa_handler = SIG_DFL};
        sigaction(signal, &standard, 0);
        // The instruction faults again by itself; a signal that was sent must be sent again. It waits until we return.
        if (was_sent) raise(signal);
    } else {
        action->sa_handler(signal);
    }
}

/// Finds the linear memory that sandboxed code, of that artifact, meant when it touched `address`, and where in it that is. False if it is
/// none of ours.
///
/// In a slab each address is in reach of several slots. Code that uses the segment register tells by it; other code belongs to the
/// instance that was called, unless it went on from there to an instance with a memory of its own. No memory is looked at: a signal
/// handler has all keys but 0 closed.
static bool find_memory(uintptr_t address, const bulkhead_artifact *artifact, const bulkhead_thread *thread, uint64_t *offset) {
    const bulkhead_range *range = bulkhead_ranges_find(&bulkhead_memory_ranges, address);
    uintptr_t base = 0;
    if (range) {
        base = atomic_load(&range->start);
    } else if (bulkhead_ranges_find(&bulkhead_slab_ranges, address)) {
        base = artifact->mode == BULKHEAD_MODE_SEGMENT ? (uintptr_t)bulkhead_segment_get()
                                                       : (uintptr_t)thread->current->function->instance->base;
    }
    if (!base || address < base || address - base >= BULKHEAD_DEFAULT_REACH) return false;
    *offset = address - base;
    return true;
}

/// The trap that this fault is, or BULKHEAD_TRAP_NONE when it isn't one of ours.
static bulkhead_trap_kind classify(
    int signal, const siginfo_t *info, const greg_t *registers, const bulkhead_thread *thread, bulkhead_trap *trap) {
    uintptr_t stack_pointer = (uintptr_t)registers[REG_RSP];
    uintptr_t instruction = (uintptr_t)registers[REG_RIP];
    uintptr_t address = (uintptr_t)info->si_addr;
    // Sandboxed code runs on the sandbox's stack; so do the leaf functions of libc that it calls, but host code never does.
    if (stack_pointer < (uintptr_t)thread->stack_guard || stack_pointer > (uintptr_t)thread->stack_top)
        return BULKHEAD_TRAP_NONE;
    if ((signal == SIGSEGV || signal == SIGBUS) && address >= (uintptr_t)thread->stack_guard &&
        address < (uintptr_t)thread->stack_low)
        return BULKHEAD_TRAP_STACK_EXHAUSTED;
    const bulkhead_range *code_range = bulkhead_ranges_find(&bulkhead_code_ranges, instruction);
    if (!code_range) return BULKHEAD_TRAP_NONE;
    switch (signal) {
    case SIGSEGV:
    case SIGBUS: {
        if (!find_memory(address, atomic_load(&code_range->owner), thread, &trap->offset)) return BULKHEAD_TRAP_NONE;
        trap->has_offset = true;
        return BULKHEAD_TRAP_MEMORY_OUT_OF_BOUNDS;
    }
    case SIGILL: {
        // `trap` in the prelude: ud2 with the kind in eax.
        const uint8_t *code = (const uint8_t *)instruction;
        if (code[0] != 0x0F || code[1] != 0x0B) return BULKHEAD_TRAP_NONE;
        uint32_t kind = (uint32_t)registers[REG_RAX];
        return kind > BULKHEAD_TRAP_NONE && kind < BULKHEAD_TRAP_HOST ? (bulkhead_trap_kind)kind
                                                                      : BULKHEAD_TRAP_UNREACHABLE;
    }
    case SIGFPE: return BULKHEAD_TRAP_INTEGER_DIVIDE_BY_ZERO;
    default: return BULKHEAD_TRAP_NONE;
    }
}

/// Makes the activation end with the trap when the signal handler returns.
static void end_activation(greg_t *registers, const bulkhead_activation *activation, bulkhead_trap_kind kind) {
    activation->trap->kind = kind;
    bulkhead_backtrace(activation->trap);
    registers[REG_RIP] = (greg_t)(uintptr_t)bulkhead_unwind;
    registers[REG_RSP] = (greg_t)(uintptr_t)activation;
    registers[REG_RDI] = (greg_t)(uintptr_t)activation;
    registers[REG_RSI] = (greg_t)kind;
}

static void handle(int signal, siginfo_t *info, void *opaque) {
    int saved_errno = errno;
    ucontext_t *context = opaque;
    greg_t *registers = context->uc_mcontext.gregs;
    bulkhead_thread *thread = &bulkhead_this_thread;
    bulkhead_activation *activation = thread->current;
    // A fault has a positive si_code; a signal that someone sent has not, and is never a trap.
    if (activation && info->si_code > 0) {
        bulkhead_trap *trap = activation->trap;
        trap->has_offset = false;
        bulkhead_trap_kind kind = classify(signal, info, registers, thread, trap);
        if (kind != BULKHEAD_TRAP_NONE) {
            end_activation(registers, activation, kind);
            errno = saved_errno;
            return;
        }
    }
    errno = saved_errno;
    pass_on(signal, info, opaque);
}

// MARK: - Interruption

/// Whether the instruction copies or fills strings. With a repeat prefix those are the only instructions that a signal finds
/// half done, between any two bytes.
static bool is_string_instruction(uintptr_t instruction, const bulkhead_range *range) {
    uintptr_t end = atomic_load(&range->end);
    for (; instruction < end; instruction++) {
        switch (*(const uint8_t *)instruction) {
        case 0xF2: case 0xF3: case 0x66: case 0x67: case 0x26: case 0x2E: case 0x36: case 0x3E: case 0x64: case 0x65:
        case 0x40: case 0x41: case 0x42: case 0x43: case 0x44: case 0x45: case 0x46: case 0x47:
        case 0x48: case 0x49: case 0x4A: case 0x4B: case 0x4C: case 0x4D: case 0x4E: case 0x4F:
            continue;
        case 0xA4: case 0xA5: case 0xAA: case 0xAB: return true;
        default: return false;
        }
    }
    return false;
}

/// Whether the address is in the linear memory of a slot.
static bool is_in_slot(uintptr_t address) {
    const bulkhead_range *range = bulkhead_ranges_find(&bulkhead_slab_ranges, address);
    return range && bulkhead_slab_holds_memory(atomic_load(&range->owner), address);
}

/// Whether nothing but the sandbox's own data is lost if execution ends here.
///
/// That is so at each instruction of sandboxed code, with one exception: tables and globals hold pointers, and none may be left
/// half written. A store writes a pointer whole; `rep movsb`, and the C library's functions that are made of it, don't. So
/// those are stopped only while they write to a linear memory or the sandbox's stack, which hold nothing that anyone
/// believes. All of them keep their destination in rdi.
static bool can_stop(const greg_t *registers, const bulkhead_thread *thread) {
    uintptr_t stack_pointer = (uintptr_t)registers[REG_RSP];
    uintptr_t instruction = (uintptr_t)registers[REG_RIP];
    uintptr_t destination = (uintptr_t)registers[REG_RDI];
    uintptr_t low = (uintptr_t)thread->stack_low, top = (uintptr_t)thread->stack_top;
    if (stack_pointer < (uintptr_t)thread->stack_guard || stack_pointer > top) return false;
    bool writes_bytes = (destination >= low && destination < top) ||
                        bulkhead_ranges_find(&bulkhead_memory_ranges, destination) || is_in_slot(destination);
    const bulkhead_range *code = bulkhead_ranges_find(&bulkhead_code_ranges, instruction);
    if (code) return writes_bytes || !is_string_instruction(instruction, code);
    // Called by sandboxed code, directly: memset and its like, which hold nothing. The word on the stack could be left from
    // another call, under someone who does: a signal handler of the host's that has no stack of its own, or the dynamic
    // linker at the first call of a function. The unwinder knows. It is asked last, for it takes microseconds.
    if (!writes_bytes || stack_pointer < low || stack_pointer > top - sizeof(void *)) return false;
    uintptr_t return_address = *(const uintptr_t *)stack_pointer;
    return bulkhead_ranges_find(&bulkhead_code_ranges, return_address - 1) &&
           bulkhead_is_bare_callee(instruction, stack_pointer);
}

bool bulkhead_interrupt(bulkhead_thread *thread, void *opaque) {
    greg_t *registers = ((ucontext_t *)opaque)->uc_mcontext.gregs;
    bulkhead_activation *activation = thread->current;
    if (!activation || !can_stop(registers, thread)) return false;
    activation->trap->has_offset = false;
    end_activation(registers, activation, BULKHEAD_TRAP_INTERRUPTED);
    return true;
}

// MARK: - Installation

static pthread_once_t install_once = PTHREAD_ONCE_INIT;
static int install_error;

static void install(void) {
    bulkhead_fsgsbase = bulkhead_has_fsgsbase();
    struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        if (sigaction(signals[i], &action, &previous[i]) != 0) install_error = errno;
    }
}

bool bulkhead_traps_install(bulkhead_error *error) {
    pthread_once(&install_once, install);
    if (install_error)
        return bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "cannot install fault handlers: %s", strerror(install_error));
    return true;
}

#endif
