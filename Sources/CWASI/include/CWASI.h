// The Linux calls and constants that the C library shows only to _GNU_SOURCE, which Swift's import of it does not
// define. Each function fails as the call does: -1, and the reason in errno.
#ifndef CWASI_H
#define CWASI_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

extern const int cwasi_O_PATH;
extern const long cwasi_UTIME_NOW;
extern const long cwasi_UTIME_OMIT;

/// openat2(2) beneath `directory`, with magic links refused. ENOSYS where the kernel lacks it.
int cwasi_openat2_beneath(int directory, const char *path, int flags, unsigned mode);

/// getdents64(2), into records whose layout the constants below give.
long cwasi_getdents64(int directory, void *buffer, size_t count);

enum {
    cwasi_dirent64_ino = 0,
    cwasi_dirent64_off = 8,
    cwasi_dirent64_reclen = 16,
    cwasi_dirent64_type = 18,
    cwasi_dirent64_name = 19,
};

int cwasi_fallocate(int fd, int64_t offset, int64_t length);

/// accept4(2) with SOCK_CLOEXEC, and with SOCK_NONBLOCK where asked for.
int cwasi_accept(int fd, int nonblocking);

/// ppoll(2); a negative timeout waits for ever.
int cwasi_ppoll(struct pollfd *fds, size_t count, int64_t timeout_nanoseconds);

long cwasi_getrandom(void *buffer, size_t count);

/// A pipe whose ends are closed in children.
int cwasi_pipe(int ends[2]);

#endif
