// Solves a triangular system of doubles: a sum whose order may not change.
#include "kernel.h"

enum { N = 250 };
static double l[N][N], x[N], b[N];

static NOINLINE void solve(void) {
    for (int i = 0; i < N; i++) {
        x[i] = b[i];
        for (int j = 0; j < i; j++) x[i] -= l[i][j] * x[j];
        x[i] /= l[i][i];
    }
}

u32 EXPORT(run)(u32 n) {
    for (int i = 0; i < N; i++) {
        b[i] = i;
        for (int j = 0; j <= i; j++) l[i][j] = (i + N - j + 1.) * 2 / N;
    }
    u32 sum = 0;
    for (u32 round = 0; round < n; round++) {
        b[round % N] += 1;
        solve();
        sum = mix_double(sum, x[(round * 31) % N]);
    }
    return sum;
}
