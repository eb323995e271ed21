// Slots of a slab against each other, with memory protection keys and without. Ends with `N passed, M failed`.

#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bulkhead.h"
#include "reach.h"

#define KIB ((uint64_t)1024)
#define REACH ((uint64_t)0x100000000 + 0x80001000)
#define FRONT (64 * KIB)
#define MEMORY (8 * BULKHEAD_PAGE_SIZE)
#define SLOTS 40

static _Atomic int passed, failed;

static bool check(bool condition, const char *what) {
    if (condition) {
        passed++;
    } else {
        failed++;
        printf("FAILED: %s\n", what);
    }
    return condition;
}

// MARK: - System calls that fail

/// Of the calls to come on this thread, the first that fails; 0 for none. Linked with --wrap.
static _Thread_local int fails_in;
static _Thread_local int calls;

static bool must_fail(void) {
    calls++;
    if (fails_in == 0 || --fails_in > 0) return false;
    errno = ENOMEM;
    return true;
}

void *__real_mmap(void *, size_t, int, int, int, off_t);
void *__wrap_mmap(void *start, size_t size, int protection, int flags, int file, off_t offset) {
    return must_fail() ? MAP_FAILED : __real_mmap(start, size, protection, flags, file, offset);
}
int __real_mprotect(void *, size_t, int);
int __wrap_mprotect(void *start, size_t size, int protection) {
    return must_fail() ? -1 : __real_mprotect(start, size, protection);
}
int __real_madvise(void *, size_t, int);
int __wrap_madvise(void *start, size_t size, int advice) {
    return must_fail() ? -1 : __real_madvise(start, size, advice);
}
int __real_ioctl(int, unsigned long, void *);
int __wrap_ioctl(int file, unsigned long request, void *argument) {
    // Nothing is lost where this one fails. While others are to fail it does, so that those are called which take its place.
    return fails_in > 0 ? -1 : __real_ioctl(file, request, argument);
}
long __real_syscall(long, ...);
long __wrap_syscall(long number, ...) {
    va_list list;
    va_start(list, number);
    long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long), d = va_arg(list, long);
    va_end(list);
    bool is_keys = number == SYS_pkey_mprotect || number == SYS_pkey_alloc;
    return is_keys && must_fail() ? -1 : __real_syscall(number, a, b, c, d);
}

// MARK: - Tenants

typedef struct tenant {
    bulkhead_slab *slab;
    uint64_t slot;
    bulkhead_store *store;
    bulkhead_instance *instance;
    uint8_t *base;
} tenant;

static bulkhead_image *image;
/// What `visit` calls, if anything.
static _Thread_local tenant *visited;
static _Thread_local bool leaves;

static bulkhead_trap_kind call2(const tenant *tenant, const char *name, uint64_t *values) {
    bulkhead_trap trap;
    bulkhead_external function = bulkhead_instance_find(tenant->instance, name);
    return bulkhead_call(function.function, values, &trap);
}

static uint64_t call(const tenant *tenant, const char *name, uint32_t a, uint32_t b) {
    uint64_t values[2] = {a, b};
    return call2(tenant, name, values) == BULKHEAD_TRAP_NONE ? values[0] : UINT64_MAX;
}

static bulkhead_trap_kind visit(void *closure, bulkhead_instance *caller, uint64_t *values) {
    (void)closure, (void)caller;
    if (leaves) pthread_exit(0);
    // The host finds all memories open.
    if (visited) {
        check(visited->base[4096] == 'i', "the host reads a memory in a host function");
        check(call(visited, "peek", 4096, 0) == 'i', "another tenant runs in a host function");
    }
    values[0] = 0;
    return BULKHEAD_TRAP_NONE;
}

static bool settle(tenant *tenant, bulkhead_slab *slab, uint64_t slot, bool with_image) {
    bulkhead_error error = {0};
    bulkhead_trap trap;
    *tenant = (struct tenant){.slab = slab, .slot = slot, .store = bulkhead_store_new(&error)};
    if (!tenant->store) return false;
    bulkhead_external import = {
        .kind = 0, .function = bulkhead_host_function(tenant->store, "i>i", visit, 0, 0, &error)};
    bulkhead_placement placement = {slab, slot, with_image ? image : 0};
    tenant->instance = bulkhead_instantiate_in_slot(
        tenant->store, &reach_artifact, reach_artifact.modules[0], &import, 1, 0, &placement, &trap, &error);
    if (!tenant->instance) return false;
    tenant->base = bulkhead_instance_memory(tenant->instance)->base;
    return bulkhead_instance_start(tenant->instance, &trap) == BULKHEAD_TRAP_NONE;
}

