#define _GNU_SOURCE
#include "CWASI.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

const int cwasi_O_PATH = O_PATH;
const long cwasi_UTIME_NOW = UTIME_NOW;
const long cwasi_UTIME_OMIT = UTIME_OMIT;

int cwasi_openat2_beneath(int directory, const char *path, int flags, unsigned mode) {
    struct open_how how = {
        .flags = (uint64_t)(unsigned)flags,
        .mode = mode,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
    };
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

long cwasi_getdents64(int directory, void *buffer, size_t count) {
    return syscall(SYS_getdents64, directory, buffer, count);
}

_Static_assert(offsetof(struct dirent64, d_ino) == cwasi_dirent64_ino, "");
_Static_assert(offsetof(struct dirent64, d_off) == cwasi_dirent64_off, "");
_Static_assert(offsetof(struct dirent64, d_reclen) == cwasi_dirent64_reclen, "");
_Static_assert(offsetof(struct dirent64, d_type) == cwasi_dirent64_type, "");
_Static_assert(offsetof(struct dirent64, d_name) == cwasi_dirent64_name, "");

int cwasi_fallocate(int fd, int64_t offset, int64_t length) {
    return fallocate(fd, 0, offset, length);
}

int cwasi_accept(int fd, int nonblocking) {
    return accept4(fd, NULL, NULL, SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0));
}

int cwasi_ppoll(struct pollfd *fds, size_t count, int64_t timeout_nanoseconds) {
    if (timeout_nanoseconds < 0) return ppoll(fds, count, NULL, NULL);
    struct timespec timeout = {
        .tv_sec = timeout_nanoseconds / 1000000000,
        .tv_nsec = timeout_nanoseconds % 1000000000,
    };
    return ppoll(fds, count, &timeout, NULL);
}

long cwasi_getrandom(void *buffer, size_t count) {
    return getrandom(buffer, count, 0);
}

int cwasi_pipe(int ends[2]) {
    return pipe2(ends, O_CLOEXEC);
}
