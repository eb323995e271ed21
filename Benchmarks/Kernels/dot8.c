// Dot products of signed bytes, summed in 32 bits: what quantized networks do.
#include "kernel.h"

enum { N = 4096, ROWS = 16 };
static signed char weights[ROWS][N], input[N];

static NOINLINE s32 dot(const signed char *a, const signed char *b) {
    s32 sum = 0;
    for (int i = 0; i < N; i++) sum += a[i] * b[i];
    return sum;
}

u32 EXPORT(run)(u32 n) {
    u32 seed = 2, sum = 0;
    for (int i = 0; i < N; i++) input[i] = (signed char)next_random(&seed);
    for (int row = 0; row < ROWS; row++)
        for (int i = 0; i < N; i++) weights[row][i] = (signed char)next_random(&seed);
    for (u32 round = 0; round < n; round++) {
        input[round % N]++;
        for (int row = 0; row < ROWS; row++) sum = mix(sum, (u32)dot(weights[row], input));
    }
    return sum;
}