static bool leave(tenant *tenant) {
    bulkhead_store_free(tenant->store);
    return bulkhead_slab_close(tenant->slab, tenant->slot);
}

// MARK: - What a tenant can reach

static uint64_t random_state = 88172645463325252u;
static uint64_t next_random(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    return random_state ^= random_state << 17;
}

/// Reads and writes `offset` from the tenant's base, with each form of address that gets there: all must trap, and say where.
static void probe(const tenant *tenant, uint64_t offset) {
    static const struct {
        const char *peek, *poke;
        uint64_t static_offset;
        bool is_checked;
    } forms[] = {{"peek", "poke", 0, false}, {"peek_far", "poke_far", 0x7FFFFFFF, false}, {"peek_top", "poke_top", 0xFFFFFFFF, true}};
    for (size_t i = 0; i < 3; i++) {
        if (offset < forms[i].static_offset || offset - forms[i].static_offset > UINT32_MAX) continue;
        for (int writes = 0; writes < 2; writes++) {
            uint64_t values[2] = {offset - forms[i].static_offset, 0xEE};
            bulkhead_trap trap = {0};
            bulkhead_external function = bulkhead_instance_find(tenant->instance, writes ? forms[i].poke : forms[i].peek);
            bulkhead_trap_kind kind = bulkhead_call(function.function, values, &trap);
            char what[96];
            snprintf(what, sizeof what, "%s at base + 0x%llx traps (%s)", writes ? "writing" : "reading",
                     (unsigned long long)offset, bulkhead_trap_message(kind));
            check(kind == BULKHEAD_TRAP_MEMORY_OUT_OF_BOUNDS && (forms[i].is_checked || (trap.has_offset && trap.offset == offset)),
                  what);
        }
    }
}

/// All of [base, base + 8 GiB): at the edges of each slot that lies there, and here and there.
static void probe_all(const tenant *tenant, const bulkhead_slab_layout *layout, int samples) {
    uint64_t size = bulkhead_instance_memory(tenant->instance)->size, top = (uint64_t)1 << 33;
    uint64_t edges[] = {size, size + 4096, MEMORY, MEMORY + 4096, layout->stride - FRONT - 1, REACH - 1, REACH, top - 2};
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        if (edges[i] >= size) probe(tenant, edges[i]);
    }
    for (uint64_t base = layout->stride; base < top; base += layout->stride) {
        uint64_t context = base - 4096;
        uint64_t marks[] = {base - FRONT, context, base - 64, base - 1, base, base + 4096, base + 2 * BULKHEAD_PAGE_SIZE - 1,
                            base + 2 * BULKHEAD_PAGE_SIZE, base + MEMORY - 1, base + MEMORY};
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) probe(tenant, marks[i]);
    }
    for (int i = 0; i < samples; i++) probe(tenant, size + next_random() % (top - 2 - size));
}

/// Every accessible page of the slab has a key that isn't 0, and every other page has key 0.
static void check_pages(const char *when, const uint8_t *start, uint64_t size, bool has_keys) {
    FILE *file = fopen("/proc/self/smaps", "r");
    char line[512];
    bool is_ours = false, is_accessible = false, is_right = true;
    int seen = 0;
    while (file && fgets(line, sizeof line, file)) {
        unsigned long from, to;
        char mode[8];
        int key;
        if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) == 3) {
            is_ours = from >= (uintptr_t)start && to <= (uintptr_t)start + size;
            is_accessible = mode[0] == 'r' || mode[1] == 'w' || mode[2] == 'x';
            seen += is_ours && is_accessible;
        } else if (is_ours && sscanf(line, "ProtectionKey: %d", &key) == 1) {
            if ((is_accessible && has_keys) != (key != 0)) is_right = false;
        }
    }
    if (file) fclose(file);
    char what[128];
    snprintf(what, sizeof what, "%s, accessible pages have keys and others have none (%d mappings)", when, seen);
    check(is_right && (!strstr(when, "idle") || seen == 0), what);
}

