// Fast Fourier transform, radix 2, in place.
#include "kernel.h"

enum { LOG = 11, N = 1 << LOG };
static double re[N], im[N], cosine[N / 2], sine[N / 2];

static void twiddles(void) {
    // The first root by half-angle formulas, the others by multiplication.
    double c = -1, s = 0;
    for (int level = 1; level < LOG; level++) {
        double half = __builtin_sqrt((1 + c) / 2);
        s = level == 1 ? 1 : s / (2 * half);
        c = half;
    }
    cosine[0] = 1;
    sine[0] = 0;
    for (int i = 1; i < N / 2; i++) {
        cosine[i] = cosine[i - 1] * c - sine[i - 1] * s;
        sine[i] = cosine[i - 1] * s + sine[i - 1] * c;
    }
}

static NOINLINE void transform(void) {
    for (u32 i = 0, j = 0; i < N; i++) {
        if (i < j) {
            double t = re[i];
            re[i] = re[j];
            re[j] = t;
            t = im[i];
            im[i] = im[j];
            im[j] = t;
        }
        u32 bit = N >> 1;
        while (j & bit) {
            j ^= bit;
            bit >>= 1;
        }
        j |= bit;
    }
    for (u32 size = 2; size <= N; size *= 2) {
        u32 half = size / 2, stride = N / size;
        for (u32 start = 0; start < N; start += size) {
            for (u32 k = 0; k < half; k++) {
                double c = cosine[k * stride], s = sine[k * stride];
                u32 i = start + k, j = i + half;
                double x = re[j] * c - im[j] * s, y = re[j] * s + im[j] * c;
                re[j] = re[i] - x;
                im[j] = im[i] - y;
                re[i] += x;
                im[i] += y;
            }
        }
    }
}

u32 EXPORT(run)(u32 n) {
    twiddles();
    u32 sum = 0, seed = 3;
    for (u32 round = 0; round < n; round++) {
        for (int i = 0; i < N; i++) {
            re[i] = next_random(&seed) / 16777216.;
            im[i] = 0;
        }
        transform();
        sum = mix_double(mix_double(sum, re[round % N]), im[(round * 7) % N]);
    }
    return sum;
}
