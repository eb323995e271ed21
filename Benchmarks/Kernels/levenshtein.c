// Edit distance of two strings, one row of the table at a time.
#include "kernel.h"

enum { N = 500 };
static u8 first[N], second[N];
static u32 row[N + 1];

static inline u32 smaller(u32 a, u32 b) { return a < b ? a : b; }

static NOINLINE u32 distance(void) {
    for (u32 j = 0; j <= N; j++) row[j] = j;
    for (u32 i = 0; i < N; i++) {
        u32 diagonal = row[0];
        row[0] = i + 1;
        for (u32 j = 0; j < N; j++) {
            u32 above = row[j + 1];
            row[j + 1] = smaller(diagonal + (first[i] != second[j]), smaller(above, row[j]) + 1);
            diagonal = above;
        }
    }
    return row[N];
}

u32 EXPORT(run)(u32 n) {
    u32 seed = 31, sum = 0;
    for (int i = 0; i < N; i++) {
        first[i] = (u8)(next_random(&seed) % 20);
        second[i] = (u8)(next_random(&seed) % 20);
    }
    for (u32 round = 0; round < n; round++) {
        first[round % N] ^= 1;
        sum = mix(sum, distance());
    }
    return sum;
}
