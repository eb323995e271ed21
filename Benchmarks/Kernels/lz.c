// Compresses with matches found through a hash of four bytes, and expands again.
#include "kernel.h"

enum { N = 50000, BITS = 13 };
static u8 plain[N + 16], packed[2 * N], back[N + 300];
static u32 heads[1 << BITS];

static u32 four(const u8 *bytes) {
    u32 value;
    __builtin_memcpy(&value, bytes, 4);
    return value;
}

/// Runs of literals and matches: a count byte and bytes, or 128 + length - 4 and a distance of two bytes.
static NOINLINE u32 pack(void) {
    u32 out = 0, start = 0, i = 0;
    for (u32 k = 0; k < 1 << BITS; k++) heads[k] = 0;
    while (i < N) {
        u32 length = 0, distance = 0;
        if (i + 4 <= N) {
            u32 hash = four(plain + i) * 2654435761u >> (32 - BITS);
            u32 from = heads[hash];
            heads[hash] = i + 1;
            if (from && i - (from - 1) < 65536 && four(plain + from - 1) == four(plain + i)) {
                distance = i - (from - 1);
                length = 4;
                while (length < 131 && i + length < N && plain[i + length - distance] == plain[i + length]) length++;
            }
        }
        if (length == 0) i++;
        if (length || i - start == 127 || i == N) {
            if (i > start) {
                packed[out++] = (u8)(i - start);
                while (start < i) packed[out++] = plain[start++];
            }
            if (length) {
                packed[out++] = (u8)(128 + length - 4);
                packed[out++] = (u8)distance;
                packed[out++] = (u8)(distance >> 8);
                start = i += length;
            }
        }
    }
    return out;
}

static NOINLINE u32 expand(u32 count) {
    u32 out = 0;
    for (u32 i = 0; i < count;) {
        u32 control = packed[i++];
        if (control < 128) {
            while (control--) back[out++] = packed[i++];
        } else {
            u32 length = control - 128 + 4, distance = packed[i] | (u32)packed[i + 1] << 8;
            i += 2;
            for (; length; length--, out++) back[out] = back[out - distance];
        }
    }
    return out;
}

u32 EXPORT(run)(u32 n) {
    u32 seed = 11, sum = 0;
    for (u32 i = 0; i < N;) {
        u32 random = next_random(&seed);
        if (i > 100 && (random & 3)) {
            u32 from = (random >> 8) % (i - 50), length = 4 + (random >> 2 & 31);
            while (length-- && i < N) plain[i++] = plain[from++];
        } else plain[i++] = (u8)(random >> 4);
    }
    for (u32 round = 0; round < n; round++) {
        plain[round * 31 % N]++;
        u32 count = pack(), length = expand(count);
        u32 same = 1;
        for (u32 i = 0; i < N; i += 97) same &= plain[i] == back[i];
        sum = mix(sum, count * 2 + same + length);
    }
    return sum;
}
