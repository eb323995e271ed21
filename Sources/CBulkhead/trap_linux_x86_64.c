// Faults of sandboxed code become traps; all others go on to whoever handled them before.

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
    if (!bulkhead_ranges_find(&bulkhead_code_ranges, instruction)) return BULKHEAD_TRAP_NONE;
    switch (signal) {
    case SIGSEGV:
    case SIGBUS: {
        const bulkhead_range *range = bulkhead_ranges_find(&bulkhead_memory_ranges, address);
        if (!range) return BULKHEAD_TRAP_NONE;
        trap->has_offset = true;
        trap->offset = address - atomic_load(&range->start);
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
            trap->kind = kind;
            bulkhead_backtrace(trap);
            registers[REG_RIP] = (greg_t)(uintptr_t)bulkhead_unwind;
            registers[REG_RSP] = (greg_t)activation->host_sp;
            registers[REG_RDI] = (greg_t)activation->host_sp;
            registers[REG_RSI] = (greg_t)kind;
            errno = saved_errno;
            return;
        }
    }
    errno = saved_errno;
    pass_on(signal, info, opaque);
}

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
