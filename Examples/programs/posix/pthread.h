/* There is one thread. Named like the host's header, which the C library's directory would else let through. */

#ifndef BULKHEAD_EXAMPLES_PTHREAD_H
#define BULKHEAD_EXAMPLES_PTHREAD_H

typedef int pthread_once_t;
typedef unsigned pthread_key_t;

#define PTHREAD_ONCE_INIT 0

int pthread_once(pthread_once_t *once, void (*run)(void));
int pthread_key_create(pthread_key_t *key, void (*destroy)(void *));
int pthread_setspecific(pthread_key_t key, const void *value);
void *pthread_getspecific(pthread_key_t key);

#endif
