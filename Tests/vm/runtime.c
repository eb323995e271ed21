// The runtime on whatever kernel and processor this is: calls, nested calls of instances and host in turn, growth, every
// kind of trap, limits of time, memory and stack, and threads. Prints `N passed, M failed`; exits with 1 if any failed.

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "guest.h"

static _Atomic int passed, failed;
/// Interruptions that found sandboxed code running. On a busy machine a short time is up before the call begins.
static _Atomic int found_running;

static void check(bool condition, const char *what) {
    if (condition) {
        passed++;
    } else {
        failed++;
        printf("failed: %s\n", what);
    }
}

/// Two instances that call each other by way of the host.
typedef struct pair {
    guest instances[2];
    bulkhead_trap trap;
} pair;

static bulkhead_trap_kind visit(void *closure, bulkhead_instance *caller, uint64_t *values) {
    pair *both = closure;
    uint32_t depth = (uint32_t)values[0];
    if (depth == 0) {
        values[0] = 0;
        return BULKHEAD_TRAP_NONE;
    }
    // Into the other instance at every second level, into the same one at the others.
    int self = both->instances[1].instance == caller;
    int next = depth % 2 ? 1 - self : self;
    uint32_t result = 0;
    bulkhead_trap_kind kind =
        guest_descend(&both->instances[next], depth - 1, 1000 * (uint32_t)(next + 1) + depth - 1, &result, &both->trap);
    values[0] = result;
    return kind;
}

static bool make(bulkhead_store *store, pair *both) {
    bulkhead_error error = {0};
    bulkhead_external imports[GUEST_IMPORT_COUNT];
    imports[GUEST_IMPORT_HOST_VISIT] = (bulkhead_external){
        .kind = 0, .function = bulkhead_host_function(store, GUEST_SIGNATURE_HOST_VISIT, visit, both, 0, &error)};
    for (int i = 0; i < 2; i++) {
        if (!guest_instantiate(store, imports, &both->instances[i], &both->trap, &error)) {
            printf("cannot instantiate: %s\n", error.message);
            return false;
        }
    }
    return true;
}

static void calls(pair *both) {
    guest *a = &both->instances[0], *b = &both->instances[1];
    bulkhead_trap *trap = &both->trap;
    uint32_t result = 0;
    check(guest_divide(a, 42, 6, &result, trap) == BULKHEAD_TRAP_NONE && result == 7, "42 / 6");
    guest_poke(a, 100, 1, trap);
    guest_poke(b, 100, 2, trap);
    check(guest_peek(a, 100, &result, trap) == BULKHEAD_TRAP_NONE && result == 1, "the first instance's memory");
    check(guest_peek(b, 100, &result, trap) == BULKHEAD_TRAP_NONE && result == 2, "the second instance's memory");
    check(guest_indirect(a, 0, 21, &result, trap) == BULKHEAD_TRAP_NONE && result == 42, "a call through the table");
    for (uint32_t depth = 0; depth < 64; depth++) {
        uint32_t expected = 0;
        int at = 0;
        for (uint32_t d = depth; d > 0; d--) {
            at = d % 2 ? 1 - at : at;
            expected += 1000 * (uint32_t)(at + 1) + d - 1;
        }
        check(guest_descend(a, depth, 0, &result, trap) == BULKHEAD_TRAP_NONE && result == expected, "nested calls");
    }
    check(guest_grow(a, 1, &result, trap) == BULKHEAD_TRAP_NONE && result == 1, "growth");
    check(guest_peek(a, 65536 + 100, &result, trap) == BULKHEAD_TRAP_NONE && result == 0, "new memory is zero");
    check(guest_grow(a, 2, &result, trap) == BULKHEAD_TRAP_NONE && result == UINT32_MAX, "growth past the maximum");
}

