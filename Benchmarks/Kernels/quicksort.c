// Sorts random integers in place.
#include "kernel.h"

enum { N = 20000 };
static s32 items[N];

static NOINLINE void sort(s32 *low, s32 *high) {
    while (high - low > 12) {
        s32 pivot = low[(high - low) / 2];
        s32 *i = low - 1, *j = high + 1;
        for (;;) {
            do i++;
            while (*i < pivot);
            do j--;
            while (*j > pivot);
            if (i >= j) break;
            s32 t = *i;
            *i = *j;
            *j = t;
        }
        sort(low, j);
        low = j + 1;
    }
    for (s32 *i = low + 1; i <= high; i++) {
        s32 value = *i;
        s32 *j = i;
        while (j > low && j[-1] > value) {
            *j = j[-1];
            j--;
        }
        *j = value;
    }
}

u32 EXPORT(run)(u32 n) {
    u32 sum = 0, seed = 7;
    for (u32 round = 0; round < n; round++) {
        for (int i = 0; i < N; i++) items[i] = (s32)next_random(&seed);
        sort(items, items + N - 1);
        sum = mix(sum, (u32)items[(round * 1001) % N]);
    }
    return sum;
}
