// A three-point stencil over doubles, back and forth between two arrays.
#include "kernel.h"

enum { N = 1200 };
static double a[N], b[N];

static NOINLINE void step(void) {
    for (int i = 1; i < N - 1; i++) b[i] = 0.33333 * (a[i - 1] + a[i] + a[i + 1]);
    for (int i = 1; i < N - 1; i++) a[i] = 0.33333 * (b[i - 1] + b[i] + b[i + 1]);
}

u32 EXPORT(run)(u32 n) {
    for (int i = 0; i < N; i++) {
        a[i] = (i + 2.) / N;
        b[i] = (i + 3.) / N;
    }
    u32 sum = 0;
    for (u32 round = 0; round < n; round++) step();
    for (int i = 0; i < N; i++) sum = mix_double(sum, a[i]);
    return sum;
}
