// Encodes to base 64 and decodes again.
#include "kernel.h"

enum { N = 12000 };
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static u8 plain[N], text[N / 3 * 4], back[N], values[256];

static NOINLINE u32 encode(const u8 *from, u32 count, u8 *to) {
    u32 length = 0;
    for (u32 i = 0; i + 2 < count; i += 3) {
        u32 bits = (u32)from[i] << 16 | (u32)from[i + 1] << 8 | from[i + 2];
        to[length++] = (u8)alphabet[bits >> 18];
        to[length++] = (u8)alphabet[bits >> 12 & 63];
        to[length++] = (u8)alphabet[bits >> 6 & 63];
        to[length++] = (u8)alphabet[bits & 63];
    }
    return length;
}

static NOINLINE u32 decode(const u8 *from, u32 count, u8 *to) {
    u32 length = 0;
    for (u32 i = 0; i + 3 < count; i += 4) {
        u32 a = values[from[i]], b = values[from[i + 1]], c = values[from[i + 2]], d = values[from[i + 3]];
        if ((a | b | c | d) & 0x80) return 0;
        u32 bits = a << 18 | b << 12 | c << 6 | d;
        to[length++] = (u8)(bits >> 16);
        to[length++] = (u8)(bits >> 8);
        to[length++] = (u8)bits;
    }
    return length;
}

u32 EXPORT(run)(u32 n) {
    for (int i = 0; i < 256; i++) values[i] = 0xFF;
    for (int i = 0; i < 64; i++) values[(u8)alphabet[i]] = (u8)i;
    u32 seed = 9, sum = 0;
    for (int i = 0; i < N; i++) plain[i] = (u8)next_random(&seed);
    for (u32 round = 0; round < n; round++) {
        plain[round % N]++;
        u32 length = encode(plain, N, text);
        sum = mix(sum, decode(text, length, back));
        sum = mix(sum, back[(round * 13) % N]);
    }
    return sum;
}