// MARK: - Scenes

static volatile bool is_over;

static void *grows(void *argument) {
    tenant *tenant = argument;
    while (!is_over) {
        if (call(tenant, "grow", 1, 0) == UINT32_MAX && !bulkhead_instance_reset(tenant->instance, 0)) failed++;
    }
    return 0;
}

static void neighbours(bulkhead_slab *slab, const bulkhead_slab_layout *layout, uint8_t *start, bool has_keys) {
    tenant a, others[SLOTS];
    check_pages("idle", start, layout->size, has_keys);
    check(settle(&a, slab, 2, false), "a tenant settles");
    uint64_t fresh = call(&a, "sum", 0, 0);
    probe_all(&a, layout, 200);
    check_pages("with one tenant", start, layout->size, has_keys);
    for (uint64_t i = 0; i < SLOTS; i++) {
        if (i == 2) continue;
        check(settle(&others[i], slab, i, i % 2), "others settle");
        check(call(&others[i], "sum", 0, 0) == fresh, "with an image or without, a memory begins alike");
        check(call(&others[i], "poke", 77, (uint32_t)i) != UINT64_MAX, "each writes");
        if (i % 3 == 0) check(call(&others[i], "grow", 6, 0) == 2, "some grow");
    }
    check_pages("with all", start, layout->size, has_keys);
    probe_all(&a, layout, 200);
    check(call(&a, "grow", 3, 0) == 2, "it grows");
    probe_all(&a, layout, 50);
    check_pages("after growth", start, layout->size, has_keys);

    // Another's code in between must not leave its key, or the host's, open.
    visited = &others[3];
    for (uint64_t i = 0; i < SLOTS; i++) {
        if (i <= 2) continue;
        uint64_t values[2] = {(i - 2) * layout->stride + 77, 0};
        if (values[0] > UINT32_MAX) break;
        check(call2(&a, "visit_and_peek", values) == BULKHEAD_TRAP_MEMORY_OUT_OF_BOUNDS, "after a host call the others are still closed");
    }
    visited = 0;
    check(call(&a, "visit_and_peek", 4096, 0) == 'i', "its own memory is open after a host call");

    call(&a, "spoil", 0xAA, 0);
    call(&a, "grow_table", 3, 0);
    check(bulkhead_instance_reset(a.instance, 0), "it is reset");
    check(call(&a, "sum", 0, 0) == fresh, "after a reset all is as it was");
    check(call(&a, "spare", 0, 0) != UINT64_MAX, "dropped segments are back");
    check(bulkhead_instance_reset(a.instance, 0), "it is reset again");
    probe_all(&a, layout, 50);
    check_pages("after a reset", start, layout->size, has_keys);

    pthread_t thread;
    is_over = false;
    pthread_create(&thread, 0, grows, &others[3]);
    probe_all(&a, layout, 100);
    is_over = true;
    pthread_join(thread, 0);

    for (uint64_t i = 0; i < SLOTS; i++) {
        if (i == 2) continue;
        check(call(&others[i], "peek", 77, 0) == (i == 3 ? call(&others[i], "peek", 77, 0) : i), "nobody else has written");
        call(&others[i], "spoil", 0xBB, 0);
        check(bulkhead_instance_reset(others[i].instance, 0), "others are reset");
        check(call(&others[i], "sum", 0, 0) == fresh, "and begin anew");
        check(leave(&others[i]), "others leave");
    }
    check_pages("after the others", start, layout->size, has_keys);
    probe_all(&a, layout, 50);
    // Cleaned instead of closed, for a smaller tenant and for a larger one.
    check(call(&a, "grow", 2, 0) == 2, "it grows again");
    call(&a, "spoil", 0xCC, 0);
    for (int i = 0; i < 4; i++) {
        bulkhead_store_free(a.store);
        check(bulkhead_slab_clean(slab, 2), "a slot is cleaned");
        check(settle(&a, slab, 2, false), "a clean slot is used again");
        check(call(&a, "sum", 0, 0) == fresh, "a clean slot holds nothing of before");
        probe_all(&a, layout, 50);
        check_pages("in a clean slot", start, layout->size, has_keys);
        if (i == 1) call(&a, "grow", 4, 0);
        call(&a, "spoil", 0xDD, 0);
    }
    bulkhead_store_free(a.store);
    check(bulkhead_slab_clean(slab, 2), "a slot is cleaned once more");
    check_pages("with a clean slot", start, layout->size, has_keys);
    check(settle(&a, slab, 2, true) && call(&a, "sum", 0, 0) == fresh, "an image fits into a clean slot");
    check(leave(&a), "it leaves");
    check_pages("idle again", start, layout->size, has_keys);
    check(settle(&a, slab, 2, true), "the slot is used again");
    check(call(&a, "sum", 0, 0) == fresh, "and holds nothing of before");
    probe_all(&a, layout, 50);
    check(leave(&a), "and left");
}

