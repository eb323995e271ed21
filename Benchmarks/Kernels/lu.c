// LU decomposition without pivoting, of a diagonally dominant matrix.
#include "kernel.h"

enum { N = 120 };
static double a[N][N];

static NOINLINE void fill(u32 round) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) a[i][j] = i == j ? N + (double)(round % 5) : (double)((i * 7 + j * 3) % 13) / 13;
}

static NOINLINE void decompose(void) {
    for (int k = 0; k < N; k++)
        for (int i = k + 1; i < N; i++) {
            double factor = a[i][k] / a[k][k];
            a[i][k] = factor;
            for (int j = k + 1; j < N; j++) a[i][j] -= factor * a[k][j];
        }
}

u32 EXPORT(run)(u32 n) {
    u32 sum = 0;
    for (u32 round = 0; round < n; round++) {
        fill(round);
        decompose();
        for (int i = 0; i < N; i++) sum = mix_double(sum, a[i][N - 1 - i]);
    }
    return sum;
}
