// Hunspell stops looking for suggestions when its time is up, so that what it finds would depend on how busy the machine is. Here it
// gets a clock that counts how often it is looked at: Hunspell has no need of the system's, stops after the same amount of work
// each time, and finds the same. How long it may really take is the host's to say.

#pragma once

#include <time.h>

#ifdef __cplusplus

// A quarter of it is what Hunspell allows itself: it looks at the clock once for every compound that it tries.
#undef CLOCKS_PER_SEC
#define CLOCKS_PER_SEC 40000000

inline clock_t looks_at_the_clock() {
    // In direct mode there are threads.
    static thread_local clock_t count = 0;
    return ++count;
}

#define clock() looks_at_the_clock()

#endif
