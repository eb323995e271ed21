// PKRU, the register of memory protection keys: two bits a key, 1 "no access", 2 "no writing".
//
// Only the bits of the runtime's own keys are ever changed. The host runs with all of them open; sandboxed code whose memory has a key
// runs with all but that one closed. Intel SDM, volume 3, 4.6.2.

#ifndef BULKHEAD_KEYS_H
#define BULKHEAD_KEYS_H

#include "bulkhead.h"

/// Closes the runtime's keys but the one whose two bits are `own`.
static inline void bulkhead_keys_restrict(uint32_t own) {
#if defined(__x86_64__) && defined(__linux__)
    uint32_t ours = __atomic_load_n(&bulkhead_pkru_mask, __ATOMIC_RELAXED);
    uint32_t found = bulkhead_pkru_read();
    // The low bit of each pair denies reading, and with it writing.
    uint32_t wanted = (found & ~ours) | (ours & ~own & 0x55555555);
    if (found != wanted) bulkhead_pkru_write(wanted);
#else
    (void)own;
#endif
}

#endif
