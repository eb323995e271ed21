// Reservations of address space: inaccessible, but for zeroes at the beginning that can be read and written.
//
// A new one is dear: the first access in a region of its own costs the kernel page tables (8 µs, of the 18 that mapping, touching and
// unmapping take). So some are kept when they are given back, cleared at once, and handed out again.

#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

/// How many are kept. Each is some GiB of addresses.
#define IDLE_MAXIMUM 16

typedef struct {
    uint8_t *mapping;
    size_t size;
    size_t accessible;
} reservation;

static struct {
    pthread_mutex_t lock;
    reservation entries[IDLE_MAXIMUM];
    size_t count;
} idle = {.lock = PTHREAD_MUTEX_INITIALIZER};

/// The one that was given back last, among those of this size.
static reservation take_idle(size_t size) {
    reservation found = {0};
    pthread_mutex_lock(&idle.lock);
    for (size_t i = idle.count; i-- > 0;) {
        if (idle.entries[i].size != size) continue;
        found = idle.entries[i];
        memmove(&idle.entries[i], &idle.entries[i + 1], (--idle.count - i) * sizeof found);
        break;
    }
    pthread_mutex_unlock(&idle.lock);
    return found;
}

static void unmap_idle(void) {
    pthread_mutex_lock(&idle.lock);
    while (idle.count > 0) {
        reservation last = idle.entries[--idle.count];
        munmap(last.mapping, last.size);
    }
    pthread_mutex_unlock(&idle.lock);
}

static bool adjust(reservation *reservation, size_t accessible) {
    size_t from = reservation->accessible < accessible ? reservation->accessible : accessible;
    size_t to = reservation->accessible < accessible ? accessible : reservation->accessible;
    int protection = reservation->accessible < accessible ? PROT_READ | PROT_WRITE : PROT_NONE;
    if (from == to) return true;
    if (mprotect(reservation->mapping + from, to - from, protection) != 0) return false;
    reservation->accessible = accessible;
    return true;
}

static void *map(size_t size) {
    return mmap(0, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

uint8_t *bulkhead_reservation_take(size_t size, size_t accessible) {
    reservation taken = take_idle(size);
    if (!taken.mapping) {
        void *mapping = map(size);
        if (mapping == MAP_FAILED) {
            unmap_idle();
            mapping = map(size);
        }
        if (mapping == MAP_FAILED) return 0;
        taken = (reservation){.mapping = mapping, .size = size};
    }
    if (adjust(&taken, accessible)) return taken.mapping;
    int reason = errno;
    munmap(taken.mapping, taken.size);
    errno = reason;
    return 0;
}

void bulkhead_reservation_give(uint8_t *mapping, size_t size, size_t accessible) {
    reservation given = {mapping, size, accessible};
    pthread_mutex_lock(&idle.lock);
    bool isFull = idle.count == IDLE_MAXIMUM;
    pthread_mutex_unlock(&idle.lock);
    if (isFull || !bulkhead_clear(mapping, accessible)) {
        munmap(mapping, size);
        return;
    }
    pthread_mutex_lock(&idle.lock);
    isFull = idle.count == IDLE_MAXIMUM;
    if (!isFull) idle.entries[idle.count++] = given;
    pthread_mutex_unlock(&idle.lock);
    if (isFull) munmap(mapping, size);
}
