// A five-point stencil over doubles.
#include "kernel.h"

enum { N = 100 };
static double a[N][N], b[N][N];

static NOINLINE void step(void) {
    for (int i = 1; i < N - 1; i++)
        for (int j = 1; j < N - 1; j++)
            b[i][j] = 0.2 * (a[i][j] + a[i][j - 1] + a[i][j + 1] + a[i + 1][j] + a[i - 1][j]);
    for (int i = 1; i < N - 1; i++)
        for (int j = 1; j < N - 1; j++)
            a[i][j] = 0.2 * (b[i][j] + b[i][j - 1] + b[i][j + 1] + b[i + 1][j] + b[i - 1][j]);
}

u32 EXPORT(run)(u32 n) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = (i * (j + 2.) + 2) / N;
            b[i][j] = (i * (j + 3.) + 3) / N;
        }
    u32 sum = 0;
    for (u32 round = 0; round < n; round++) step();
    for (int i = 0; i < N; i++) sum = mix_double(sum, a[i][(i * 7) % N]);
    return sum;
}
