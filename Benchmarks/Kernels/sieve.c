// Primes below 2^17 by the sieve of Eratosthenes, a byte each.
#include "kernel.h"

enum { N = 1 << 17 };
static u8 composite[N];

static NOINLINE u32 count_primes(void) {
    for (u32 i = 0; i < N; i++) composite[i] = 0;
    u32 count = 0;
    for (u32 i = 2; i < N; i++) {
        if (composite[i]) continue;
        count++;
        if (i < 363)
            for (u32 j = i * i; j < N; j += i) composite[j] = 1;
    }
    return count;
}

u32 EXPORT(run)(u32 n) {
    u32 sum = 0;
    for (u32 round = 0; round < n; round++) sum = mix(sum, count_primes() + round);
    return sum;
}