static void traps(bulkhead_slab *slab) {
    tenant a;
    uint64_t values[2] = {0};
    check(settle(&a, slab, 1, true), "a tenant that traps settles");
    for (int i = 0; i < 20; i++) {
        check(call2(&a, "stop", values) == BULKHEAD_TRAP_UNREACHABLE, "unreachable");
        check(call2(&a, "recurse", values) == BULKHEAD_TRAP_STACK_EXHAUSTED, "the stack ends");
        bulkhead_deadline deadline;
        bulkhead_error error;
        if (bulkhead_deadline_begin(&deadline, 3000000, &error)) {
            check(call2(&a, "spin", values) == BULKHEAD_TRAP_INTERRUPTED, "a loop is stopped");
            bulkhead_deadline_end(&deadline);
        }
        // Here the host reads what sandboxed code had a moment ago.
        check(a.base[4096] == 'i', "after a trap the host reads the memory");
        check(bulkhead_instance_reset(a.instance, 0), "it is reset after traps");
    }
    check(leave(&a), "it leaves after traps");
}

/// Each system call fails in turn, until all succeed.
static void refusals(bulkhead_slab *slab, const bulkhead_slab_layout *layout, uint8_t *start, bool has_keys) {
    for (int with_image = 0; with_image < 2; with_image++) {
        for (int at = 1; at < 40; at++) {
            tenant a;
            fails_in = at;
            calls = 0;
            bool settled = settle(&a, slab, 5, with_image);
            bool grown = settled && call(&a, "grow", 1, 0) == 2;
            bool reset = settled && bulkhead_instance_reset(a.instance, 0);
            if (settled && reset) check(call(&a, "sum", 0, 0) != UINT64_MAX, "what succeeded works");
            bulkhead_store_free(a.store);
            if (fails_in == 0) check(!settled || !grown || !reset, "a refusal is told");
            // Here there are two ways to the end, so that one refusal is none.
            bool closed = (at % 2 && bulkhead_slab_clean(slab, 5)) || bulkhead_slab_close(slab, 5);
            bool was_hit = fails_in == 0;
            fails_in = 0;
            check(closed || bulkhead_slab_close(slab, 5), "what could not be closed is closed later");
            if (!was_hit) break;
        }
        check(bulkhead_slab_close(slab, 5), "a clean slot is closed");
    }
    check_pages("idle after refusals", start, layout->size, has_keys);
    bulkhead_error error;
    for (int at = 1; at < 20; at++) {
        fails_in = at;
        bulkhead_slab *other = bulkhead_slab_new(layout, &error);
        bool was_hit = fails_in == 0;
        fails_in = 0;
        bulkhead_slab_free(other);
        if (!was_hit) break;
    }
    check(true, "slabs that are refused leave nothing");
}

// MARK: - Threads and processes

static pthread_barrier_t barrier;
static tenant shared;

