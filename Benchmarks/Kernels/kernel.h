// What every kernel starts from: no C library, so that the same source builds for wasm32 with nothing but clang.
//
// A kernel is one file with `run(n)`: n rounds of its work, from the same state each time, and a checksum that depends on all of
// it. Native and sandboxed builds must return the same bits.

#ifndef KERNEL_H
#define KERNEL_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int s32;

#define EXPORT(name) __attribute__((visibility("default"), used)) name
#define NOINLINE __attribute__((noinline))

u32 run(u32 n);

/// Numerical Recipes' linear congruential generator; the high bits are the random ones.
static inline u32 next_random(u32 *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static inline u32 mix(u32 sum, u32 value) { return (sum ^ value) * 0x01000193u; }

/// The bits of a double, so that a checksum sees the last of them.
static inline u32 mix_double(u32 sum, double value) {
    u64 bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return mix(mix(sum, (u32)bits), (u32)(bits >> 32));
}

#endif
