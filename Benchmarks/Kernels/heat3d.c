// A seven-point stencil over a cube of doubles.
#include "kernel.h"

enum { N = 30 };
static double a[N][N][N], b[N][N][N];

static NOINLINE void sweep(double to[N][N][N], double from[N][N][N]) {
    for (int i = 1; i < N - 1; i++)
        for (int j = 1; j < N - 1; j++)
            for (int k = 1; k < N - 1; k++)
                to[i][j][k] = 0.125 * (from[i + 1][j][k] - 2 * from[i][j][k] + from[i - 1][j][k]) +
                              0.125 * (from[i][j + 1][k] - 2 * from[i][j][k] + from[i][j - 1][k]) +
                              0.125 * (from[i][j][k + 1] - 2 * from[i][j][k] + from[i][j][k - 1]) + from[i][j][k];
}

u32 EXPORT(run)(u32 n) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            for (int k = 0; k < N; k++) a[i][j][k] = b[i][j][k] = (i + j + (N - k)) * 10. / N;
    for (u32 round = 0; round < n; round++) {
        sweep(b, a);
        sweep(a, b);
    }
    u32 sum = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) sum = mix_double(sum, a[i][j][(i + j) % N]);
    return sum;
}