static void traps(pair *both) {
    guest *b = &both->instances[1];
    bulkhead_trap *trap = &both->trap;
    uint32_t result = 0;
    check(guest_divide(b, 1, 0, &result, trap) == BULKHEAD_TRAP_INTEGER_DIVIDE_BY_ZERO, "division by zero");
    check(guest_divide(b, 0x80000000u, UINT32_MAX, &result, trap) == BULKHEAD_TRAP_INTEGER_OVERFLOW, "overflow");
    check(guest_stop(b, trap) == BULKHEAD_TRAP_UNREACHABLE, "unreachable");
    check(guest_peek(b, 65536, &result, trap) == BULKHEAD_TRAP_MEMORY_OUT_OF_BOUNDS && trap->has_offset &&
              trap->offset == 65536,
          "a load past the end, at its offset");
    check(guest_poke(b, UINT32_MAX, 1, trap) == BULKHEAD_TRAP_MEMORY_OUT_OF_BOUNDS, "a store at the last address");
    check(guest_indirect(b, 1, 0, &result, trap) == BULKHEAD_TRAP_UNINITIALIZED_ELEMENT, "a null element");
    check(guest_indirect(b, 2, 0, &result, trap) == BULKHEAD_TRAP_UNDEFINED_ELEMENT, "an element past the end");
    check(guest_recurse(b, 0, &result, trap) == BULKHEAD_TRAP_STACK_EXHAUSTED, "endless recursion");
    check(guest_peek(b, 0, &result, trap) == BULKHEAD_TRAP_NONE, "the instance goes on");
}

/// Calls the function, and returns how many registers that a callee must preserve haven't kept their values.
uint64_t registers_lost(const bulkhead_function *function, uint64_t *values, bulkhead_trap *trap);

__asm__(".text\n"
        "registers_lost:\n"
        "        pushq   %rbx\n"
        "        pushq   %r12\n"
        "        pushq   %r13\n"
        "        pushq   %r14\n"
        "        pushq   %r15\n"
        "        movq    $101, %rbx\n"
        "        movq    $112, %r12\n"
        "        movq    $113, %r13\n"
        "        movq    $114, %r14\n"
        "        movq    $115, %r15\n"
        "        callq   bulkhead_call\n"
        "        xorl    %eax, %eax\n"
        "        cmpq    $101, %rbx\n"
        "        setne   %cl\n"
        "        addb    %cl, %al\n"
        "        cmpq    $112, %r12\n"
        "        setne   %cl\n"
        "        addb    %cl, %al\n"
        "        cmpq    $113, %r13\n"
        "        setne   %cl\n"
        "        addb    %cl, %al\n"
        "        cmpq    $114, %r14\n"
        "        setne   %cl\n"
        "        addb    %cl, %al\n"
        "        cmpq    $115, %r15\n"
        "        setne   %cl\n"
        "        addb    %cl, %al\n"
        "        popq    %r15\n"
        "        popq    %r14\n"
        "        popq    %r13\n"
        "        popq    %r12\n"
        "        popq    %rbx\n"
        "        retq\n");

/// However a call ends. Some of the functions have more values than there are registers.
static void registers(pair *both) {
    static const struct {
        const char *name;
        uint64_t argument;
    } functions[] = {{"busy", 3}, {"descend", 20}, {"peek", 100},    {"peek", 1 << 20},
                     {"divide", 1}, {"stop", 0},   {"recurse", 0}, {"busy_and_stop", 3}};
    bulkhead_trap *trap = &both->trap;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        bulkhead_external found = bulkhead_instance_find(both->instances[0].instance, functions[i].name);
        uint64_t values[2] = {functions[i].argument, 0};
        check(found.kind == 0, "an export");
        check(registers_lost(found.function, values, trap) == 0, "registers are preserved");
        bulkhead_deadline deadline;
        bulkhead_error error;
        check(bulkhead_deadline_begin(&deadline, 0, &error), "a deadline");
        values[0] = functions[i].argument;
        check(registers_lost(found.function, values, trap) == 0, "registers are preserved when time is up");
        bulkhead_deadline_end(&deadline);
    }
}

static void limits(pair *both) {
    guest *b = &both->instances[1];
    bulkhead_trap *trap = &both->trap;
    uint32_t result = 0;
    bulkhead_memory_set_limit(b->memory, 2 * 65536);
    check(guest_grow(b, 2, &result, trap) == BULKHEAD_TRAP_NONE && result == UINT32_MAX, "growth past the limit");
    check(guest_grow(b, 1, &result, trap) == BULKHEAD_TRAP_NONE && result == 1, "growth up to the limit");
    bulkhead_instance_set_stack_limit(b->instance, 64 * 1024);
    check(guest_recurse(b, 0, &result, trap) == BULKHEAD_TRAP_STACK_EXHAUSTED, "recursion on a short stack");
    check(guest_divide(b, 42, 6, &result, trap) == BULKHEAD_TRAP_NONE && result == 7, "a call on a short stack");
    bulkhead_instance_set_stack_limit(b->instance, BULKHEAD_UNLIMITED);
}

