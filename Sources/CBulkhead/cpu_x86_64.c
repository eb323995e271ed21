// What this processor can do beyond the baseline.

#if defined(__x86_64__)

#include <stdio.h>

#include "internal.h"

bool bulkhead_cpu_has(uint32_t features, char *missing, size_t size) {
    __builtin_cpu_init();
    const struct {
        bulkhead_cpu_feature feature;
        const char *name;
        bool present;
    } known[] = {
        {BULKHEAD_CPU_SSE3, "sse3", __builtin_cpu_supports("sse3") != 0},
        {BULKHEAD_CPU_SSSE3, "ssse3", __builtin_cpu_supports("ssse3") != 0},
        {BULKHEAD_CPU_SSE4_1, "sse4.1", __builtin_cpu_supports("sse4.1") != 0},
        {BULKHEAD_CPU_SSE4_2, "sse4.2", __builtin_cpu_supports("sse4.2") != 0},
        {BULKHEAD_CPU_POPCNT, "popcnt", __builtin_cpu_supports("popcnt") != 0},
        {BULKHEAD_CPU_AVX, "avx", __builtin_cpu_supports("avx") != 0},
        {BULKHEAD_CPU_AVX2, "avx2", __builtin_cpu_supports("avx2") != 0},
        {BULKHEAD_CPU_BMI, "bmi", __builtin_cpu_supports("bmi") != 0},
        {BULKHEAD_CPU_BMI2, "bmi2", __builtin_cpu_supports("bmi2") != 0},
        {BULKHEAD_CPU_FMA, "fma", __builtin_cpu_supports("fma") != 0},
        {BULKHEAD_CPU_LZCNT, "lzcnt", __builtin_cpu_supports("lzcnt") != 0},
        {BULKHEAD_CPU_AVX512F, "avx512f", __builtin_cpu_supports("avx512f") != 0},
        {BULKHEAD_CPU_AVX512BW, "avx512bw", __builtin_cpu_supports("avx512bw") != 0},
        {BULKHEAD_CPU_AVX512DQ, "avx512dq", __builtin_cpu_supports("avx512dq") != 0},
        {BULKHEAD_CPU_AVX512VL, "avx512vl", __builtin_cpu_supports("avx512vl") != 0},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!(features & known[i].feature)) continue;
        features &= ~(uint32_t)known[i].feature;
        if (known[i].present) continue;
        snprintf(missing, size, "%s", known[i].name);
        return false;
    }
    if (features == 0) return true;
    snprintf(missing, size, "0x%x", features);
    return false;
}

bool bulkhead_has_slow_segments(void) {
    __builtin_cpu_init();
    return __builtin_cpu_is("intel") != 0;
}

#endif
