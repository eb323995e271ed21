// What a module's memory holds before anything runs, as a file in memory: mapped privately, a page of it is copied when it is first written,
// and to forget the copies is to restore it.

#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

/// Where an active data segment goes. False if that isn't known before instantiation, or it is nowhere.
static bool place(const bulkhead_module *module, const bulkhead_data_segment *segment, uint64_t *start) {
    if (segment->start.count != 1 || segment->start.instructions[0].operator_ != BULKHEAD_VALUE) return false;
    *start = (uint32_t)segment->start.instructions[0].operand;
    return *start + segment->count <= module->memory_minimum * BULKHEAD_PAGE_SIZE;
}

static bool is_placed(const bulkhead_data_segment *segment) {
    return segment->mode == BULKHEAD_ACTIVE && segment->count > 0;
}

bulkhead_image *bulkhead_image_new(const bulkhead_module *module, bulkhead_error *error) {
    uint64_t low = UINT64_MAX, high = 0, start = 0;
    if (error) error->kind = BULKHEAD_ERROR_NONE;
    for (uint64_t i = 0; i < module->data_count; i++) {
        if (module->data[i].mode != BULKHEAD_ACTIVE) continue;
        if (!place(module, &module->data[i], &start)) return 0;
        if (!is_placed(&module->data[i])) continue;
        if (start < low) low = start;
        if (start + module->data[i].count > high) high = start + module->data[i].count;
    }
    if (module->memory_count == 0 || high == 0) return 0;
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    low = low / page * page;
    high = (high + page - 1) / page * page;
    bulkhead_image *image = calloc(1, sizeof *image);
    if (!image) {
        bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "out of memory");
        return 0;
    }
    *image = (bulkhead_image){.start = low, .size = high - low};
    image->file = memfd_create("bulkhead-image", MFD_CLOEXEC);
    if (image->file >= 0 && ftruncate(image->file, (off_t)image->size) == 0) {
        uint8_t *bytes = mmap(0, image->size, PROT_READ | PROT_WRITE, MAP_SHARED, image->file, 0);
        if (bytes != MAP_FAILED) {
            for (uint64_t i = 0; i < module->data_count; i++) {
                const bulkhead_data_segment *segment = &module->data[i];
                if (!is_placed(segment)) continue;
                place(module, segment, &start);
                memcpy(bytes + (start - low), segment->bytes, segment->count);
            }
            munmap(bytes, image->size);
            return image;
        }
    }
    bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "cannot make an image of %llu KiB: %s", (unsigned long long)(image->size >> 10),
                  strerror(errno));
    bulkhead_image_free(image);
    return 0;
}

void bulkhead_image_free(bulkhead_image *image) {
    if (!image) return;
    if (image->file >= 0) close(image->file);
    free(image);
}

static bool cover(const bulkhead_image *image, uint8_t *base, int flags, int file) {
    return mmap(base + image->start, image->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED | flags, file, 0) != MAP_FAILED;
}

bool bulkhead_image_map(const bulkhead_image *image, uint8_t *base) { return cover(image, base, 0, image->file); }

bool bulkhead_image_unmap(const bulkhead_image *image, uint8_t *base) {
    return cover(image, base, MAP_ANONYMOUS | MAP_NORESERVE, -1);
}

bool bulkhead_image_restore(const bulkhead_image *image, uint8_t *base) {
    return madvise(base + image->start, image->size, MADV_DONTNEED) == 0;
}
