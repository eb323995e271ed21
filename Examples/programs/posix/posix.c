/* Files have neither modes nor owners in WASI preview 1, and there are no processes. What sets a mode or an owner succeeds
 * and does nothing; what starts a process or picks a name for a temporary file fails. */

#include "posix.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

int chmod(const char *path, mode_t mode) { (void)path, (void)mode; return 0; }
int fchmod(int fd, mode_t mode) { (void)fd, (void)mode; return 0; }
int chown(const char *path, uid_t owner, gid_t group) { (void)path, (void)owner, (void)group; return 0; }
int lchown(const char *path, uid_t owner, gid_t group) { (void)path, (void)owner, (void)group; return 0; }
int fchown(int fd, uid_t owner, gid_t group) { (void)fd, (void)owner, (void)group; return 0; }
mode_t umask(mode_t mask) { (void)mask; return 022; }

/* Absolute, without `.` and `..`; symbolic links stay. */
char *realpath(const char *path, char *resolved)
{
    char result[PATH_MAX];
    size_t length = 0;
    struct stat status;
    if (stat(path, &status)) return NULL;
    if (*path != '/') {
        if (!getcwd(result, sizeof result)) return NULL;
        length = strlen(result);
        if (result[length - 1] == '/') length--;
    }
    while (*(path += strspn(path, "/"))) {
        size_t part = strcspn(path, "/");
        if (part == 2 && !memcmp(path, "..", 2)) {
            while (length && result[--length] != '/') {}
        } else if (part != 1 || *path != '.') {
            if (length + 1 + part >= PATH_MAX) {
                errno = ENAMETOOLONG;
                return NULL;
            }
            result[length] = '/';
            memcpy(result + length + 1, path, part);
            length += 1 + part;
        }
        path += part;
    }
    if (!length) result[length++] = '/';
    result[length] = 0;
    return resolved ? strcpy(resolved, result) : strdup(result);
}

uid_t getuid(void) { return 1; }
uid_t geteuid(void) { return 1; }

/* "Is there a shell?" is answered too. */
int system(const char *command)
{
    if (!command) return 0;
    errno = ENOSYS;
    return -1;
}

int getpagesize(void) { return 65536; }
FILE *popen(const char *command, const char *mode) { (void)command, (void)mode; errno = ENOSYS; return NULL; }
int pclose(FILE *stream) { (void)stream; errno = ENOSYS; return -1; }
FILE *tmpfile(void) { errno = ENOSYS; return NULL; }
char *tmpnam(char *name) { (void)name; errno = ENOSYS; return NULL; }
int mkstemp(char *name) { (void)name; errno = ENOSYS; return -1; }

int pthread_once(pthread_once_t *once, void (*run)(void))
{
    if (!*once) *once = 1, run();
    return 0;
}

static const void *values[16];
static pthread_key_t keys;

int pthread_key_create(pthread_key_t *key, void (*destroy)(void *))
{
    (void)destroy;
    if (keys == sizeof values / sizeof *values) return EAGAIN;
    *key = keys++;
    return 0;
}

int pthread_setspecific(pthread_key_t key, const void *value) { values[key] = value; return 0; }
void *pthread_getspecific(pthread_key_t key) { return (void *)values[key]; }
