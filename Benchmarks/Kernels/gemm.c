// C = alpha A B + beta C through pointers whose sizes are known only at run time, as libraries write it.
#include "kernel.h"

enum { MOST = 160 };
static double a[MOST * MOST], b[MOST * MOST], c[MOST * MOST];

static NOINLINE void gemm(
    u32 rows, u32 columns, u32 depth, double alpha, const double *left, const double *right, double beta, double *result) {
    for (u32 i = 0; i < rows; i++) {
        for (u32 j = 0; j < columns; j++) result[i * columns + j] *= beta;
        for (u32 k = 0; k < depth; k++)
            for (u32 j = 0; j < columns; j++)
                result[i * columns + j] += alpha * left[i * depth + k] * right[k * columns + j];
    }
}

u32 EXPORT(run)(u32 n) {
    u32 seed = 5;
    for (int i = 0; i < MOST * MOST; i++) {
        a[i] = next_random(&seed) / 16777216.;
        b[i] = next_random(&seed) / 16777216.;
        c[i] = 0;
    }
    u32 sum = 0;
    for (u32 round = 0; round < n; round++) {
        gemm(150, 140, 160, 0.75, a, b, 0.5, c);
        sum = mix_double(sum, c[(round * 97) % (150 * 140)]);
    }
    return sum;
}
