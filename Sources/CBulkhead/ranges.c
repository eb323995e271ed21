// Address ranges that a signal handler looks up. Nodes are never freed, only emptied and used again, so a reader needs no
// lock; an empty node has end = 0.

#include <stdlib.h>

#include "internal.h"

bulkhead_ranges bulkhead_code_ranges = {.lock = PTHREAD_MUTEX_INITIALIZER};
bulkhead_ranges bulkhead_memory_ranges = {.lock = PTHREAD_MUTEX_INITIALIZER};
bulkhead_ranges bulkhead_slab_ranges = {.lock = PTHREAD_MUTEX_INITIALIZER};

bulkhead_range *bulkhead_ranges_add(bulkhead_ranges *ranges, const void *start, const void *end, const void *owner) {
    pthread_mutex_lock(&ranges->lock);
    bulkhead_range *range = ranges->empty;
    if (range) {
        ranges->empty = range->next_empty;
    } else {
        range = calloc(1, sizeof *range);
        if (range) {
            range->next = atomic_load(&ranges->head);
            atomic_store(&ranges->head, range);
        }
    }
    if (range) {
        atomic_store(&range->start, (uintptr_t)start);
        atomic_store(&range->owner, owner);
        atomic_store(&range->end, (uintptr_t)end);
    }
    pthread_mutex_unlock(&ranges->lock);
    return range;
}

static void make_empty(bulkhead_ranges *ranges, bulkhead_range *range) {
    atomic_store(&range->end, 0);
    range->next_empty = ranges->empty;
    ranges->empty = range;
}

void bulkhead_ranges_remove(bulkhead_ranges *ranges, bulkhead_range *range) {
    if (!range) return;
    pthread_mutex_lock(&ranges->lock);
    make_empty(ranges, range);
    pthread_mutex_unlock(&ranges->lock);
}

void bulkhead_ranges_remove_owner(bulkhead_ranges *ranges, const void *owner) {
    pthread_mutex_lock(&ranges->lock);
    for (bulkhead_range *range = atomic_load(&ranges->head); range; range = range->next) {
        if (atomic_load(&range->end) && atomic_load(&range->owner) == owner) {
            make_empty(ranges, range);
            break;
        }
    }
    pthread_mutex_unlock(&ranges->lock);
}

const bulkhead_range *bulkhead_ranges_find(const bulkhead_ranges *ranges, uintptr_t address) {
    for (bulkhead_range *range = atomic_load(&ranges->head); range; range = range->next) {
        if (address < atomic_load(&range->end) && address >= atomic_load(&range->start)) return range;
    }
    return 0;
}
