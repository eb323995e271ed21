// A slab: one reservation with many slots, each for a context and a memory (Swift's SlabLayout says where).
//
// A slot is closed or open. All of a closed one is inaccessible, has key 0 and holds nothing; closed slots in a row are one mapping to the kernel. Some that
// nobody has stay open, full of zeroes, since closing and opening take longer than clearing.
// Each step to readable gives the pages their key in the same call, so there is no moment at which a page can be read with key 0,
// which every sandbox may read.

#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

#define CLOSED_FLAGS (MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE)

bulkhead_slab *bulkhead_slab_new(const bulkhead_slab_layout *layout, bulkhead_error *error) {
    bulkhead_slab *slab = calloc(1, sizeof *slab);
    if (slab) slab->slots = calloc(layout->slots, sizeof *slab->slots);
    if (!slab || !slab->slots) {
        bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "out of memory");
        free(slab);
        return 0;
    }
    slab->layout = *layout;
    void *start = mmap(0, layout->size, PROT_NONE, CLOSED_FLAGS, -1, 0);
    if (start == MAP_FAILED) {
        bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM,
                      "cannot reserve %llu GiB of address space in one piece for %llu slots: %s; ask for fewer slots or smaller "
                      "memories, or raise the limit (ulimit -v)",
                      (unsigned long long)(layout->size >> 30), (unsigned long long)layout->slots, strerror(errno));
        free(slab->slots);
        free(slab);
        return 0;
    }
    slab->start = start;
    slab->key_count = bulkhead_keys_take(layout->stripes > 1 ? layout->stripes : 0, slab->keys);
    slab->node = bulkhead_ranges_add(&bulkhead_slab_ranges, slab->start, slab->start + layout->size, slab);
    if (slab->key_count < (layout->stripes > 1 ? layout->stripes : 0) || !slab->node) {
        bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "the layout has %llu colours, and there are %zu memory protection keys",
                      (unsigned long long)layout->stripes, slab->key_count);
        bulkhead_slab_free(slab);
        return 0;
    }
    return slab;
}

void bulkhead_slab_free(bulkhead_slab *slab) {
    if (!slab) return;
    bulkhead_ranges_remove(&bulkhead_slab_ranges, slab->node);
    // Pages first: a key that is freed while pages have it may be given to others together with them.
    munmap(slab->start, slab->layout.size);
    bulkhead_keys_release();
    free(slab->slots);
    free(slab);
}

int bulkhead_slab_key(const bulkhead_slab *slab, uint64_t slot) {
    return slab->key_count ? slab->keys[slot % slab->layout.stripes] : BULKHEAD_NO_KEY;
}

uint8_t *bulkhead_slab_base(const bulkhead_slab *slab, uint64_t slot) {
    return slab->start + slab->layout.front + slot * slab->layout.stride;
}

bool bulkhead_slab_holds_memory(const bulkhead_slab *slab, uintptr_t address) {
    uintptr_t first = (uintptr_t)slab->start + slab->layout.front;
    if (address < first || address - first >= slab->layout.slots * slab->layout.stride) return false;
    return (address - first) % slab->layout.stride < slab->layout.maximum_memory;
}

/// In the middle of a slot: [from, to) becomes accessible, or no longer is and holds nothing.
static bool change(const bulkhead_slab *slab, uint64_t slot, uint8_t *from, uint8_t *to, bool accessible) {
    if (from >= to) return true;
    if (accessible)
        return bulkhead_protect(from, (size_t)(to - from), PROT_READ | PROT_WRITE, bulkhead_slab_key(slab, slot)) == 0;
    return mmap(from, (size_t)(to - from), PROT_NONE, CLOSED_FLAGS | MAP_FIXED, -1, 0) != MAP_FAILED;
}

bool bulkhead_slab_resize(bulkhead_slab *slab, uint64_t slot, uint64_t size) {
    uint8_t *base = bulkhead_slab_base(slab, slot);
    uint64_t old = slab->slots[slot].size;
    bool done = change(slab, slot, base + old, base + size, true) && change(slab, slot, base + size, base + old, false);
    if (done) slab->slots[slot].size = size;
    return done;
}

