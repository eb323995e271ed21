// Finds a string in a text: Horspool's algorithm, and the plain one for short patterns.
#include "kernel.h"

enum { N = 60000 };
static u8 text[N];

static NOINLINE u32 find_long(const u8 *pattern, u32 length) {
    u8 skip[256];
    u32 found = 0;
    for (int i = 0; i < 256; i++) skip[i] = (u8)length;
    for (u32 i = 0; i + 1 < length; i++) skip[pattern[i]] = (u8)(length - 1 - i);
    for (u32 at = 0; at + length <= N;) {
        u32 i = length;
        while (i && text[at + i - 1] == pattern[i - 1]) i--;
        if (!i) found = mix(found, at);
        at += skip[text[at + length - 1]];
    }
    return found;
}

static NOINLINE u32 find_short(const u8 *pattern, u32 length) {
    u32 found = 0;
    for (u32 at = 0; at + length <= N; at++) {
        if (text[at] != pattern[0]) continue;
        u32 i = 1;
        while (i < length && text[at + i] == pattern[i]) i++;
        if (i == length) found = mix(found, at);
    }
    return found;
}

u32 EXPORT(run)(u32 n) {
    u32 seed = 8, sum = 0;
    for (u32 i = 0; i < N; i++) text[i] = (u8)("etaoin shrdlu"[next_random(&seed) % 13]);
    for (u32 round = 0; round < n; round++) {
        u8 pattern[16];
        u32 from = round * 7919 % (N - 16);
        for (int i = 0; i < 16; i++) pattern[i] = text[from + (u32)i];
        sum = mix(sum, find_long(pattern, 5 + round % 11));
        sum = mix(sum, find_short(pattern, 3));
    }
    return sum;
}
