#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "faults.h"

static _Thread_local int fails_in;

void fail_system_call(int number) { fails_in = number; }
int failing_system_call(void) { return fails_in; }

static bool must_fail(void) {
    if (fails_in == 0 || --fails_in > 0) return false;
    errno = ENOMEM;
    return true;
}

void *mmap(void *start, size_t size, int protection, int flags, int file, off_t offset) {
    if (must_fail()) return MAP_FAILED;
    return (void *)syscall(SYS_mmap, start, size, protection, flags, file, offset);
}

int mprotect(void *start, size_t size, int protection) {
    return must_fail() ? -1 : (int)syscall(SYS_mprotect, start, size, protection);
}

int madvise(void *start, size_t size, int advice) {
    return must_fail() ? -1 : (int)syscall(SYS_madvise, start, size, advice);
}
