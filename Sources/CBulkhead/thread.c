// What each thread that enters a sandbox needs: a guarded stack for sandboxed code, an alternate stack for the fault
// handler (only the main thread of a Swift program has one), and the bounds of its own stack.

#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

_Thread_local bulkhead_thread bulkhead_this_thread = {.host_limit = UINTPTR_MAX};

/// Sandboxed code is compiled to touch every page of a frame in turn, so one page would do; sixteen cost nothing.
#define STACK_GUARD ((size_t)64 * 1024)
/// Room for a signal frame with every vector register, and for the unwinder.
#define SIGNAL_STACK ((size_t)128 * 1024)
/// What a host function may need of the host's stack, at the least.
#define HOST_RESERVE ((size_t)256 * 1024)

static _Atomic size_t stack_size = (size_t)8 * 1024 * 1024;

void bulkhead_set_stack_size(size_t bytes) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (bytes < 16 * page) bytes = 16 * page;
    if (bytes > (size_t)1 << 32) bytes = (size_t)1 << 32;
    atomic_store(&stack_size, (bytes + page - 1) / page * page);
}

static pthread_key_t exit_key;
static pthread_once_t exit_once = PTHREAD_ONCE_INIT;

static void thread_exit(void *argument) {
    bulkhead_thread *thread = argument;
    bulkhead_deadline_thread_exit(thread);
    if (thread->signal_stack) {
        stack_t current;
        if (sigaltstack(0, &current) == 0 && current.ss_sp == thread->signal_stack) {
            stack_t none = {.ss_flags = SS_DISABLE};
            sigaltstack(&none, 0);
        }
        munmap(thread->signal_stack, thread->signal_stack_size);
    }
    if (thread->stack_guard) munmap(thread->stack_guard, (size_t)(thread->stack_top - thread->stack_guard));
    *thread = (bulkhead_thread){.host_limit = UINTPTR_MAX};
}

static void make_exit_key(void) { pthread_key_create(&exit_key, thread_exit); }

static bool measure_host_stack(uintptr_t *limit) {
    pthread_attr_t attributes;
    void *low;
    size_t size;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return false;
    bool known = pthread_attr_getstack(&attributes, &low, &size) == 0;
    pthread_attr_destroy(&attributes);
    if (!known) return false;
    size_t reserve = size / 4 < HOST_RESERVE ? size / 4 : HOST_RESERVE;
    *limit = (uintptr_t)low + reserve;
    return true;
}

static bool prepare_signal_stack(bulkhead_thread *thread) {
    stack_t current;
    if (sigaltstack(0, &current) != 0) return false;
    if (!(current.ss_flags & SS_DISABLE) && current.ss_size >= SIGNAL_STACK) return true;
    void *stack = mmap(0, SIGNAL_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (stack == MAP_FAILED) return false;
    stack_t ours = {.ss_sp = stack, .ss_size = SIGNAL_STACK};
    if (sigaltstack(&ours, 0) != 0) {
        munmap(stack, SIGNAL_STACK);
        return false;
    }
    thread->signal_stack = stack;
    thread->signal_stack_size = SIGNAL_STACK;
    return true;
}

bool bulkhead_thread_prepare(bulkhead_thread *thread) {
    pthread_once(&exit_once, make_exit_key);
    if (pthread_setspecific(exit_key, thread) != 0) return false;
    uintptr_t host_limit;
    if (!measure_host_stack(&host_limit)) return false;
    if (!thread->signal_stack && !prepare_signal_stack(thread)) return false;
    size_t size = atomic_load(&stack_size);
    uint8_t *mapping = mmap(0, STACK_GUARD + size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapping == MAP_FAILED) return false;
    if (mprotect(mapping + STACK_GUARD, size, PROT_READ | PROT_WRITE) != 0) {
        munmap(mapping, STACK_GUARD + size);
        return false;
    }
    thread->stack_guard = mapping;
    thread->stack_low = mapping + STACK_GUARD;
    thread->stack_top = mapping + STACK_GUARD + size;
    thread->host_limit = host_limit;
    return true;
}
