// Linear memories: one reservation each, committed by mprotect as they grow. They never move.
//
//     mapping                       base                base + size         base + 4 GiB     + guard
//       | context, header: RW        | linear memory, RW  | PROT_NONE         | PROT_NONE    |

#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

_Static_assert(sizeof(bulkhead_memory) == BULKHEAD_MEMORY_HEADER_SIZE, "the header's size is part of the ABI");

/// Writes the header of a memory whose pages are accessible.
static bulkhead_memory *describe(uint8_t *base, size_t front, uint64_t size, uint64_t maximum, bool has_maximum) {
    bulkhead_memory *memory = (bulkhead_memory *)base - 1;
    *memory = (bulkhead_memory){
        .base = base,
        .size = size,
        .maximum = has_maximum && maximum < 65536 ? maximum : 65536,
        .has_maximum = has_maximum,
        .limit = UINT32_MAX,
        .mapping = base - front,
    };
    return memory;
}

static bulkhead_memory *reserve_in_slab(
    size_t front, uint64_t size, uint64_t maximum, bool has_maximum, const bulkhead_placement *placement,
    bulkhead_error *error) {
    const bulkhead_slab_layout *layout = &placement->slab->layout;
    if (front > layout->front || size > layout->maximum_memory) {
        bulkhead_fail(error, BULKHEAD_ERROR_LIMIT,
                      "the module needs %zu bytes of context and begins with %llu bytes of memory; the pool's slots have %llu and %llu",
                      front, (unsigned long long)size, (unsigned long long)layout->front,
                      (unsigned long long)layout->maximum_memory);
        return 0;
    }
    if (!bulkhead_slab_open(placement->slab, placement->slot, front, size, placement->image, error)) return 0;
    bulkhead_memory *memory =
        describe(bulkhead_slab_base(placement->slab, placement->slot), front, size, maximum, has_maximum);
    memory->slab = placement->slab;
    memory->slot = placement->slot;
    return memory;
}

bulkhead_memory *bulkhead_memory_reserve(
    size_t front, uint64_t reach, uint64_t minimum, uint64_t maximum, bool has_maximum,
    const bulkhead_placement *placement, bulkhead_error *error) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (minimum > 65536) {
        bulkhead_fail(error, BULKHEAD_ERROR_LIMIT, "a memory has at most 65536 pages of 64 KiB, not %llu",
                      (unsigned long long)minimum);
        return 0;
    }
    front = (front + sizeof(bulkhead_memory) + page - 1) / page * page;
    size_t size = minimum * BULKHEAD_PAGE_SIZE;
    if (placement->slab) return reserve_in_slab(front, size, maximum, has_maximum, placement, error);
    size_t mapping_size = front + (reach + page - 1) / page * page;
    uint8_t *mapping = bulkhead_reservation_take(mapping_size, front + size);
    if (!mapping) {
        bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM,
                      "cannot reserve %zu MiB of address space for a memory, %zu KiB of it to be used at once: %s; free some "
                      "instances, or raise the limit (ulimit -v, vm.max_map_count)",
                      mapping_size >> 20, (front + size) >> 10, strerror(errno));
        return 0;
    }
    uint8_t *base = mapping + front;
    bulkhead_memory *memory = describe(base, front, size, maximum, has_maximum);
    memory->mapping_size = mapping_size;
    if (reach) {
        memory->node = bulkhead_ranges_add(&bulkhead_memory_ranges, base, base + reach, memory);
        if (!memory->node) {
            bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "out of memory");
            bulkhead_reservation_give(mapping, mapping_size, front + size);
            return 0;
        }
    }
    return memory;
}

void bulkhead_memory_release(bulkhead_memory *memory, const bulkhead_image *image) {
    // A slot is closed by whoever holds it, and asks whether that succeeded.
    if (memory->slab) return;
    bulkhead_ranges_remove(&bulkhead_memory_ranges, memory->node);
    // The header is about to be cleared, and no longer there to be read.
    uint8_t *mapping = memory->mapping;
    // The next module must not find this one's data.
    if (image && !bulkhead_image_unmap(image, memory->base)) {
        munmap(mapping, memory->mapping_size);
        return;
    }
    bulkhead_reservation_give(mapping, memory->mapping_size, (size_t)(memory->base - mapping) + memory->size);
}

uint64_t bulkhead_memory_extend(bulkhead_memory *memory, uint64_t delta) {
    uint64_t pages = memory->size / BULKHEAD_PAGE_SIZE;
    uint64_t maximum = memory->maximum < memory->limit ? memory->maximum : memory->limit;
    if (memory->slab) {
        uint64_t room = memory->slab->layout.maximum_memory / BULKHEAD_PAGE_SIZE;
        if (room < maximum) maximum = room;
    }
    if (delta == 0) return pages;
    if (delta > maximum || pages > maximum - delta) return UINT64_MAX;
    bool done = memory->slab ? bulkhead_slab_resize(memory->slab, memory->slot, memory->size + delta * BULKHEAD_PAGE_SIZE)
                             : mprotect(memory->base + memory->size, delta * BULKHEAD_PAGE_SIZE, PROT_READ | PROT_WRITE) == 0;
    if (!done) return UINT64_MAX;
    memory->size += delta * BULKHEAD_PAGE_SIZE;
    return pages;
}

uint64_t bulkhead_memory_grow(bulkhead_memory *memory, uint64_t delta) {
    bulkhead_open_memories();
    return bulkhead_memory_extend(memory, delta);
}

bool bulkhead_memory_restore(bulkhead_memory *memory, uint64_t minimum, const bulkhead_image *image) {
    uint64_t size = minimum * BULKHEAD_PAGE_SIZE;
    // What it grew by is as if it had never been: no contents, no access, key 0.
    if (memory->size > size && !bulkhead_slab_resize(memory->slab, memory->slot, size)) return false;
    memory->size = size;
    if (!image) return bulkhead_clear(memory->base, size);
    uint64_t past = image->start + image->size;
    return bulkhead_clear(memory->base, image->start) && bulkhead_image_restore(image, memory->base) &&
           bulkhead_clear(memory->base + past, size - past);
}

void bulkhead_memory_set_limit(bulkhead_memory *memory, uint64_t bytes) {
    bulkhead_open_memories();
    uint64_t pages = bytes / BULKHEAD_PAGE_SIZE;
    memory->limit = pages < UINT32_MAX ? (uint32_t)pages : UINT32_MAX;
}

uint64_t bulkhead_memory_limit(const bulkhead_memory *memory) {
    bulkhead_open_memories();
    return memory->limit == UINT32_MAX ? BULKHEAD_UNLIMITED : (uint64_t)memory->limit * BULKHEAD_PAGE_SIZE;
}
