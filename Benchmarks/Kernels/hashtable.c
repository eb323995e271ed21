// Counts keys in a table with open addressing.
#include "kernel.h"

enum { BITS = 14, SIZE = 1 << BITS };
typedef struct {
    u32 key, count;
} entry;
static entry entries[SIZE];

static NOINLINE u32 *find(u32 key) {
    u32 slot = key * 2654435769u >> (32 - BITS);
    while (entries[slot].key != key) {
        if (!entries[slot].key) {
            entries[slot].key = key;
            break;
        }
        slot = (slot + 1) & (SIZE - 1);
    }
    return &entries[slot].count;
}

u32 EXPORT(run)(u32 n) {
    u32 sum = 0, seed = 77;
    for (u32 round = 0; round < n; round++) {
        for (int i = 0; i < SIZE; i++) entries[i] = (entry){0, 0};
        for (int i = 0; i < 60000; i++) {
            u32 *count = find(next_random(&seed) % 9000 + 1);
            sum += ++*count;
        }
        sum = mix(sum, *find(round + 1));
    }
    return sum;
}
