// ChaCha20 (RFC 8439), four blocks at a time, in a form that compilers vectorize.
#include "kernel.h"

enum { LANES = 4, BYTES = 4096 };
static u32 output[BYTES / 4];

#define ROTATE(a, by) ((a) << (by) | (a) >> (32 - (by)))
#define QUARTER(a, b, c, d)                                          \
    for (int i = 0; i < LANES; i++) {                                \
        x[a][i] += x[b][i]; x[d][i] = ROTATE(x[d][i] ^ x[a][i], 16); \
        x[c][i] += x[d][i]; x[b][i] = ROTATE(x[b][i] ^ x[c][i], 12); \
        x[a][i] += x[b][i]; x[d][i] = ROTATE(x[d][i] ^ x[a][i], 8);  \
        x[c][i] += x[d][i]; x[b][i] = ROTATE(x[b][i] ^ x[c][i], 7);  \
    }

static NOINLINE void blocks(const u32 *state, u32 counter, u32 *out) {
    u32 x[16][LANES];
    for (int w = 0; w < 16; w++)
        for (int i = 0; i < LANES; i++) x[w][i] = state[w] + (w == 12 ? counter + (u32)i : 0);
    for (int round = 0; round < 10; round++) {
        QUARTER(0, 4, 8, 12)
        QUARTER(1, 5, 9, 13)
        QUARTER(2, 6, 10, 14)
        QUARTER(3, 7, 11, 15)
        QUARTER(0, 5, 10, 15)
        QUARTER(1, 6, 11, 12)
        QUARTER(2, 7, 8, 13)
        QUARTER(3, 4, 9, 14)
    }
    for (int w = 0; w < 16; w++)
        for (int i = 0; i < LANES; i++)
            out[i * 16 + w] = x[w][i] + state[w] + (w == 12 ? counter + (u32)i : 0);
}

u32 EXPORT(run)(u32 n) {
    u32 state[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574}, sum = 0;
    for (u32 i = 4; i < 16; i++) state[i] = i * 0x01010101u;
    for (u32 round = 0; round < n; round++) {
        state[13] = round;
        for (u32 at = 0; at < BYTES / 4; at += 16 * LANES) blocks(state, at / 16, output + at);
        for (u32 i = 0; i < BYTES / 4; i += 61) sum = mix(sum, output[i]);
    }
    return sum;
}
