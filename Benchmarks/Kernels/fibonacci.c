// Calls and nothing else.
#include "kernel.h"

static NOINLINE u32 fibonacci(u32 n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

u32 EXPORT(run)(u32 n) {
    u32 sum = 0;
    for (u32 round = 0; round < n; round++) sum = mix(sum, fibonacci(20 + round % 3));
    return sum;
}
