// Which pages hold anything, in one call instead of several: the PAGEMAP_SCAN of Linux 6.7.

#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

/// `struct page_region` and `struct pm_scan_arg` of <linux/fs.h>, which older systems lack.
typedef struct {
    uint64_t start, end, categories;
} region;
typedef struct {
    uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
    uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
} scan;
#define PAGEMAP_SCAN_REQUEST _IOWR('f', 16, scan)
#define PAGE_IS_PRESENT (1u << 3)
#define PAGE_IS_SWAPPED (1u << 4)
#define PAGE_IS_ZERO_PAGE (1u << 5)

/// The file that tells of this process's pages. It tells of those of the process that opened it, also when a child has it; so it is
/// remembered on a page that a fork leaves zeroed, and a child opens its own.
typedef struct {
    /// One more than the file's number; 0 while there is none, -1 where it can't be had.
    _Atomic int file;
} record;

static record *kept;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_record(void) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    void *start = mmap(0, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) return;
    if (madvise(start, page, MADV_WIPEONFORK) == 0) kept = start;
    else munmap(start, page);
}

/// -1 where there is none.
static int pagemap(void) {
    pthread_once(&once, make_record);
    if (!kept) return -1;
    int file = atomic_load(&kept->file);
    if (file == 0) {
        int opened = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
        int found = opened < 0 ? -1 : opened + 1;
        if (atomic_compare_exchange_strong(&kept->file, &file, found)) file = found;
        else if (opened >= 0) close(opened);
    }
    return file > 0 ? file - 1 : -1;
}

bool bulkhead_zero_present(uint8_t *start, size_t size) {
    int file = pagemap();
    // Neighbours are one region, so there are half as many as pages at most.
    region regions[BULKHEAD_CLEARED_IN_PLACE / 4096 / 2 + 1];
    scan request = {
        .size = sizeof request,
        .start = (uint64_t)(uintptr_t)start,
        .end = (uint64_t)(uintptr_t)start + size,
        .vec = (uint64_t)(uintptr_t)regions,
        .vec_len = sizeof regions / sizeof *regions,
        // All but the page of zeroes that the kernel gives to those who only read.
        .category_inverted = PAGE_IS_ZERO_PAGE,
        .category_mask = PAGE_IS_ZERO_PAGE,
        .category_anyof_mask = PAGE_IS_PRESENT | PAGE_IS_SWAPPED,
        .return_mask = PAGE_IS_PRESENT,
    };
    if (file < 0 || size > BULKHEAD_CLEARED_IN_PLACE) return false;
    int count = ioctl(file, PAGEMAP_SCAN_REQUEST, &request);
    if (count < 0 || request.walk_end != request.end) return false;
    for (int i = 0; i < count; i++)
        memset((void *)(uintptr_t)regions[i].start, 0, (size_t)(regions[i].end - regions[i].start));
    return true;
}
