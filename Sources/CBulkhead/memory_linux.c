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

bulkhead_memory *bulkhead_memory_reserve(
    size_t front, uint64_t reach, uint64_t minimum, uint64_t maximum, bool has_maximum, bulkhead_error *error) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (minimum > 65536) {
        bulkhead_fail(error, BULKHEAD_ERROR_LIMIT, "a memory has at most 65536 pages of 64 KiB, not %llu",
                      (unsigned long long)minimum);
        return 0;
    }
    front = (front + sizeof(bulkhead_memory) + page - 1) / page * page;
    size_t size = minimum * BULKHEAD_PAGE_SIZE;
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
    bulkhead_memory *memory = (bulkhead_memory *)base - 1;
    memory->base = base;
    memory->size = size;
    memory->maximum = has_maximum && maximum < 65536 ? maximum : 65536;
    memory->has_maximum = has_maximum;
    memory->limit = UINT32_MAX;
    memory->reach = reach;
    memory->mapping = mapping;
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

void bulkhead_memory_release(bulkhead_memory *memory) {
    bulkhead_ranges_remove(&bulkhead_memory_ranges, memory->node);
    // The header is about to be cleared, and no longer there to be read.
    uint8_t *mapping = memory->mapping;
    bulkhead_reservation_give(mapping, memory->mapping_size, (size_t)(memory->base - mapping) + memory->size);
}

uint64_t bulkhead_memory_grow(bulkhead_memory *memory, uint64_t delta) {
    uint64_t pages = memory->size / BULKHEAD_PAGE_SIZE;
    uint64_t maximum = memory->maximum < memory->limit ? memory->maximum : memory->limit;
    if (delta == 0) return pages;
    if (delta > maximum || pages > maximum - delta) return UINT64_MAX;
    if (mprotect(memory->base + memory->size, delta * BULKHEAD_PAGE_SIZE, PROT_READ | PROT_WRITE) != 0)
        return UINT64_MAX;
    memory->size += delta * BULKHEAD_PAGE_SIZE;
    return pages;
}

void bulkhead_memory_set_limit(bulkhead_memory *memory, uint64_t bytes) {
    uint64_t pages = bytes / BULKHEAD_PAGE_SIZE;
    memory->limit = pages < UINT32_MAX ? (uint32_t)pages : UINT32_MAX;
}

uint64_t bulkhead_memory_limit(const bulkhead_memory *memory) {
    return memory->limit == UINT32_MAX ? BULKHEAD_UNLIMITED : (uint64_t)memory->limit * BULKHEAD_PAGE_SIZE;
}