/// Started before there are keys.
static void *older(void *unused) {
    (void)unused;
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    bulkhead_open_memories();
    check(shared.base[4096] == 'i', "a thread older than the keys reads a memory");
#if defined(__x86_64__)
    if (bulkhead_pkru_mask) bulkhead_pkru_write(bulkhead_pkru_read() | bulkhead_pkru_mask);
#endif
    check(call(&shared, "peek", 4096, 0) == 'i', "a thread older than the keys calls");
    check(shared.base[4096] == 'i', "and reads what it called");
    pthread_barrier_wait(&barrier);
    return 0;
}

static void *exits(void *argument) {
    leaves = true;
    call(argument, "visit_and_peek", 0, 0);
    check(false, "a thread that exits in a host function doesn't return");
    return 0;
}

static void threads(bulkhead_slab *slab) {
    tenant a;
    pthread_t thread;
    check(settle(&a, slab, 4, true), "a tenant settles for a thread");
    pthread_create(&thread, 0, exits, &a);
    pthread_join(thread, 0);
    check(call(&a, "peek", 4096, 0) == 'i', "a tenant outlives a thread that exits in its host function");
    check(bulkhead_instance_reset(a.instance, 0), "and is reset");
    pid_t child = fork();
    if (child == 0) {
        bool right = call(&a, "peek", 4096, 0) == 'i' && call(&a, "poke", 1 << 30, 0) == UINT64_MAX;
        call(&a, "poke", 5, 5);
        // A page that the parent has never touched: the child's pages are looked at, not the parent's.
        right = right && call(&a, "poke", 60005, 6) != UINT64_MAX;
        right = right && bulkhead_instance_reset(a.instance, 0) && call(&a, "peek", 5, 0) == 0 && call(&a, "peek", 60005, 0) == 0;
        _exit(right ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    check(status == 0, "a forked child has tenants of its own");
    check(leave(&a), "it leaves after threads");
}

int main(void) {
    setvbuf(stdout, 0, _IOLBF, 0);
    bulkhead_error error = {0};
    pthread_t thread;
    pthread_barrier_init(&barrier, 0, 2);
    pthread_create(&thread, 0, older, 0);
    pthread_barrier_wait(&barrier);
    // One of the embedder's, which must stay as it is.
    int foreign = (int)syscall(SYS_pkey_alloc, 0, 1);
    size_t keys = bulkhead_keys_available();
    printf("protection keys: %zu\n", keys);
    check(bulkhead_keys_in_use() == 0, "no keys are held without a slab");
    if (!bulkhead_artifact_add(&reach_artifact, &error)) printf("%s\n", error.message);
    image = bulkhead_image_new(reach_artifact.modules[0], &error);
    check(image != 0, "there is an image");
    for (size_t colours = keys; ; colours = colours > 3 ? 3 : 1) {
        uint64_t stripes = colours < 2 ? 1 : colours, page = 4096;
        uint64_t stride = ((FRONT + REACH + page - 1) / page * page + stripes - 1) / stripes;
        stride = (stride + page - 1) / page * page;
        bulkhead_slab_layout layout = {
            .slots = SLOTS, .stripes = stripes, .stride = stride, .front = FRONT, .maximum_memory = MEMORY,
            .size = FRONT + (SLOTS - 1) * stride + (REACH + page - 1) / page * page};
        bulkhead_slab *slab = bulkhead_slab_new(&layout, &error);
        if (!check(slab != 0, error.message)) break;
        printf("%llu colours\n", (unsigned long long)stripes);
        check(bulkhead_keys_in_use() == (stripes > 1 ? stripes : 0), "a slab has a key for each colour");
        settle(&shared, slab, 0, true);
        uint8_t *start = shared.base - FRONT;
        if (colours == keys) {
            pthread_barrier_wait(&barrier);
            pthread_barrier_wait(&barrier);
            pthread_join(thread, 0);
        }
        leave(&shared);
        neighbours(slab, &layout, start, stripes > 1);
        traps(slab);
        refusals(slab, &layout, start, stripes > 1);
        threads(slab);
#if defined(__x86_64__)
        if (foreign > 0) check((bulkhead_pkru_read() >> (2 * foreign) & 3) == 1, "the embedder's key is as the embedder set it");
#endif
        bulkhead_slab_free(slab);
        check(bulkhead_keys_in_use() == 0, "the last slab gives the keys back");
        if (colours <= 1) break;
    }
    bulkhead_image_free(image);
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
