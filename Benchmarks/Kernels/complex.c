// Multiplies and adds vectors of complex numbers, real and imaginary parts side by side.
#include "kernel.h"

typedef struct {
    double re, im;
} complex;
enum { N = 700 };
static complex x[N], y[N], z[N];

static NOINLINE void multiply_add(u32 count, const complex *a, const complex *b, complex *sum) {
    for (u32 i = 0; i < count; i++) {
        sum[i].re += a[i].re * b[i].re - a[i].im * b[i].im;
        sum[i].im += a[i].re * b[i].im + a[i].im * b[i].re;
    }
}

u32 EXPORT(run)(u32 n) {
    for (int i = 0; i < N; i++) {
        x[i] = (complex){(i % 7) / 7. - 0.5, (i % 5) / 5. - 0.5};
        y[i] = (complex){(i % 11) / 11. - 0.5, (i % 3) / 3. - 0.5};
        z[i] = (complex){0, 0};
    }
    for (u32 round = 0; round < n; round++) multiply_add(N - round % 3, round & 1 ? x : y, round & 2 ? y : x, z);
    u32 sum = 0;
    for (int i = 0; i < N; i++) sum = mix_double(mix_double(sum, z[i].re), z[i].im);
    return sum;
}
