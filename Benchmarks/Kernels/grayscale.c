// Red, green and blue bytes to brightness.
#include "kernel.h"

enum { N = 6000 };
static u8 pixels[N * 3], gray[N + 8];

static NOINLINE void convert(const u8 *from, u32 count, u8 *to) {
    for (u32 i = 0; i < count; i++) to[i] = (u8)((from[3 * i] * 77 + from[3 * i + 1] * 151 + from[3 * i + 2] * 28) >> 8);
}

u32 EXPORT(run)(u32 n) {
    u32 seed = 17, sum = 0;
    for (int i = 0; i < N * 3; i++) pixels[i] = (u8)next_random(&seed);
    for (u32 round = 0; round < n; round++) {
        pixels[round % N]++;
        convert(pixels, N, gray + (round & 7));
        sum = mix(sum, gray[round % N]);
    }
    return sum;
}
