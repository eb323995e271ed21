// Product of two matrices of doubles, rows innermost.
#include "kernel.h"

enum { N = 160 };
static double a[N][N], b[N][N], c[N][N];

static NOINLINE void multiply(void) {
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) c[i][j] = 0;
        for (int k = 0; k < N; k++)
            for (int j = 0; j < N; j++) c[i][j] += a[i][k] * b[k][j];
    }
}

u32 EXPORT(run)(u32 n) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = (double)((i * j + 1) % N) / N;
            b[i][j] = (double)((i * (j + 2)) % N) / N;
        }
    u32 sum = 0;
    for (u32 round = 0; round < n; round++) {
        a[round % N][0] += 1;
        multiply();
        sum = mix_double(sum, c[round % N][(round * 7) % N]);
    }
    return sum;
}
