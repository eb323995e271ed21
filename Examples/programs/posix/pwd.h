/* There are no users in WASI preview 1. Named like the host's header, which the C library's directory would else let through. */

#ifndef BULKHEAD_EXAMPLES_PWD_H
#define BULKHEAD_EXAMPLES_PWD_H

#include <stddef.h>
#include <sys/types.h>

struct passwd {
    char *pw_name;
    char *pw_dir;
};

static inline struct passwd *getpwuid(uid_t user)
{
    (void)user;
    return NULL;
}

#endif
