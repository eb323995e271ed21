// Ackermann's function and Takeuchi's: deep recursion with two and three arguments.
#include "kernel.h"

static NOINLINE u32 ackermann(u32 m, u32 n) {
    if (m == 0) return n + 1;
    if (n == 0) return ackermann(m - 1, 1);
    return ackermann(m - 1, ackermann(m, n - 1));
}

static NOINLINE s32 takeuchi(s32 x, s32 y, s32 z) {
    if (y >= x) return z;
    return takeuchi(takeuchi(x - 1, y, z), takeuchi(y - 1, z, x), takeuchi(z - 1, x, y));
}

u32 EXPORT(run)(u32 n) {
    u32 sum = 0;
    for (u32 round = 0; round < n; round++) {
        sum = mix(sum, ackermann(2, 60 + round % 3));
        sum = mix(sum, (u32)takeuchi(12, 8, (s32)(round % 4)));
    }
    return sum;
}