/// From what a clean slot has to what its next tenant needs.
static bool adjust(bulkhead_slab *slab, uint64_t slot, size_t front) {
    uint8_t *base = bulkhead_slab_base(slab, slot);
    size_t old = slab->slots[slot].front;
    return change(slab, slot, base - front, base - old, true) && change(slab, slot, base - old, base - front, false);
}

bool bulkhead_slab_open(
    bulkhead_slab *slab, uint64_t slot, size_t front, size_t size, const bulkhead_image *image, bulkhead_error *error) {
    uint8_t *base = bulkhead_slab_base(slab, slot);
    bool is_clean = slab->slots[slot].state == BULKHEAD_SLOT_CLEAN;
    const char *step = "empty";
    if (is_clean && image) {
        is_clean = false;
        if (!bulkhead_slab_close(slab, slot)) goto refused;
    }
    slab->slots[slot].state = BULKHEAD_SLOT_MIXED;
    step = "make accessible";
    if (is_clean) {
        if (!adjust(slab, slot, front) || !bulkhead_slab_resize(slab, slot, size)) goto refused;
    } else {
        step = "map the image into";
        if (image &&
            mmap(base + image->start, image->size, PROT_NONE, MAP_PRIVATE | MAP_FIXED, image->file, 0) == MAP_FAILED)
            goto refused;
        step = "make accessible";
        if (bulkhead_protect(base - front, front + size, PROT_READ | PROT_WRITE, bulkhead_slab_key(slab, slot)) != 0)
            goto refused;
    }
    slab->slots[slot] = (bulkhead_slot){image ? BULKHEAD_SLOT_MIXED : BULKHEAD_SLOT_OPEN, (uint32_t)front, size};
    return true;
refused:
    return bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "cannot %s a slot of a pool: %s; have fewer instances at once, or raise "
                         "the limit (sysctl vm.max_map_count)",
                         step, strerror(errno));
}

bool bulkhead_slab_close(bulkhead_slab *slab, uint64_t slot) {
    uint8_t *first = bulkhead_slab_base(slab, slot) - slab->layout.front;
    size_t size = slab->layout.front + slab->layout.maximum_memory;
    bulkhead_slot *found = &slab->slots[slot];
    if (found->state == BULKHEAD_SLOT_CLOSED) return true;
    bool is_plain = found->state != BULKHEAD_SLOT_MIXED;
    found->state = BULKHEAD_SLOT_MIXED;
    // Two calls that leave the slot its page tables, which are dear to make anew; or one, whatever was mapped there and whatever had been
    // done to it when something failed.
    bool done = is_plain && madvise(first, size, MADV_DONTNEED) == 0 &&
                bulkhead_protect(first, size, PROT_NONE, slab->key_count ? 0 : BULKHEAD_NO_KEY) == 0;
    if (!done && mmap(first, size, PROT_NONE, CLOSED_FLAGS | MAP_FIXED, -1, 0) == MAP_FAILED) return false;
    found->state = BULKHEAD_SLOT_CLOSED;
    return true;
}

bool bulkhead_slab_clean(bulkhead_slab *slab, uint64_t slot) {
    bulkhead_slot *found = &slab->slots[slot];
    if (found->state != BULKHEAD_SLOT_OPEN) return false;
    found->state = BULKHEAD_SLOT_MIXED;
    if (!bulkhead_clear(bulkhead_slab_base(slab, slot) - found->front, found->front + found->size)) return false;
    found->state = BULKHEAD_SLOT_CLEAN;
    return true;
}

// MARK: - Clearing

static bool drop(uint8_t *start, size_t from, size_t to) {
    return from == to || madvise(start + from, to - from, MADV_DONTNEED) == 0;
}

bool bulkhead_clear(uint8_t *start, size_t size) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    unsigned char resident[BULKHEAD_CLEARED_IN_PLACE / 4096];
    if (page == 4096 && bulkhead_zero_present(start, size)) return true;
    if (size > BULKHEAD_CLEARED_IN_PLACE || page != 4096 || (size && mincore(start, size, resident) != 0)) return drop(start, 0, size);
    // A page that isn't resident was never touched, or it was swapped out and still holds something: then the kernel is to forget it.
    size_t absent = 0;
    for (size_t at = 0; at < size; at += page) {
        if (!(resident[at / page] & 1)) continue;
        if (!drop(start, absent, at)) return false;
        memset(start + at, 0, page);
        absent = at + page;
    }
    return drop(start, absent, size);
}
