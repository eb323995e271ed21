// Sparse matrix (compressed rows) times vector, with indirect loads.
#include "kernel.h"

enum { ROWS = 500, PER_ROW = 60 };
static u32 starts[ROWS + 1], columns[ROWS * PER_ROW];
static double values[ROWS * PER_ROW], x[ROWS], y[ROWS];

static NOINLINE void multiply(void) {
    for (u32 i = 0; i < ROWS; i++) {
        double sum = 0;
        for (u32 k = starts[i]; k < starts[i + 1]; k++) sum += values[k] * x[columns[k]];
        y[i] = sum;
    }
}

u32 EXPORT(run)(u32 n) {
    u32 seed = 11, k = 0;
    for (u32 i = 0; i < ROWS; i++) {
        starts[i] = k;
        for (u32 j = 0; j < PER_ROW - i % 5; j++, k++) {
            columns[k] = next_random(&seed) % ROWS;
            values[k] = next_random(&seed) / 16777216. / PER_ROW;
        }
        x[i] = 1;
    }
    starts[ROWS] = k;
    for (u32 round = 0; round < n; round++) {
        multiply();
        for (u32 i = 0; i < ROWS; i++) x[i] = y[i] + 0.25;
    }
    u32 sum = 0;
    for (u32 i = 0; i < ROWS; i += 3) sum = mix_double(sum, y[i]);
    return sum;
}
