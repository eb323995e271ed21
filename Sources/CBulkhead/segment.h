// The segment register of this machine. Another machine has no such register, and `bulkhead_has_segments` says so.

#ifndef BULKHEAD_SEGMENT_H
#define BULKHEAD_SEGMENT_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__x86_64__) && defined(__linux__)

#include <asm/prctl.h>
#include <sys/syscall.h>

/// AT_HWCAP2 bit 1; CPUID says only what the processor could do if the kernel let it.
extern bool bulkhead_fsgsbase;

static inline int bulkhead_arch_prctl(int code, void *argument) {
    // Not through libc: this runs on the sandbox's stack, with nothing but these registers.
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "0"((long)SYS_arch_prctl), "D"((long)code), "S"(argument) : "rcx", "r11", "memory");
    return (int)result;
}

static inline uint8_t *bulkhead_segment_get(void) {
    uint8_t *base;
    if (__builtin_expect(bulkhead_fsgsbase, 1)) {
        __asm__ volatile("rdgsbase %0" : "=r"(base));
    } else {
        bulkhead_arch_prctl(ARCH_GET_GS, &base);
    }
    return base;
}

/// Reading costs a tenth of writing, so the register is written only where it differs. No copy of it is kept anywhere: a
/// second runtime in the process would make the copy a lie.
static inline void bulkhead_segment_require(uint8_t *base) {
    if (bulkhead_segment_get() == base) return;
    if (__builtin_expect(bulkhead_fsgsbase, 1)) {
        __asm__ volatile("wrgsbase %0" : : "r"(base) : "memory");
    } else {
        bulkhead_arch_prctl(ARCH_SET_GS, base);
    }
}

#else

static inline void bulkhead_segment_require(uint8_t *base) { (void)base; }

#endif

#endif
