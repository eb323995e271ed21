// Hunspell stops looking for suggestions when its time is up, so that what it finds depends on how busy the machine is. Here the
// host limits the time: with a clock that stands still the library needs none, and finds the same each time.

#include <time.h>

#define clock() ((clock_t)0)
