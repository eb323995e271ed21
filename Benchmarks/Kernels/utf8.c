// Validates UTF-8: a byte at a time by the ranges of the Unicode standard's table 3-7, with a fast path for ASCII.
#include "kernel.h"

enum { N = 40000 };
static u8 text[N + 8];

static NOINLINE u32 fill(void) {
    u32 seed = 5, length = 0;
    while (length < N - 4) {
        u32 random = next_random(&seed);
        u32 kind = random & 15;
        if (kind < 10) {
            for (u32 i = 0; i < 12 && length < N - 4; i++) text[length++] = (u8)(32 + (random >> i) % 90);
        } else if (kind < 13) {
            text[length++] = (u8)(0xC2 + (random >> 8) % 30);
            text[length++] = (u8)(0x80 | (random >> 16 & 63));
        } else if (kind < 15) {
            text[length++] = 0xE3;
            text[length++] = (u8)(0x80 | (random >> 8 & 63));
            text[length++] = (u8)(0x80 | (random >> 14 & 63));
        } else {
            text[length++] = 0xF0;
            text[length++] = (u8)(0x90 + (random >> 8 & 31));
            text[length++] = (u8)(0x80 | (random >> 14 & 63));
            text[length++] = (u8)(0x80 | (random >> 10 & 63));
        }
    }
    return length;
}

/// How many code points there are, or 0 with the place of the first error mixed in.
static NOINLINE u32 validate(const u8 *bytes, u32 count) {
    u32 points = 0;
    for (u32 i = 0; i < count;) {
        if (i + 8 <= count) {
            u64 eight;
            __builtin_memcpy(&eight, bytes + i, 8);
            if ((eight & 0x8080808080808080u) == 0) {
                points += 8;
                i += 8;
                continue;
            }
        }
        u8 first = bytes[i];
        u32 more;
        u8 low = 0x80, high = 0xBF;
        if (first < 0x80) more = 0;
        else if (first < 0xC2) return ~i;
        else if (first < 0xE0) more = 1;
        else if (first < 0xF0) {
            more = 2;
            if (first == 0xE0) low = 0xA0;
            if (first == 0xED) high = 0x9F;
        } else if (first < 0xF5) {
            more = 3;
            if (first == 0xF0) low = 0x90;
            if (first == 0xF4) high = 0x8F;
        } else return ~i;
        if (i + more >= count + (more == 0)) return ~i;
        for (u32 k = 1; k <= more; k++) {
            if (bytes[i + k] < low || bytes[i + k] > high) return ~i;
            low = 0x80;
            high = 0xBF;
        }
        points++;
        i += more + 1;
    }
    return points;
}

u32 EXPORT(run)(u32 n) {
    u32 length = fill(), sum = 0;
    for (u32 round = 0; round < n; round++) {
        u32 place = round * 997 % length;
        u8 kept = text[place];
        // Every other round has an error somewhere.
        if (round & 1) text[place] = 0xFF;
        sum = mix(sum, validate(text, length));
        text[place] = kept;
    }
    return sum;
}
