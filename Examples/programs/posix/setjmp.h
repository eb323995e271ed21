/* WebAssembly 2.0 can't jump out of a function, and its C library has no <setjmp.h>. Here `setjmp` returns once, and `longjmp` is
 * the program's end. Enough for programs that only jump away from errors, as long as there are none. */

#ifndef BULKHEAD_EXAMPLES_SETJMP_H
#define BULKHEAD_EXAMPLES_SETJMP_H

#include <stdio.h>
#include <stdlib.h>

typedef int jmp_buf[1];
typedef jmp_buf sigjmp_buf;

#define setjmp(environment) ((void)(environment), 0)
#define longjmp(environment, value) ((void)(environment), (void)(value), fputs("longjmp: not in WebAssembly 2.0\n", stderr), abort())
#define sigsetjmp(environment, mask) setjmp(environment)
#define siglongjmp(environment, value) longjmp(environment, value)

#endif
