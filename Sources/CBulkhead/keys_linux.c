// The process's memory protection keys: one set, shared by all slabs, taken for the first and released with the last.

#if defined(__linux__)

#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

uint32_t bulkhead_pkru_mask;

static struct {
    pthread_mutex_t lock;
    int keys[BULKHEAD_KEYS_MAXIMUM];
    size_t count;
    size_t users;
} set = {.lock = PTHREAD_MUTEX_INITIALIZER};

#if defined(__x86_64__)
// By number: older C libraries have no wrapper, and the kernel's answer is the only one that counts.
static int allocate_key(void) { return (int)syscall(SYS_pkey_alloc, 0, 0); }
static void free_key(int key) { syscall(SYS_pkey_free, key); }

int bulkhead_protect(void *start, size_t size, int protection, int key) {
    if (size == 0) return 0;
    if (key == BULKHEAD_NO_KEY) return mprotect(start, size, protection);
    return (int)syscall(SYS_pkey_mprotect, start, size, protection, key);
}
#else
static int allocate_key(void) { return -1; }
static void free_key(int key) { (void)key; }

int bulkhead_protect(void *start, size_t size, int protection, int key) {
    (void)key;
    return size == 0 ? 0 : mprotect(start, size, protection);
}
#endif

size_t bulkhead_keys_take(size_t maximum, int keys[BULKHEAD_KEYS_MAXIMUM]) {
    pthread_mutex_lock(&set.lock);
    if (maximum > BULKHEAD_KEYS_MAXIMUM) maximum = BULKHEAD_KEYS_MAXIMUM;
    while (set.count < maximum) {
        // Opened for this thread by the call, and for others when they first touch a memory.
        int key = allocate_key();
        if (key <= 0) break;
        set.keys[set.count++] = key;
        __atomic_or_fetch(&bulkhead_pkru_mask, (uint32_t)3 << (2 * key), __ATOMIC_RELAXED);
    }
    size_t count = set.count < maximum ? set.count : maximum;
    for (size_t i = 0; i < count; i++) keys[i] = set.keys[i];
    set.users++;
    pthread_mutex_unlock(&set.lock);
    return count;
}

void bulkhead_keys_release(void) {
    pthread_mutex_lock(&set.lock);
    if (--set.users == 0) {
        while (set.count > 0) {
            int key = set.keys[--set.count];
            __atomic_and_fetch(&bulkhead_pkru_mask, ~((uint32_t)3 << (2 * key)), __ATOMIC_RELAXED);
            free_key(key);
        }
    }
    pthread_mutex_unlock(&set.lock);
}

size_t bulkhead_keys_in_use(void) {
    pthread_mutex_lock(&set.lock);
    size_t count = set.count;
    pthread_mutex_unlock(&set.lock);
    return count;
}

size_t bulkhead_keys_available(void) {
    int keys[BULKHEAD_KEYS_MAXIMUM];
    size_t count = bulkhead_keys_take(BULKHEAD_KEYS_MAXIMUM, keys);
    bulkhead_keys_release();
    return count;
}

#endif
