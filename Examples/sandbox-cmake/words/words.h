#include <stddef.h>

/// How many words a text has.
size_t words_count(const char *text, size_t length);

/// The longest word, in memory of its own that is the caller's to free, ending in a zero; null if there is none.
char *words_longest(const char *text, size_t length);