static void deadlines(pair *both, uint64_t nanoseconds) {
    guest *a = &both->instances[0];
    bulkhead_trap *trap = &both->trap;
    bulkhead_deadline outer, inner;
    bulkhead_error error;
    uint32_t result = 0;
    check(bulkhead_deadline_begin(&outer, UINT64_MAX, &error), "a deadline far away");
    for (int loop = 0; loop < 4; loop++) {
        check(bulkhead_deadline_begin(&inner, nanoseconds, &error), "a deadline");
        bulkhead_trap_kind kind = loop == 0   ? guest_spin(a, 0, &result, trap)
                                  : loop == 1 ? guest_fill(a, trap)
                                  : loop == 2 ? guest_visits(a, &result, trap)
                                              : guest_tables(a, trap);
        check(kind == BULKHEAD_TRAP_INTERRUPTED && trap->kind == kind, "a loop is interrupted");
        found_running += trap->frame_count > 0;
        check(guest_peek(a, 0, &result, trap) == BULKHEAD_TRAP_INTERRUPTED && trap->frame_count == 0,
              "a call when time is up");
        bulkhead_deadline_end(&inner);
        check(guest_divide(a, 42, 6, &result, trap) == BULKHEAD_TRAP_NONE && result == 7, "a call after an interruption");
    }
    bulkhead_deadline_end(&outer);
}

static volatile sig_atomic_t urgent, entered, left;

static void on_urgent(int signal) {
    (void)signal;
    urgent++;
}

/// With the stack pointer at a word that nobody has written, for each of two alignments.
#define ON_OLD_WORDS(name, size)                                                                 \
    __attribute__((noinline)) static void name(void) {                                           \
        char bytes[size];                                                                        \
        for (int i = 0; i < 50000; i++) __asm__ volatile("" : : "D"(bytes), "r"(i) : "memory"); \
    }
ON_OLD_WORDS(on_old_words, 512)
ON_OLD_WORDS(on_other_old_words, 520)

/// Runs on the sandbox's stack, over what sandboxed code has left there, and must not be stopped.
static void on_alarm(int signal) {
    (void)signal;
    entered++;
    on_old_words();
    on_other_old_words();
    left++;
}

/// The host has handlers of its own: for the signal that the runtime uses, and one without a stack of its own.
static void signals_of_the_host(pair *both) {
    struct sigaction alarms = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    struct itimerval often = {.it_interval.tv_usec = 300, .it_value.tv_usec = 300}, never = {0};
    uint32_t result;
    sigaction(SIGALRM, &alarms, 0);
    for (int round = 0; round < 100; round++) {
        // Leaves return addresses all over the stack.
        guest_recurse(&both->instances[0], 0, &result, &both->trap);
        setitimer(ITIMER_REAL, &often, 0);
        deadlines(both, 200000 + 3001 * (uint64_t)round);
        setitimer(ITIMER_REAL, &never, 0);
    }
    check(entered > 100 && entered == left, "the host's handler is never stopped");
    int before = urgent;
    raise(SIGURG);
    check(before == 0 && urgent == 1, "another's signal goes to the host's handler");
}

static void *work(void *unused) {
    (void)unused;
    for (int round = 0; round < 20; round++) {
        bulkhead_error error = {0};
        bulkhead_store *store = bulkhead_store_new(&error);
        pair both;
        if (!store || !make(store, &both)) {
            check(false, "a store and two instances");
            return 0;
        }
        calls(&both);
        traps(&both);
        registers(&both);
        limits(&both);
        deadlines(&both, 1000000);
        bulkhead_store_free(store);
    }
    return 0;
}

int main(void) {
    printf("FSGSBASE: %s\n", bulkhead_has_fsgsbase() ? "yes" : "no, switching by arch_prctl");
    pthread_t threads[4];
    struct sigaction urgents = {.sa_handler = on_urgent, .sa_flags = SA_RESTART};
    sigaction(SIGURG, &urgents, 0);
    bulkhead_error error = {0};
    bulkhead_store *store = bulkhead_store_new(&error);
    pair both;
    if (store && make(store, &both)) signals_of_the_host(&both);
    bulkhead_store_free(store);
    work(0);
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], 0, work, 0);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], 0);
    check(found_running > 200, "interruptions find sandboxed code running");
    printf("%d passed, %d failed\n", (int)passed, (int)failed);
    return failed != 0;
}
