// y = a x + y over doubles, the vectors given by pointer.
#include "kernel.h"

enum { N = 1200 };
static double x[N], y[N], z[N];

static NOINLINE void axpy(u32 count, double scale, const double *from, double *to) {
    for (u32 i = 0; i < count; i++) to[i] += scale * from[i];
}

u32 EXPORT(run)(u32 n) {
    for (int i = 0; i < N; i++) {
        x[i] = (i % 17) / 17.;
        y[i] = z[i] = (i % 13) / 13.;
    }
    for (u32 round = 0; round < n; round++) axpy(N - round % 3, round & 1 ? -0.5 : 0.5, x, round & 2 ? y : z);
    u32 sum = 0;
    for (int i = 0; i < N; i++) sum = mix_double(mix_double(sum, y[i]), z[i]);
    return sum;
}
