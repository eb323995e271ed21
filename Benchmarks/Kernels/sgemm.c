// A matrix product of single precision, rows of one by rows of the other.
#include "kernel.h"

enum { N = 128 };
static float a[N][N], b[N][N], c[N][N];

static NOINLINE void multiply(void) {
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) c[i][j] = 0;
        for (int k = 0; k < N; k++) {
            float factor = a[i][k];
            for (int j = 0; j < N; j++) c[i][j] += factor * b[k][j];
        }
    }
}

u32 EXPORT(run)(u32 n) {
    u32 sum = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = (float)((i * 3 + j) % 17) / 17;
            b[i][j] = (float)((i + j * 5) % 19) / 19;
        }
    for (u32 round = 0; round < n; round++) {
        a[round % N][round * 3 % N] += 0.5f;
        multiply();
        sum = mix_double(sum, c[round % N][round * 7 % N]);
    }
    return sum;
}
